// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operation/journalview.h"

#include "models/core/untrusted.h"
#include "ui/kit/button.h"
#include "ui/kit/tableview.h"
#include "ui/kit/text/label.h"
#include "ui/operation/journalmodel.h"

#include <QtWidgets/QBoxLayout>

namespace parapet::ui {

JournalView::JournalView(const QString &journalPath, QWidget *host) : Overlay(host), m_table(new kit::TableView(panel()))
{
    setName(tr("Journal"));
    setPanelSize({1040, 620});
    auto *column = new QVBoxLayout(panel());
    column->setContentsMargins(kit::space::l, kit::space::m, kit::space::l, kit::space::l);
    column->setSpacing(kit::space::s);
    auto *head = new QHBoxLayout;
    auto *path = new kit::MonoLabel(Untrusted(journalPath).inert(400), panel());
    auto *close = new kit::Button(tr("Close"), panel());
    close->setKeyHint(QStringLiteral("Esc"));
    head->addWidget(new kit::PlainLabel(tr("Journal"), kit::Type::DialogTitle, kit::Role::Text, panel()));
    head->addWidget(path, 1);
    head->addWidget(close);
    auto *note = new kit::PlainLabel(tr("Reading…"), kit::Type::Small, kit::Role::Text3, panel());
    auto *model = new JournalModel(m_table);
    m_table->setModel(model);
    QVector<kit::Column> columns;
    for (const auto &[id, width] : {std::pair("at", 190), std::pair("type", 100), std::pair("step", 220), std::pair("content", 480)}) {
        kit::Column column;
        column.id = QLatin1String(id);
        column.title = model->headerData(int(columns.size()), Qt::Horizontal, Qt::DisplayRole).toString();
        column.kind = kit::CellKind::Mono;
        column.width = width;
        columns << column;
    }
    m_table->setColumns(columns);
    m_table->setAccessibleName(tr("Entries of the journal"));
    column->addLayout(head);
    column->addWidget(note);
    column->addWidget(m_table, 1);
    connect(close, &kit::Button::clicked, this, &Overlay::dismiss);
    connect(this, &Overlay::dismissed, this, &QObject::deleteLater);
    deliver(this, readJournal(journalPath), [model, note](Result<JournalRecords> journal) {
        if (!journal) {
            note->setRole(kit::Role::Critical);
            note->setText(journal.error().message);
            return;
        }
        model->setRecords(std::move(*journal));
        note->setText(JournalView::tr("%1 entries, hash-chained and checked").arg(model->rowCount()));
    });
}

} // namespace parapet::ui
