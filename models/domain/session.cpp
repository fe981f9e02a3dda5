// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/session.h"

#include <QtCore/QtGlobal>

namespace parapet {

template<>
std::span<const Field<Session>> fieldsOf<Session>()
{
    using S = Session;
    constexpr int every = Sortable | Filterable;
    static const Field<S> table[] = {
        field<&S::id>("id", QT_TRANSLATE_NOOP("fields", "Session"),
                      QT_TRANSLATE_NOOP("fields", "the session's identifier"), every | Shown),
        field<&S::workspace>("workspace", QT_TRANSLATE_NOOP("fields", "Workspace identifier"),
                             QT_TRANSLATE_NOOP("fields", "the workspace that it is in"), every),
        field<&S::actor>("actor", QT_TRANSLATE_NOOP("fields", "Actor identifier"),
                         QT_TRANSLATE_NOOP("fields", "the principal that acts"), every),
        field<&S::actorName>("actorName", QT_TRANSLATE_NOOP("fields", "Actor"),
                             QT_TRANSLATE_NOOP("fields", "the name of the actor"), every | Shown),
        field<&S::actorKind>("actorKind", QT_TRANSLATE_NOOP("fields", "Kind of actor"),
                             QT_TRANSLATE_NOOP("fields", "human, AI agent or service"), every | Shown),
        field<&S::client>("client", QT_TRANSLATE_NOOP("fields", "Client"),
                          QT_TRANSLATE_NOOP("fields", "the program that it was opened with, as it calls itself"),
                          every | Shown),
        field<&S::source>("source", QT_TRANSLATE_NOOP("fields", "From"),
                          QT_TRANSLATE_NOOP("fields", "the network address that it came from"), every | Shown),
        field<&S::mfa>("mfa", QT_TRANSLATE_NOOP("fields", "Second factor"),
                       QT_TRANSLATE_NOOP("fields", "how the actor proved who they are"), every | Shown),
        field<&S::state>("state", QT_TRANSLATE_NOOP("fields", "State"), QT_TRANSLATE_NOOP("fields", "open or ended"),
                         every | Shown),
        field<&S::started>("started", QT_TRANSLATE_NOOP("fields", "Started"),
                           QT_TRANSLATE_NOOP("fields", "when it began"), every | Shown),
        field<&S::lastActive>("lastActive", QT_TRANSLATE_NOOP("fields", "Last active"),
                              QT_TRANSLATE_NOOP("fields", "when its actor last did something"), every | Shown),
        field<&S::idleEnds>("idleEnds", QT_TRANSLATE_NOOP("fields", "Idle until"),
                            QT_TRANSLATE_NOOP("fields", "when it ends if nothing happens"), every),
        field<&S::expires>("expires", QT_TRANSLATE_NOOP("fields", "Expires"),
                           QT_TRANSLATE_NOOP("fields", "when it ends at the latest"), every | Shown),
        field<&S::rotates>("rotates", QT_TRANSLATE_NOOP("fields", "Token rotates"),
                           QT_TRANSLATE_NOOP("fields", "when its token is replaced"), every),
        field<&S::ended>("ended", QT_TRANSLATE_NOOP("fields", "Ended"), QT_TRANSLATE_NOOP("fields", "when it ended"),
                         every),
        field<&S::endReason>("endReason", QT_TRANSLATE_NOOP("fields", "Why it ended"),
                             QT_TRANSLATE_NOOP("fields", "the reason why it ended"), every),
        field<&S::version>("version", QT_TRANSLATE_NOOP("fields", "Version"),
                           QT_TRANSLATE_NOOP("fields", "grows with each change"), every),
    };
    return table;
}

} // namespace parapet
