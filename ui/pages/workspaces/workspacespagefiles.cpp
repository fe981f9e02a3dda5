// SPDX-License-Identifier: GPL-3.0-or-later
// What the Workspaces page keeps: saved views and exported files.
#include "models/items/workspacemodel.h"
#include "ui/kit/parts.h"
#include "ui/kit/tableview.h"
#include "ui/kit/text/format.h"
#include "ui/listing/saveviewsheet.h"
#include "ui/pages/workspaces/exporter.h"
#include "ui/pages/workspaces/workspacespage.h"

#include <QtWidgets/QFileDialog>

namespace parapet::pages {

using namespace Qt::StringLiterals;

void WorkspacesPage::saveView()
{
    listing::openSaveView(this, m_saved, m_model->query().filter, tr("No filter: all workspaces"), [this] {
        showViews();
        askFigures();
    });
}

void WorkspacesPage::exportRows(const QString &suffix)
{
    auto *dialog = new QFileDialog(this, tr("Export workspaces"), {}, suffix == "csv"_L1 ? tr("CSV files (*.csv)") : tr("JSON lines (*.jsonl)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(u"workspaces."_s + suffix);
    connect(dialog, &QFileDialog::fileSelected, this, [this, suffix](const QString &path) {
        ControlPlane *control = m_context.system().control;
        if (!control)
            return;
        QVector<int> columns;
        for (int i = 0; i < m_table->columns().size(); ++i) {
            if (m_table->isColumnShown(m_table->columns()[i].id))
                columns << i;
        }
        const auto format = suffix == "csv"_L1 ? WorkspaceExporter::Format::Csv : WorkspaceExporter::Format::JsonLines;
        auto *exporter = new WorkspaceExporter(*control, m_model->query(), format, columns, this);
        connect(&m_context, &shell::ConsoleContext::systemGone, exporter, &WorkspaceExporter::cancel);
        auto *banner = new kit::Banner(this);
        banner->addAction(tr("Cancel"), [exporter] { exporter->cancel(); });
        insertAboveContent(banner);
        const auto say = [banner](kit::Banner::Kind kind, const QString &text) {
            banner->setMessage(kind, {{text, kit::Type::Body, kit::Role::Text, 0}});
        };
        say(kit::Banner::Kind::Info, tr("Exporting…"));
        connect(exporter, &WorkspaceExporter::progressed, banner, [say](qint64 written, const Count &total) {
            say(kit::Banner::Kind::Info, tr("Exporting: %1 of %2 row(s)", nullptr, kit::numerus(total)).arg(kit::numberText(written), total.text()));
        });
        connect(exporter, &WorkspaceExporter::finished, banner, [banner, say, exporter, path](qint64 written, const QString &error) {
            say(error.isEmpty() ? kit::Banner::Kind::Info : kit::Banner::Kind::Warning,
                error.isEmpty() ? tr("%1 row(s) are in %2.", nullptr, kit::numerus(written)).arg(kit::numberText(written), Untrusted(path).inert(200)) : error);
            banner->clearActions();
            banner->addAction(tr("Close"), [banner] { banner->deleteLater(); });
            exporter->deleteLater();
        });
        exporter->start(path);
    });
    dialog->open();
}

} // namespace parapet::pages
