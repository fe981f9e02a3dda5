// SPDX-License-Identifier: GPL-3.0-or-later
// What the Workspaces page keeps: saved views and exported files.
#include "models/items/workspacemodel.h"
#include "ui/kit/overlay.h"
#include "ui/kit/parts.h"
#include "ui/kit/tableview.h"
#include "ui/kit/text/label.h"
#include "ui/kit/text/format.h"
#include "ui/pages/workspaces/exporter.h"
#include "ui/pages/workspaces/workspacespage.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QLineEdit>

namespace parapet::pages {

using namespace Qt::StringLiterals;

void WorkspacesPage::saveView()
{
    auto *overlay = new kit::Overlay(this);
    overlay->setName(tr("Save view"));
    overlay->setPanelSize({420, 168});
    auto *column = new QVBoxLayout(overlay->panel());
    column->setContentsMargins(kit::space::xl, kit::space::l, kit::space::xl, kit::space::l);
    column->setSpacing(kit::space::m);
    auto *name = new QLineEdit(overlay->panel());
    name->setAccessibleName(tr("Name of the view"));
    name->setPlaceholderText(tr("Name of the view"));
    name->setMaxLength(60);
    const QString filter = m_model->query().filter;
    auto *what = new kit::PlainLabel(filter.isEmpty() ? tr("No filter: all workspaces") : Untrusted(filter).inert(200), kit::Type::Mono, kit::Role::Text3, overlay->panel());
    what->setElide(Qt::ElideRight);
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
            askFigures();
        });
    }
    connect(name, &QLineEdit::textChanged, save, [save](const QString &text) {
        save->setAvailable(!text.trimmed().isEmpty(), tr("Type a name first."));
    });
    save->setAvailable(!name->text().isEmpty(), tr("Type a name first."));
    const auto keep = [this, overlay, name, what, filter] {
        if (!m_saved.save(name->text(), filter)) {
            what->setRole(kit::Role::Critical);
            what->setText(tr("This name is taken by a built-in view, or there are already 50 saved views."));
            return;
        }
        overlay->dismiss();
        showViews();
        askFigures();
    };
    connect(save, &kit::Button::clicked, this, keep);
    connect(name, &QLineEdit::returnPressed, save, [save] {
        if (save->isEnabled())
            save->click();
    });
    connect(cancel, &kit::Button::clicked, overlay, &kit::Overlay::dismiss);
    connect(overlay, &kit::Overlay::dismissed, overlay, &QObject::deleteLater);
    overlay->present(name);
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
