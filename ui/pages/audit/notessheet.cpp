// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/notessheet.h"

#include "models/items/roles.h"
#include "models/query/printer.h"
#include "ui/kit/parts.h"
#include "ui/kit/statepage.h"
#include "ui/kit/tableview.h"
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"
#include "ui/listing/textexporter.h"

#include <QtGui/QKeyEvent>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QMenu>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using kit::Role;
using kit::Type;

QString bookmarkFilter(const fleet::EventNotes &notes)
{
    const QVector<qint64> all = notes.bookmarked();
    QStringList values;
    for (const qint64 index : all.mid(std::max<qsizetype>(0, all.size() - mostBookmarksShown)))
        values << QString::number(index);
    return values.isEmpty() ? QString() : query::term(u"index"_s, query::Operator::Is, values);
}

NotesModel::NotesModel(const fleet::EventNotes &notes, QObject *parent) : QAbstractTableModel(parent), m_notes(notes), m_all(notes.all())
{
}

void NotesModel::reload()
{
    beginResetModel();
    m_all = m_notes.all();
    endResetModel();
}

QVariant NotesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const fleet::EventNote &note = m_all.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        switch (index.column()) {
        case 0:
            return note.bookmarked ? (note.text.isEmpty() ? tr("bookmarked") : tr("bookmarked, with a note")) : tr("with a note");
        case 1:
            return kit::numberText(note.index);
        case 2:
            return kit::localDateTime(note.time);
        case 3:
            return note.actor;
        case 4:
            return note.action;
        default:
            return QString(note.text).replace(u'\n', u" · "_s);
        }
    case Qt::ToolTipRole:
        return index.column() == 5 ? note.text : QString();
    case NotedRole:
        return index.column() == 0 ? (note.bookmarked ? BookmarkedRow : 0) | (note.text.isEmpty() ? 0 : RowWithNote) : 0;
    case CopyRole:
        return index.column() == 5 ? note.text : QString();
    case KeyRole:
        return QString::number(note.index);
    case LoadStateRole:
        return int(LoadState::Loaded);
    default:
        return {};
    }
}

QVariant NotesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QString titles[] = {tr("Kind"), tr("Leaf"), tr("Time"), tr("Who"), tr("What"), tr("Note")};
    return section >= 0 && section < 6 ? titles[section] : QString();
}

NotesSheet::NotesSheet(QWidget *host, fleet::EventNotes &notes)
    : Overlay(host), m_notes(notes), m_model(new NotesModel(notes, this)), m_table(new kit::TableView(panel())), m_told(new kit::RunLine(panel()))
{
    setName(tr("Bookmarks and notes"));
    setPanelSize({900, 560});
    auto *column = new QVBoxLayout(panel());
    column->setContentsMargins(0, kit::space::l, 0, kit::space::m);
    column->setSpacing(kit::space::s);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(kit::space::xl, 0, kit::space::m, 0);
    auto *close = new kit::Button(tr("Close"), kit::Icon::Close, kit::Button::Kind::Ghost, panel());
    close->setIconOnly(true);
    head->addWidget(new kit::PlainLabel(tr("Bookmarks and notes"), Type::DialogTitle, Role::Text, panel()), 1);
    head->addWidget(close);
    column->addLayout(head);
    auto *what = new kit::PlainLabel(tr("Private to this desk: they are not in the log, nobody else sees them, and they are no evidence. Each is bound to the "
                                        "leaf hash of the event that it was made on."),
                                     Type::Small, Role::Text2, panel());
    what->setWordWrap(true);
    what->setContentsMargins(kit::space::xl, 0, kit::space::xl, 0);
    column->addWidget(what);
    m_table->setAccessibleName(tr("Bookmarks and notes"));
    m_table->setModel(m_model);
    m_table->setColumns({{u"kind"_s, {}, kit::CellKind::Proof, 64},
                         {u"index"_s, tr("Leaf"), kit::CellKind::Figure, 90},
                         {u"time"_s, tr("Time"), kit::CellKind::Mono, 190},
                         {u"actor"_s, tr("Who"), kit::CellKind::Text, 140, true, false, false, true},
                         {u"action"_s, tr("What"), kit::CellKind::Mono, 150},
                         {u"note"_s, tr("Note"), kit::CellKind::Text, 250}});
    m_states = new kit::StatePage(m_table, panel());
    column->addWidget(m_states, 1);
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(kit::space::xl, 0, kit::space::xl, 0);
    m_remove = new kit::Button(tr("Remove"), kit::Icon::Close, kit::Button::Kind::Normal, panel());
    m_remove->setKeyHint(tr("Del"));
    m_undo = new kit::Button(tr("Undo"), kit::Icon::Undo, kit::Button::Kind::Normal, panel());
    m_export = new kit::Button(tr("Export"), kit::Icon::Download, kit::Button::Kind::Normal, panel());
    m_filter = new kit::Button(tr("Show bookmarked events"), kit::Icon::Filter, kit::Button::Kind::Normal, panel());
    foot->addWidget(m_told, 1);
    for (kit::Button *button : {m_undo, m_remove, m_export, m_filter})
        foot->addWidget(button);
    column->addLayout(foot);
    connect(close, &kit::Button::clicked, this, &Overlay::dismiss);
    connect(this, &Overlay::dismissed, this, &QObject::deleteLater);
    connect(m_remove, &kit::Button::clicked, this, &NotesSheet::removeCurrent);
    connect(m_undo, &kit::Button::clicked, this, [this] {
        if (const auto note = std::exchange(m_removed, std::nullopt)) {
            if (const Status back = m_notes.restore(*note); !back)
                say(back.error().message, true);
        }
        showList();
    });
    connect(m_export, &kit::Button::clicked, this, [this] { exportNotes(m_export->mapToGlobal(QPoint(0, 0))); });
    connect(m_filter, &kit::Button::clicked, this, [this] {
        Q_EMIT filterRequested(bookmarkFilter(m_notes));
        dismiss();
    });
    connect(m_table, &kit::TableView::rowActivated, this, [this](const QModelIndex &index) {
        Q_EMIT eventRequested(m_model->notes().at(index.row()).index);
        dismiss();
    });
    m_table->installEventFilter(this);
    connect(&notes, &fleet::EventNotes::changed, this, [this] {
        m_model->reload();
        showList();
    });
    connect(&notes, &fleet::EventNotes::problemChanged, this, &NotesSheet::showList);
    showList();
    present(m_states->currentWidget());
}

bool NotesSheet::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Delete) {
        removeCurrent();
        return true;
    }
    return Overlay::eventFilter(watched, event);
}

void NotesSheet::say(const QString &sentence, bool bad)
{
    m_told->setRuns({{sentence, Type::Small, bad ? Role::Critical : Role::Text2}});
}

void NotesSheet::showList()
{
    const bool any = m_model->rowCount() > 0;
    const bool marked = !m_notes.bookmarked().isEmpty();
    const QString obstacle = m_notes.obstacle();
    m_undo->setVisible(m_removed.has_value());
    m_remove->setAvailable(any && obstacle.isEmpty(), any ? obstacle : tr("There is nothing to remove."));
    m_export->setAvailable(any, tr("There is nothing to export."));
    m_filter->setAvailable(marked, tr("No event is bookmarked."));
    if (m_notes.bookmarked().size() > mostBookmarksShown)
        m_filter->setText(tr("Show the newest %1 bookmarked events").arg(mostBookmarksShown));
    if (!m_notes.problem().isEmpty())
        say(m_notes.problem(), true);
    if (any) {
        m_states->showReady();
        if (!m_table->currentIndex().isValid())
            m_table->setCurrentIndex(m_model->index(0, 0));
    } else {
        m_states->showEmpty(kit::Icon::Bookmark, tr("Nothing is remarked on"),
                            {{tr("Press B on an event to bookmark it, or write a note beside it."), Type::Body, Role::Text2}});
    }
}

void NotesSheet::removeCurrent()
{
    const int row = m_table->currentIndex().row();
    if (row < 0 || row >= m_model->rowCount())
        return;
    const fleet::EventNote note = m_model->notes().at(row);
    m_removed = note;
    if (const Status removed = m_notes.remove(note.index); !removed) {
        m_removed.reset();
        return say(removed.error().message, true);
    }
    say(tr("Removed what was remarked on event %1.").arg(kit::numberText(note.index)));
    m_table->setCurrentIndex(m_model->index(std::min(row, m_model->rowCount() - 1), 0));
}

void NotesSheet::exportNotes(const QPoint &at)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto told = [this](const QString &sentence, bool whole) { say(sentence, !whole); };
    menu->addAction(tr("As CSV…"), this, [this, told] {
        const QVector<fleet::EventNote> notes = m_model->notes();
        listing::TextExporter::ask(this, tr("Export bookmarks and notes"), u"notes.csv"_s, {}, fleet::EventNotes::toCsv(notes), notes.size(), told);
    });
    menu->addAction(tr("As JSON lines…"), this, [this, told] {
        const QVector<fleet::EventNote> notes = m_model->notes();
        listing::TextExporter::ask(this, tr("Export bookmarks and notes"), u"notes.jsonl"_s, {}, fleet::EventNotes::toJsonLines(notes), notes.size(), told);
    });
    menu->popup(at - QPoint(0, menu->sizeHint().height()));
}

} // namespace parapet::pages
