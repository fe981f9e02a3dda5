// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/auditcolumns.h"

#include "models/domain/auditevent.h"
#include "models/domain/fieldtext.h"

#include <QtCore/QCoreApplication>

namespace parapet::pages {

using namespace Qt::StringLiterals;

namespace {

QString auditText(const char *text)
{
    return QCoreApplication::translate("audit", text);
}

kit::Column auditColumn(const Field<AuditEvent> &field)
{
    kit::Column column;
    column.id = QLatin1String(field.name);
    column.title = labelOf(field);
    column.sortable = field.flags & Sortable;
    const QString &id = column.id;
    column.shown = id == "time"_L1 || id == "actorName"_L1 || id == "action"_L1 || id == "target"_L1 || id == "outcome"_L1 || id == "source"_L1 || id == "index"_L1
        || id == "reason"_L1;
    if (id == "time"_L1) {
        column.kind = kit::CellKind::Mono;
        column.width = 120;
    } else if (id == "actorName"_L1) {
        column.kind = kit::CellKind::Actor;
        column.title = auditText("Who");
        column.width = 138;
        column.strong = true;
    } else if (id == "actorKind"_L1) {
        column.width = 90;
    } else if (id == "action"_L1) {
        column.kind = kit::CellKind::Mono;
        column.title = auditText("What");
        column.width = 150;
        column.strong = true;
    } else if (id == "target"_L1) {
        column.kind = kit::CellKind::Mono;
        column.width = 168;
    } else if (id == "outcome"_L1) {
        column.kind = kit::CellKind::Severity;
        column.width = 100;
    } else if (id == "reason"_L1 || id == "detail"_L1) {
        column.kind = kit::CellKind::Muted;
        column.width = 140;
    } else if (id == "source"_L1) {
        column.kind = kit::CellKind::Mono;
        column.width = 120;
    } else if (id == "index"_L1) {
        column.kind = kit::CellKind::Figure;
        column.title = auditText("Leaf");
        column.width = 92;
    } else if (id == "originSequence"_L1) {
        column.kind = kit::CellKind::Figure;
        column.strong = true; // a gap before it is marked
        column.width = 100;
    } else if (field.kind == FieldKind::Identifier || id == "origin"_L1) {
        column.kind = kit::CellKind::Mono;
        column.width = 150;
    }
    return column;
}

} // namespace

QVector<kit::Column> auditColumns()
{
    kit::Column proof;
    proof.id = u"proof"_s;
    proof.title = auditText("Proof");
    proof.kind = kit::CellKind::Proof;
    proof.width = 70; // the mark, and beside it the signs of bookmark and note
    QVector<kit::Column> columns{proof};
    for (const Field<AuditEvent> &field : fieldsOf<AuditEvent>())
        columns << auditColumn(field);
    return columns;
}

QVector<kit::Column> neighbourColumns()
{
    QVector<kit::Column> columns = auditColumns();
    for (kit::Column &column : columns) {
        column.shown = column.id == "proof"_L1 || column.id == "time"_L1 || column.id == "actorName"_L1 || column.id == "action"_L1;
        column.sortable = false;
        if (column.id == "actorName"_L1)
            column.width = 110;
    }
    return columns;
}

QVector<listing::SavedView> auditViews()
{
    return {{auditText("All"), {}, true},
            {auditText("Without reads"), withoutReads(), true},
            {auditText("Refused"), u"outcome:denied,failure"_s, true},
            {auditText("AI agents"), u"actorKind:agent"_s, true},
            {auditText("Credentials"), u"action~lease,token,secret,credential"_s, true}};
}

} // namespace parapet::pages
