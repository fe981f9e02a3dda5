// SPDX-License-Identifier: GPL-3.0-or-later
// What can be started on the Audit page, and the sheets that it opens.
#include "models/items/auditmodel.h"
#include "ui/kit/tableview.h"
#include "ui/pages/audit/auditpage.h"
#include "ui/pages/audit/comparesheet.h"
#include "ui/pages/audit/logsheets.h"
#include "ui/pages/audit/notessheet.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto pivotReach = 5min;

} // namespace

void AuditPage::openCompare()
{
    auto *sheet = new CompareSheet(this, m_context, m_model->query().filter);
    connect(sheet, &CompareSheet::rowsRequested, this, [this](const QString &filter) { goToFilter(filter); });
}

void AuditPage::openNotes()
{
    if (!m_context.notes())
        return;
    auto *sheet = new NotesSheet(this, *m_context.notes());
    connect(sheet, &NotesSheet::eventRequested, this, &AuditPage::openEvent);
    connect(sheet, &NotesSheet::filterRequested, this, [this](const QString &filter) { goToFilter(filter); });
}

void AuditPage::openWitnesses()
{
    if (!m_context.log())
        return;
    auto *sheet = new WitnessesSheet(this, *m_context.log(), m_context.clock());
    connect(sheet, &WitnessesSheet::connectionsRequested, this, [this] { Q_EMIT locationRequested({u"connections"_s, {}}); });
}

void AuditPage::toggleBookmark(const QVector<AuditEvent> &events)
{
    fleet::EventNotes *notes = m_context.notes();
    if (!notes || events.isEmpty())
        return;
    // Of several, all get what one of them has not.
    const bool wanted = std::any_of(events.begin(), events.end(), [notes](const AuditEvent &event) {
        const fleet::EventNote *note = notes->find(event.index);
        return !note || !note->bookmarked;
    });
    for (const AuditEvent &event : events) {
        if (const Status done = notes->setBookmarked(event, wanted); !done) {
            Q_EMIT m_context.commands().refused(tr("Bookmark"), done.error().message);
            return;
        }
    }
}

QVector<shell::Command> AuditPage::commands()
{
    const auto make = [](const char *id, const QString &text, kit::Icon icon, std::function<void()> run) {
        shell::Command command;
        command.id = QLatin1String(id);
        command.text = text;
        command.icon = icon;
        command.run = std::move(run);
        return command;
    };
    QVector<shell::Command> all;
    shell::Command open = make("audit.open", tr("Open the event"), kit::Icon::ChevronRight, [this] { openDetail(m_table->currentIndex()); });
    open.needs = shell::NeedsObjects;
    open.onObject = true;
    all << open;
    const auto pivot = [&](const char *id, const QString &text, const char *field) {
        const QString name = QLatin1String(field);
        shell::Command command = make(id, text, kit::Icon::Filter, [this, name] {
            if (const AuditEvent *row = currentRow())
                goToFilter(filterByValue(*row, name), row->index);
        });
        command.needs = shell::NeedsObjects;
        command.onObject = true;
        command.condition = [this, name] {
            const AuditEvent *row = currentRow();
            return row && !filterByValue(*row, name).isEmpty() ? shell::Availability::yes() : shell::Availability::no(tr("This event says nothing of it."));
        };
        all << command;
    };
    pivot("audit.by-actor", tr("All by this actor"), "actor");
    pivot("audit.by-target", tr("All on this target"), "target");
    pivot("audit.by-workspace", tr("All in this workspace"), "workspace");
    pivot("audit.by-session", tr("All in this session"), "session");
    pivot("audit.by-request", tr("All of this request"), "requestId");
    shell::Command around = make("audit.around", tr("Around this time"), kit::Icon::Clock, [this] {
        if (const AuditEvent *row = currentRow())
            goToFilter(filterAround(*row, pivotReach), row->index);
    });
    around.needs = shell::NeedsObjects;
    around.onObject = true;
    all << around;
    shell::Command bookmark = make("audit.bookmark", tr("Bookmark, or not any more"), kit::Icon::Bookmark, [this] {
        QVector<AuditEvent> rows = checkedRows();
        if (const AuditEvent *row = currentRow(); rows.isEmpty() && row)
            rows << *row;
        toggleBookmark(rows);
    });
    bookmark.hint = tr("private to this desk");
    bookmark.shortcut = QKeySequence(Qt::Key_B);
    bookmark.needs = shell::NeedsObjects;
    bookmark.onObject = true;
    bookmark.condition = [this] {
        const QString obstacle = m_context.notes() ? m_context.notes()->obstacle() : tr("This console keeps no notes.");
        return obstacle.isEmpty() ? shell::Availability::yes() : shell::Availability::no(obstacle);
    };
    all << bookmark;
    shell::Command notes = make("audit.notes", tr("Bookmarks and notes…"), kit::Icon::Comment, [this] { openNotes(); });
    notes.hint = tr("all of this desk, and their export");
    notes.condition = [this] { return m_context.notes() ? shell::Availability::yes() : shell::Availability::no(tr("This console keeps no notes.")); };
    all << notes;
    shell::Command compare = make("audit.compare", tr("Compare periods…"), kit::Icon::Columns, [this] { openCompare(); });
    compare.hint = tr("what differs from the time before");
    compare.shortcut = QKeySequence(Qt::Key_C);
    compare.needs = shell::NeedsOnline;
    compare.right = u"audit:read"_s;
    all << compare;
    shell::Command witnesses = make("audit.witnesses", tr("Who has seen this log"), kit::Icon::People, [this] { openWitnesses(); });
    witnesses.condition = [this] {
        return m_context.log() && m_context.log()->checkpoint() ? shell::Availability::yes() : shell::Availability::no(tr("No checkpoint of the log was verified yet."));
    };
    all << witnesses;
    all << make("audit.copy-filter", tr("Copy the filter"), kit::Icon::Copy, [this] { QGuiApplication::clipboard()->setText(m_model->query().filter); });
    all << make("audit.limits", tr("What verification does not prove"), kit::Icon::Info, [this] { new LimitsSheet(this); });
    shell::Command verify = make("audit.verify", tr("Verify again"), kit::Icon::ShieldCheck, [this] { verifyAgain(); });
    verify.hint = tr("asks for the checkpoint and proves what is shown anew");
    verify.shortcut = QKeySequence(Qt::Key_F5);
    verify.needs = shell::NeedsOnline;
    verify.right = u"audit:read"_s;
    all << verify;
    return all;
}

} // namespace parapet::pages
