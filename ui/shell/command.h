// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/button.h"

#include <QtCore/QHash>
#include <QtCore/QObject>
#include <QtCore/QPointer>
#include <QtCore/QVector>
#include <QtGui/QKeySequence>

#include <functional>
#include <memory>
#include <vector>

class QAction;
class QMenu;
class QShortcut;

namespace parapet::shell {

/// Whether something can be started now, and if not, why, in a sentence.
struct Availability {
    bool enabled = true;
    QString reason;
    static Availability yes() { return {}; }
    static Availability no(QString why) { return {false, std::move(why)}; }
};

/// What a command needs before it can run; checked by CommandRegistry::availability() alone.
enum Need {
    NeedsNothing = 0,
    NeedsOnline = 1,    ///< a live connection
    NeedsObjects = 2,   ///< at least one checked or current object
    NeedsOneObject = 4, ///< exactly one
};
Q_DECLARE_FLAGS(Needs, Need)

/// What a person can start. Menus, buttons, the palette and context menus are views of it.
struct Command {
    QString id;   ///< "workspace.revoke": stable, untranslated
    QString text; ///< "Revoke…": an ellipsis when it asks first
    QString hint; ///< "evidence first, ends in a certificate"
    kit::Icon icon = kit::Icon::None;
    QKeySequence shortcut;
    kit::Button::Kind kind = kit::Button::Kind::Normal;
    Needs needs = NeedsNothing;
    QString right; ///< "workspace:revoke"; empty: none
    /// A further condition of its own; may be null.
    std::function<Availability()> condition;
    std::function<void()> run;
    bool onObject = false; ///< listed in the palette under the current object
};

/// What holds now, for all commands. Set by the window; pages set the objects.
struct CommandContext {
    Availability online;                                   ///< no, with since when
    std::function<Availability(const QString &right)> may; ///< null: nothing is asked
};

/// How a button differs from its command's own look.
struct ButtonLook {
    std::optional<kit::Button::Kind> kind;
    bool showKey = true; ///< false where there is no room: the tooltip still names the key
};

/// The one list of commands. Those of a page are in force only while the page is shown.
class CommandRegistry : public QObject
{
    Q_OBJECT

public:
    explicit CommandRegistry(QObject *parent = nullptr);
    ~CommandRegistry() override;

    /// Adds the commands of a page: in force while it is active. They go when the owner dies. An id that is in force
    /// twice is a programming error.
    void add(QObject *owner, const QVector<Command> &commands);
    /// Adds commands that are in force everywhere, as long as their owner lives.
    void addGlobal(QObject *owner, const QVector<Command> &commands);
    void remove(QObject *owner);
    /// Whose commands are in force beside the global ones.
    void setActive(QObject *owner);
    QObject *active() const { return m_active; }

    void setContext(const CommandContext &context);
    /// How many objects the active page's commands would act on, and the name of the current one (safe to draw).
    void setObjects(int count, const QString &name);
    int objectCount() const { return m_objects; }
    const QString &objectName() const { return m_objectName; }
    /// Something that a condition reads has changed.
    void refresh();

    /// The commands in force, global ones last, in the order of adding.
    QVector<const Command *> commands() const;
    const Command *find(const QString &id) const;
    /// The one function that decides.
    Availability availability(const Command &command) const;
    /// Runs it if it is available; otherwise says why.
    Availability trigger(const QString &id);

    /// A view of a command that stays right: text, icon, shortcut, enabled, reason. Owned by `parent`.
    QAction *createAction(const QString &id, QObject *parent);
    kit::Button *createButton(const QString &id, QWidget *parent, const ButtonLook &look = {});
    QMenu *createMenu(const QStringList &ids, QWidget *parent);

    /// Installs the shortcuts on a window; they act only while their command is in force.
    void installShortcuts(QWidget *window);

Q_SIGNALS:
    /// Commands, context or objects changed: views look again.
    void changed();
    /// A command was asked for and could not run: the sentence to show.
    void refused(const QString &commandText, const QString &reason);

private:
    struct Entry;
    void insert(QObject *owner, const QVector<Command> &commands, bool global);
    const Entry *entry(const QString &id) const;
    bool inForce(const Entry &entry) const;
    void rebuildShortcuts();

    std::vector<std::unique_ptr<Entry>> m_entries;
    QPointer<QObject> m_active;
    CommandContext m_context;
    int m_objects = 0;
    QString m_objectName;
    QPointer<QWidget> m_window;
    QVector<QShortcut *> m_shortcuts;
};

} // namespace parapet::shell

Q_DECLARE_OPERATORS_FOR_FLAGS(parapet::shell::Needs)
