// SPDX-License-Identifier: GPL-3.0-or-later
// What the Audit page keeps: saved views, and files of rows and proofs.
#include "models/items/auditmodel.h"
#include "ui/kit/tableview.h"
#include "ui/kit/text/format.h"
#include "ui/listing/exportbanner.h"
#include "ui/listing/exporter.h"
#include "ui/listing/saveviewsheet.h"
#include "ui/pages/audit/auditpage.h"
#include "ui/pages/audit/eventpane.h"
#include "ui/pages/audit/proofexporter.h"

#include <QtWidgets/QFileDialog>

namespace parapet::pages {

using namespace Qt::StringLiterals;

void AuditPage::saveView()
{
    listing::openSaveView(this, m_saved, m_model->query().filter, tr("No filter: all events"), [this] {
        showViews();
    });
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
        connect(exporter, &Exporter::progressed, banner, [banner](qint64 written, const Count &total) { banner->setProgress(written, total); });
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
        connect(exporter, &ProofExporter::progressed, banner, [banner](qint64 written, qint64 total) { banner->setProgress(written, Count::exactly(total)); });
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

} // namespace parapet::pages
