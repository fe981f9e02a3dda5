// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/command.h"

#include "ui/kit/tooltip.h"

#include <QtCore/QCoreApplication>
#include <QtGui/QAction>
#include <QtGui/QIcon>
#include <QtGui/QShortcut>
#include <QtWidgets/QMenu>

namespace parapet::shell {

struct CommandRegistry::Entry {
    Command command;
    QObject *owner = nullptr; ///< compared only; its death removes the entry
    bool global = false;
};

CommandRegistry::CommandRegistry(QObject *parent) : QObject(parent)
{
}

CommandRegistry::~CommandRegistry() = default;

void CommandRegistry::add(QObject *owner, const QVector<Command> &commands)
{
    insert(owner, commands, false);
}

void CommandRegistry::addGlobal(QObject *owner, const QVector<Command> &commands)
{
    insert(owner, commands, true);
}

void CommandRegistry::insert(QObject *owner, const QVector<Command> &commands, bool global)
{
    for (const Command &command : commands) {
        Q_ASSERT_X(std::none_of(m_entries.begin(), m_entries.end(),
                                [&](const auto &entry) {
                                    return entry->command.id == command.id &&
                                           (entry->owner == owner || entry->global || global);
                                }),
                   "CommandRegistry::add", qPrintable(command.id));
        m_entries.push_back(std::make_unique<Entry>(Entry{command, owner, global}));
    }
    if (owner)
        connect(owner, &QObject::destroyed, this, [this, owner] { remove(owner); });
    rebuildShortcuts();
    Q_EMIT changed();
}

void CommandRegistry::remove(QObject *owner)
{
    if (std::erase_if(m_entries, [owner](const auto &entry) { return entry->owner == owner; }) == 0)
        return;
    rebuildShortcuts();
    Q_EMIT changed();
}

void CommandRegistry::setActive(QObject *owner)
{
    m_active = owner;
    m_objects = 0;
    m_objectName.clear();
    rebuildShortcuts();
    Q_EMIT changed();
}

void CommandRegistry::setContext(const CommandContext &context)
{
    m_context = context;
    Q_EMIT changed();
}

void CommandRegistry::setObjects(int count, const QString &name)
{
    if (count == m_objects && name == m_objectName)
        return;
    m_objects = count;
    m_objectName = name;
    Q_EMIT changed();
}

void CommandRegistry::refresh()
{
    Q_EMIT changed();
}

bool CommandRegistry::inForce(const Entry &entry) const
{
    return entry.global || (m_active && entry.owner == m_active);
}

QVector<const Command *> CommandRegistry::commands() const
{
    QVector<const Command *> list;
    for (const bool global : {false, true}) {
        for (const auto &entry : m_entries) {
            if (entry->global == global && inForce(*entry))
                list.append(&entry->command);
        }
    }
    return list;
}

const CommandRegistry::Entry *CommandRegistry::entry(const QString &id) const
{
    for (const auto &entry : m_entries) {
        if (entry->command.id == id && inForce(*entry))
            return entry.get();
    }
    return nullptr;
}

const Command *CommandRegistry::find(const QString &id) const
{
    const Entry *found = entry(id);
    return found ? &found->command : nullptr;
}

Availability CommandRegistry::availability(const Command &command) const
{
    if (command.needs.testFlag(NeedsOnline) && !m_context.online.enabled)
        return m_context.online;
    if (command.needs.testFlag(NeedsOneObject) && m_objects != 1)
        return Availability::no(m_objects == 0 ? tr("Choose a row first.") : tr("Works on one row only."));
    if (command.needs.testFlag(NeedsObjects) && m_objects == 0)
        return Availability::no(tr("Choose a row first."));
    if (!command.right.isEmpty() && m_context.may) {
        const Availability right = m_context.may(command.right);
        if (!right.enabled)
            return right;
    }
    return command.condition ? command.condition() : Availability::yes();
}

Availability CommandRegistry::trigger(const QString &id)
{
    const Entry *found = entry(id);
    if (!found)
        return Availability::no(tr("There is no such command here."));
    // A copy: running may take the page, and with it the command, away.
    const Command command = found->command;
    const Availability available = availability(command);
    if (available.enabled)
        command.run();
    else
        Q_EMIT refused(command.text, available.reason);
    return available;
}

QAction *CommandRegistry::createAction(const QString &id, QObject *parent)
{
    auto *action = new QAction(parent);
    const auto follow = [this, id, action] {
        const Command *command = find(id);
        action->setVisible(command);
        if (!command) {
            action->setEnabled(false);
            return;
        }
        const Availability available = availability(*command);
        action->setText(command->shortcut.isEmpty()
                            ? command->text
                            : command->text + u'\t' + command->shortcut.toString(QKeySequence::NativeText));
        action->setEnabled(available.enabled);
        action->setToolTip(kit::plainToolTip(available.enabled ? command->hint : available.reason));
        const bool danger =
            command->kind == kit::Button::Kind::Danger || command->kind == kit::Button::Kind::DangerOutline;
        action->setProperty("danger", danger);
        if (command->icon != kit::Icon::None) {
            const kit::Theme &look = kit::theme(nullptr);
            const int side = look.scaled(kit::size::icon);
            QIcon icon(
                kit::iconPixmap(command->icon, look.color(danger ? kit::Role::Critical : kit::Role::Text2), 1, side));
            icon.addPixmap(kit::iconPixmap(command->icon, look.color(kit::Role::TextDisabled), 1, side),
                           QIcon::Disabled);
            action->setIcon(icon);
        }
    };
    follow();
    connect(this, &CommandRegistry::changed, action, follow);
    connect(action, &QAction::triggered, this, [this, id] { trigger(id); });
    return action;
}

kit::Button *CommandRegistry::createButton(const QString &id, QWidget *parent, const ButtonLook &look)
{
    auto *button = new kit::Button(QString(), parent);
    const auto follow = [this, id, button, look] {
        const Command *command = find(id);
        if (!command) {
            // Its page is not shown; neither is the button.
            button->setAvailable(false);
            return;
        }
        const Availability available = availability(*command);
        button->setText(command->text);
        button->setGlyph(command->icon);
        button->setKind(look.kind.value_or(command->kind));
        const QString key = command->shortcut.toString(QKeySequence::NativeText).replace(u'+', u' ');
        if (look.showKey)
            button->setKeyHint(key);
        else if (!key.isEmpty())
            button->setToolTip(tr("%1 (%2)").arg(command->text, key));
        button->setAvailable(available.enabled, available.reason);
    };
    follow();
    connect(this, &CommandRegistry::changed, button, follow);
    connect(button, &QAbstractButton::clicked, this, [this, id] { trigger(id); });
    return button;
}

QMenu *CommandRegistry::createMenu(const QStringList &ids, QWidget *parent)
{
    auto *menu = new QMenu(parent);
    menu->setToolTipsVisible(true);
    for (const QString &id : ids) {
        if (id.isEmpty())
            menu->addSeparator();
        else
            menu->addAction(createAction(id, menu));
    }
    return menu;
}

void CommandRegistry::installShortcuts(QWidget *window)
{
    m_window = window;
    rebuildShortcuts();
}

void CommandRegistry::rebuildShortcuts()
{
    qDeleteAll(m_shortcuts);
    m_shortcuts.clear();
    if (!m_window)
        return;
    for (const auto &entry : m_entries) {
        if (entry->command.shortcut.isEmpty() || !inForce(*entry))
            continue;
        auto *shortcut = new QShortcut(entry->command.shortcut, m_window);
        shortcut->setAutoRepeat(false);
        connect(shortcut, &QShortcut::activated, this, [this, id = entry->command.id] {
            // Deferred by one turn: the command may rebuild the very shortcuts.
            QMetaObject::invokeMethod(
                this, [this, id] { trigger(id); }, Qt::QueuedConnection);
        });
        m_shortcuts.append(shortcut);
    }
}

} // namespace parapet::shell
