// SPDX-License-Identifier: GPL-3.0-or-later
// What the Audit page keeps and shows beside its table: histogram, groups, saved views, exported files, commands.
#include "models/items/auditmodel.h"
#include "models/query/chips.h"
#include "ui/kit/filterfield.h"
#include "ui/kit/overlay.h"
#include "ui/kit/tableview.h"
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"
#include "ui/listing/exportbanner.h"
#include "ui/listing/exporter.h"
#include "ui/pages/audit/auditpage.h"
#include "ui/pages/audit/eventpane.h"
#include "ui/pages/audit/groupsheet.h"
#include "ui/pages/audit/logsheets.h"
#include "ui/pages/audit/proofexporter.h"
#include "ui/pages/audit/timefilter.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int histogramSlices = 120;
constexpr auto pivotReach = 5min;

} // namespace

void AuditPage::askHistogram()
{
    AuditStore *audit = m_context.system().audit;
    if (!audit || !isActive())
        return;
    const QString filter = m_model->query().filter;
    const std::optional<TimeTerms> terms = timeTermsOf(filter);
    const Instant now = m_context.clock().now();
    Instant to = now;
    Milliseconds span = m_span;
    if (terms) {
        const Instant first = isKnown(terms->from) ? terms->from : (isKnown(terms->to) ? terms->to : now) - span;
        const Instant last = isKnown(terms->to) ? terms->to : now;
        if (first < now - span || last > now) {
            // What is asked for lies elsewhere: it stands in the middle of what is shown.
            const Milliseconds length = std::max<Milliseconds>(last - first, 1min);
            to = std::max(last + length / 2, last);
            span = 2 * length;
            m_brush->setRange(kit::TimeBrush::Range{first, last});
        } else {
            m_brush->setRange(kit::TimeBrush::Range{first, last});
        }
    } else {
        m_brush->setRange(std::nullopt);
    }
    const auto slice = std::max<Milliseconds>(1s, std::chrono::ceil<std::chrono::seconds>(span / histogramSlices));
    // Slices begin at round times, so that they do not shiver while time goes on.
    const Instant end = Instant(((to.time_since_epoch() + slice) / slice) * slice);
    const Instant from = end - slice * histogramSlices;
    deliver(this, audit->activityOf(withoutTime(filter), from, end, slice), [this, from, slice, ticket = ++m_histogramTicket](const Result<QVector<ActivitySlice>> &slices) {
        if (ticket != m_histogramTicket)
            return;
        if (!slices)
            m_brush->setMissing(slices.error().message);
        else
            showHistogram(from, slice, *slices);
    });
}

void AuditPage::showHistogram(Instant from, Milliseconds slice, const QVector<ActivitySlice> &slices)
{
    QVector<kit::TimeBrush::Slice> bars;
    for (const ActivitySlice &one : slices)
        bars.append({one.people + one.agents + one.services, one.refused});
    m_brush->setData(from, slice, bars, tr("events in %1").arg(kit::durationText(slice)));
}

void AuditPage::askKnownValues()
{
    AuditStore *audit = m_context.system().audit;
    if (!audit)
        return;
    for (const QString &field : {u"action"_s, u"origin"_s, u"actorName"_s}) {
        deliver(this, audit->countEvents({}, field), [this, field](const Result<QVector<Bucket>> &answer) {
            if (!answer)
                return;
            QStringList values;
            for (const Bucket &bucket : *answer) {
                if (!bucket.key.isEmpty())
                    values << bucket.key;
            }
            m_syntax.setKnownValues(field, values);
        });
    }
}

void AuditPage::openGroups(const QPoint &at)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const char *name : {"actorName", "actorKind", "action", "target", "workspace", "outcome", "origin", "source", "session"}) {
        const QString field = QLatin1String(name);
        const QString label = labelOf(*findField<AuditEvent>(field));
        menu->addAction(label, this, [this, field, label] {
            auto *sheet = new GroupSheet(this, m_context.system().audit, m_model->query().filter, field, label);
            connect(&m_context, &shell::ConsoleContext::systemGone, sheet, &GroupSheet::dismiss);
            connect(sheet, &GroupSheet::termRequested, this, [this](const QString &term) { goToFilter(query::bothFilters(m_model->query().filter, term)); });
        });
    }
    menu->popup(at);
}

void AuditPage::openGaps()
{
    auto *sheet = new GapsSheet(this, m_gaps);
    connect(sheet, &GapsSheet::filterRequested, this, [this](const QString &filter) { goToFilter(filter); });
}

void AuditPage::saveView()
{
    auto *overlay = new kit::Overlay(this);
    overlay->setName(tr("Save view"));
    overlay->setPanelSize({420, 168});
    auto *column = new QVBoxLayout(overlay->panel());
    column->setContentsMargins(kit::space::xl, kit::space::l, kit::space::xl, kit::space::l);
    column->setSpacing(kit::space::m);
    const QString filter = m_model->query().filter;
    auto *what = new kit::PlainLabel(filter.isEmpty() ? tr("No filter: all events") : Untrusted(filter).inert(200), kit::Type::Mono, kit::Role::Text3, overlay->panel());
    what->setElide(Qt::ElideRight);
    auto *name = new QLineEdit(overlay->panel());
    name->setAccessibleName(tr("Name of the view"));
    name->setPlaceholderText(tr("Name of the view"));
    name->setMaxLength(60);
    auto *save = new kit::Button(tr("Save"), kit::Icon::Check, kit::Button::Kind::Primary, overlay->panel());
    auto *cancel = new kit::Button(tr("Cancel"), overlay->panel());
    save->setAvailable(false, tr("Type a name first."));
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(save);
    column->addWidget(new kit::PlainLabel(tr("Save view"), kit::Type::DialogTitle, kit::Role::Text, overlay->panel()));
    column->addWidget(what);
    column->addWidget(name);
    column->addLayout(buttons);
    const int current = m_saved.indexOf(filter);
    if (current >= 0 && !m_saved.views()[current].builtIn) {
        const QString existing = m_saved.views()[current].name;
        name->setText(existing);
        auto *remove = new kit::Button(tr("Remove"), kit::Icon::Close, kit::Button::Kind::DangerOutline, overlay->panel());
        buttons->insertWidget(0, remove);
        connect(remove, &kit::Button::clicked, this, [this, overlay, existing] {
            m_saved.remove(existing);
            overlay->dismiss();
            showViews();
        });
    }
    const auto judge = [save, name] { save->setAvailable(!name->text().trimmed().isEmpty(), AuditPage::tr("Type a name first.")); };
    connect(name, &QLineEdit::textChanged, save, judge);
    judge();
    connect(save, &kit::Button::clicked, this, [this, overlay, name, what, filter] {
        if (!m_saved.save(name->text(), filter)) {
            what->setRole(kit::Role::Critical);
            what->setText(tr("This name is taken by a built-in view, or there are already 50 saved views."));
            return;
        }
        overlay->dismiss();
        showViews();
    });
    connect(name, &QLineEdit::returnPressed, save, [save] {
        if (save->isEnabled())
            save->click();
    });
    connect(cancel, &kit::Button::clicked, overlay, &kit::Overlay::dismiss);
    connect(overlay, &kit::Overlay::dismissed, overlay, &QObject::deleteLater);
    overlay->present(name);
}

void AuditPage::exportRows(const QString &suffix)
{
    auto *dialog = new QFileDialog(this, tr("Export events"), {}, suffix == "csv"_L1 ? tr("CSV files (*.csv)") : tr("JSON lines (*.jsonl)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(u"events."_s + suffix);
    connect(dialog, &QFileDialog::fileSelected, this, [this, suffix](const QString &path) {
        AuditStore *audit = m_context.system().audit;
        if (!audit)
            return;
        QVector<int> columns;
        for (int i = 1; i < m_table->columns().size(); ++i) { // 0 is the proof's mark, which is ours and no field
            if (m_table->isColumnShown(m_table->columns()[i].id))
                columns << i - 1;
        }
        using listing::Exporter;
        const auto format = suffix == "csv"_L1 ? Exporter::Format::Csv : Exporter::Format::JsonLines;
        auto *exporter = new listing::RowExporter<AuditEvent>([audit](const PageRequest &request) { return audit->events(request); }, m_model->query(), format, columns, this);
        connect(&m_context, &shell::ConsoleContext::systemGone, exporter, &Exporter::cancel);
        auto *banner = new listing::ExportBanner([exporter] { exporter->cancel(); }, this);
        insertAboveContent(banner);
        connect(exporter, &Exporter::progressed, banner, [banner](qint64 written, const Count &total) { banner->setProgress(written, total.value()); });
        connect(exporter, &Exporter::finished, banner, [banner, exporter, path](qint64 written, const QString &error) {
            banner->setFinished(written, error, path);
            exporter->deleteLater();
        });
        exporter->start(path);
    });
    dialog->open();
}

void AuditPage::exportProofs(bool onlyThese)
{
    QVector<AuditEvent> events;
    if (onlyThese) {
        events = checkedRows();
        if (events.isEmpty() && m_splitter && m_detail->isVisible())
            events << m_detail->event();
        else if (const AuditEvent *row = currentRow(); events.isEmpty() && row)
            events << *row;
        if (events.isEmpty())
            return;
    }
    auto *dialog = new QFileDialog(this, tr("Export a proof bundle"), {}, tr("Proof bundles (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"json"_s);
    dialog->selectFile(events.size() == 1 ? u"proof-%1.json"_s.arg(events.first().index) : u"proof-bundle.json"_s);
    connect(dialog, &QFileDialog::fileSelected, this, [this, onlyThese, events](const QString &path) {
        AuditStore *audit = m_context.system().audit;
        fleet::LogFollower *log = m_context.log();
        if (!audit || !log)
            return;
        auto *exporter = new ProofExporter(*audit, *log, this);
        connect(&m_context, &shell::ConsoleContext::systemGone, exporter, &ProofExporter::cancel);
        auto *banner = new listing::ExportBanner([exporter] { exporter->cancel(); }, this);
        insertAboveContent(banner);
        connect(exporter, &ProofExporter::progressed, banner, &listing::ExportBanner::setProgress);
        connect(exporter, &ProofExporter::finished, banner, [banner, exporter, path](qint64 proven, qint64 skipped, const QString &error) {
            banner->setFinished(proven, error, path);
            if (error.isEmpty() && skipped > 0)
                banner->setMessage(kit::Banner::Kind::Info, {{AuditPage::tr("%1 written to %2; %3 newer than the verified checkpoint are not in it.")
                                                                  .arg(kit::numberText(proven), Untrusted(path).inert(200), kit::numberText(skipped)),
                                                              kit::Type::Body, kit::Role::Text}});
            exporter->deleteLater();
        });
        if (onlyThese)
            exporter->startThese(events, path);
        else
            exporter->startMatching(m_model->query(), path);
    });
    dialog->open();
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
