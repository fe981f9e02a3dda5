// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/auditevent.h"

#include <QtCore/QtGlobal>

namespace parapet {

template<>
std::span<const Field<AuditEvent>> fieldsOf<AuditEvent>()
{
    using A = AuditEvent;
    constexpr int every = Sortable | Filterable;
    static const Field<A> table[] = {
        field<&A::index>("index", QT_TRANSLATE_NOOP("fields", "Index"),
                         QT_TRANSLATE_NOOP("fields", "its place in the log"), every | Shown, FieldKind::Identifier),
        field<&A::time>("time", QT_TRANSLATE_NOOP("fields", "Time"), QT_TRANSLATE_NOOP("fields", "when it happened"),
                        every | Shown),
        field<&A::actor>("actor", QT_TRANSLATE_NOOP("fields", "Actor identifier"),
                         QT_TRANSLATE_NOOP("fields", "the principal that acted"), every),
        field<&A::actorName>("actorName", QT_TRANSLATE_NOOP("fields", "Actor"),
                             QT_TRANSLATE_NOOP("fields", "who did it"), every | Shown),
        field<&A::actorKind>("actorKind", QT_TRANSLATE_NOOP("fields", "Kind of actor"),
                             QT_TRANSLATE_NOOP("fields", "human, AI agent or service"), every | Shown),
        field<&A::action>("action", QT_TRANSLATE_NOOP("fields", "Action"), QT_TRANSLATE_NOOP("fields", "what was done"),
                          every | Shown, FieldKind::Identifier),
        field<&A::target>("target", QT_TRANSLATE_NOOP("fields", "Target"),
                          QT_TRANSLATE_NOOP("fields", "what it was done to"), every | Shown | Settable),
        field<&A::workspace>("workspace", QT_TRANSLATE_NOOP("fields", "Workspace identifier"),
                             QT_TRANSLATE_NOOP("fields", "the workspace that it concerns"), every),
        field<&A::outcome>("outcome", QT_TRANSLATE_NOOP("fields", "Outcome"),
                           QT_TRANSLATE_NOOP("fields", "how it ended"), every | Shown),
        field<&A::reason>("reason", QT_TRANSLATE_NOOP("fields", "Reason"),
                          QT_TRANSLATE_NOOP("fields", "the reason that the actor gave"), every | Shown),
        field<&A::detail>("detail", QT_TRANSLATE_NOOP("fields", "Detail"),
                          QT_TRANSLATE_NOOP("fields", "what else is known"), every),
        field<&A::source>("source", QT_TRANSLATE_NOOP("fields", "From"),
                          QT_TRANSLATE_NOOP("fields", "the network address that it came from"), every | Shown),
        field<&A::requestId>("requestId", QT_TRANSLATE_NOOP("fields", "Request"),
                             QT_TRANSLATE_NOOP("fields", "the request that caused it"), every, FieldKind::Identifier),
        field<&A::session>("session", QT_TRANSLATE_NOOP("fields", "Session"),
                           QT_TRANSLATE_NOOP("fields", "the session that it happened in"), every),
        field<&A::origin>("origin", QT_TRANSLATE_NOOP("fields", "Reported by"),
                          QT_TRANSLATE_NOOP("fields", "which system reported it"), every),
        field<&A::originSequence>("originSequence", QT_TRANSLATE_NOOP("fields", "Sequence"),
                                  QT_TRANSLATE_NOOP("fields", "its number in that system's own count"), every),
    };
    return table;
}

bool isReadAction(QStringView action)
{
    for (const QLatin1StringView look : {QLatin1StringView(".read"), QLatin1StringView(".list"), QLatin1StringView(".count"), QLatin1StringView(".watch")}) {
        if (action.endsWith(look))
            return true;
    }
    return false;
}

QString withoutReads()
{
    return QStringLiteral("!action~.read,.list,.count,.watch");
}

} // namespace parapet
