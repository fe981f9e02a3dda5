// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/recordings/recordingcolumns.h"

#include "models/domain/fieldtext.h"
#include "models/domain/recording.h"

#include <QtCore/QCoreApplication>

namespace parapet::pages {

using namespace Qt::StringLiterals;

QVector<kit::Column> recordingColumns()
{
    QVector<kit::Column> columns;
    for (const Field<Recording> &field : fieldsOf<Recording>()) {
        kit::Column column;
        column.id = QLatin1String(field.name);
        column.title = labelOf(field);
        column.sortable = field.flags & Sortable;
        const QString &id = column.id;
        column.shown = id == "started"_L1 || id == "actorName"_L1 || id == "workspace"_L1 || id == "state"_L1 || id == "duration"_L1 || id == "bytes"_L1 || id == "event"_L1;
        if (id == "started"_L1) {
            column.kind = kit::CellKind::Mono;
            column.width = 126;
        } else if (id == "actorName"_L1) {
            column.kind = kit::CellKind::Actor;
            column.title = QCoreApplication::translate("recordings", "Who");
            column.width = 160;
            column.strong = true;
        } else if (id == "actorKind"_L1) {
            column.width = 90;
        } else if (id == "state"_L1) {
            column.kind = kit::CellKind::State;
            column.width = 100;
        } else if (id == "duration"_L1 || id == "bytes"_L1 || id == "event"_L1 || id == "columns"_L1 || id == "rows"_L1) {
            column.kind = kit::CellKind::Figure;
            column.width = 88;
        } else if (id == "remark"_L1) {
            column.kind = kit::CellKind::Muted;
            column.width = 180;
        } else {
            column.kind = kit::CellKind::Mono;
            column.width = 150;
        }
        columns << column;
    }
    return columns;
}

} // namespace parapet::pages
