// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/eventnotes.h"
#include "ui/kit/overlay.h"

#include <QtCore/QAbstractTableModel>

#include <optional>

namespace parapet::kit {
class Button;
class RunLine;
class StatePage;
class TableView;
}

namespace parapet::pages {

/// The bookmarked events as a filter ("index:3,17"), the newest where they are more than a filter can name; empty without any.
QString bookmarkFilter(const fleet::EventNotes &notes);
/// At so many the filter stops.
inline constexpr int mostBookmarksShown = 200;

/// Bookmarks and notes as rows, newest event first.
class NotesModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    explicit NotesModel(const fleet::EventNotes &notes, QObject *parent = nullptr);
    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_all.size()); }
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : 6; }
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    const QVector<fleet::EventNote> &notes() const { return m_all; }
    void reload();

private:
    const fleet::EventNotes &m_notes;
    QVector<fleet::EventNote> m_all;
};

/// All bookmarks and notes of this desk on the system's events; Enter leads to the event. Presents itself, and deletes itself when it
/// closes.
class NotesSheet : public kit::Overlay
{
    Q_OBJECT

public:
    /// `notes` lives longer.
    NotesSheet(QWidget *host, fleet::EventNotes &notes);
    kit::TableView *table() const { return m_table; }
    NotesModel *model() const { return m_model; }

Q_SIGNALS:
    void eventRequested(qint64 index);
    /// Show these events in the table.
    void filterRequested(const QString &filter);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void showList();
    void removeCurrent();
    void exportNotes(const QPoint &at);
    void say(const QString &sentence, bool bad = false);

    fleet::EventNotes &m_notes;
    NotesModel *m_model;
    kit::TableView *m_table;
    kit::StatePage *m_states;
    kit::RunLine *m_told;
    kit::Button *m_filter;
    kit::Button *m_remove;
    kit::Button *m_undo;
    kit::Button *m_export;
    std::optional<fleet::EventNote> m_removed;
};

} // namespace parapet::pages
