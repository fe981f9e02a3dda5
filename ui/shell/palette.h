// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/overlay.h"
#include "ui/shell/paletteprovider.h"

#include <QtCore/QElapsedTimer>

class QLineEdit;
class QListView;

namespace parapet::kit {
class RunLine;
}

namespace parapet::shell {

/// Ctrl+K: any place, object or command by a few letters. Rows of several providers, in their order, as their answers
/// come; by keyboard alone: arrows choose, Enter opens, Tab shows the commands of an object, Esc closes.
class Palette : public kit::Overlay
{
    Q_OBJECT

public:
    explicit Palette(QWidget *host);
    ~Palette() override;

    /// Not owned; asked in the order of adding.
    void addProvider(PaletteProvider *provider);
    void open(const QString &needle = {});

    QLineEdit *edit() const { return m_edit; }
    QListView *list() const { return m_list; }
    /// "10 of 31, 4 ms".
    QString summary() const;
    /// True while an answer is awaited.
    bool isSearching() const { return m_pending > 0; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Source;
    void search();
    void cancelAll();
    void show(Source &source, const PaletteAnswer &answer);
    void rebuild();
    void move(int by);
    void run();
    void showCommandsOfCurrent();
    void updateSummary();

    std::vector<std::unique_ptr<Source>> m_sources;
    class PaletteModel *m_model;
    kit::RunLine *m_prefixes;
    QLineEdit *m_edit;
    QListView *m_list;
    class PaletteFoot *m_foot;
    QElapsedTimer m_clock;
    qint64 m_took = 0;
    int m_pending = 0;
    quint64 m_generation = 0;
    bool m_onObject = false;
};

/// The commands in force: those on the current object first; ">" lists all.
class CommandProvider : public PaletteProvider
{
    Q_OBJECT

public:
    /// `onObject`: only those on the current object, under "Commands on NAME"; otherwise all the others.
    CommandProvider(CommandRegistry &registry, bool onObject, QObject *parent = nullptr);
    QString heading() const override;
    QChar prefix() const override { return u'>'; }
    Reply<PaletteAnswer> search(const QString &needle) override;

private:
    CommandRegistry &m_registry;
    bool m_onObject;
};

/// The pages of the rail.
class PlaceProvider : public PaletteProvider
{
    Q_OBJECT

public:
    struct Place {
        QString title;
        kit::Icon icon;
        QString note;
        std::function<void()> go;
    };
    explicit PlaceProvider(QVector<Place> places, QObject *parent = nullptr);
    QString heading() const override;
    QChar prefix() const override { return u'#'; }
    Reply<PaletteAnswer> search(const QString &needle) override;

private:
    QVector<Place> m_places;
};

} // namespace parapet::shell
