// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/recording.h"

#include <QtCore/QtGlobal>

namespace parapet {

template<>
std::span<const Field<Recording>> fieldsOf<Recording>()
{
    using R = Recording;
    constexpr int every = Sortable | Filterable;
    static const Field<R> table[] = {
        field<&R::id>("id", QT_TRANSLATE_NOOP("fields", "Recording"), QT_TRANSLATE_NOOP("fields", "the recording's identifier"),
                      every, FieldKind::Identifier),
        field<&R::workspace>("workspace", QT_TRANSLATE_NOOP("fields", "Workspace identifier"),
                             QT_TRANSLATE_NOOP("fields", "the workspace that was recorded"), every | Shown),
        field<&R::session>("session", QT_TRANSLATE_NOOP("fields", "Session"),
                           QT_TRANSLATE_NOOP("fields", "the session that was recorded"), every | Shown),
        field<&R::actor>("actor", QT_TRANSLATE_NOOP("fields", "Actor identifier"),
                         QT_TRANSLATE_NOOP("fields", "the principal that was recorded"), every),
        field<&R::actorName>("actorName", QT_TRANSLATE_NOOP("fields", "Actor"), QT_TRANSLATE_NOOP("fields", "who was recorded"),
                             every | Shown),
        field<&R::actorKind>("actorKind", QT_TRANSLATE_NOOP("fields", "Kind of actor"),
                             QT_TRANSLATE_NOOP("fields", "human, AI agent or service"), every | Shown),
        field<&R::state>("state", QT_TRANSLATE_NOOP("fields", "State"), QT_TRANSLATE_NOOP("fields", "running or ended"), every | Shown),
        field<&R::started>("started", QT_TRANSLATE_NOOP("fields", "Started"), QT_TRANSLATE_NOOP("fields", "when it began"), every | Shown),
        field<&R::duration>("duration", QT_TRANSLATE_NOOP("fields", "Duration"),
                            QT_TRANSLATE_NOOP("fields", "milliseconds from the start to the last output"), every | Shown),
        field<&R::columns>("columns", QT_TRANSLATE_NOOP("fields", "Columns"), QT_TRANSLATE_NOOP("fields", "the terminal's width"), every),
        field<&R::rows>("rows", QT_TRANSLATE_NOOP("fields", "Rows"), QT_TRANSLATE_NOOP("fields", "the terminal's height"), every),
        field<&R::bytes>("bytes", QT_TRANSLATE_NOOP("fields", "Size"), QT_TRANSLATE_NOOP("fields", "the size of the file"), every | Shown,
                         FieldKind::Bytes),
        field<&R::sha256>("sha256", QT_TRANSLATE_NOOP("fields", "SHA-256"), QT_TRANSLATE_NOOP("fields", "the digest of the file"), every,
                          FieldKind::Identifier),
        field<&R::event>("event", QT_TRANSLATE_NOOP("fields", "Event"),
                         QT_TRANSLATE_NOOP("fields", "the event of the log that states the digest"), every),
        field<&R::remark>("remark", QT_TRANSLATE_NOOP("fields", "Remark"), QT_TRANSLATE_NOOP("fields", "what is missing, and why"), every),
    };
    return table;
}

} // namespace parapet
