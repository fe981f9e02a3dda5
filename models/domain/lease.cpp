// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/lease.h"

#include <QtCore/QtGlobal>

namespace parapet {

template<>
std::span<const Field<Lease>> fieldsOf<Lease>()
{
    using L = Lease;
    constexpr int every = Sortable | Filterable;
    static const Field<L> table[] = {
        field<&L::id>("id", QT_TRANSLATE_NOOP("fields", "Identifier"),
                      QT_TRANSLATE_NOOP("fields", "the lease's identifier"), every),
        field<&L::name>("name", QT_TRANSLATE_NOOP("fields", "Lease"),
                        QT_TRANSLATE_NOOP("fields", "the name of the credential"), every | Shown),
        field<&L::kind>("kind", QT_TRANSLATE_NOOP("fields", "Kind"),
                        QT_TRANSLATE_NOOP("fields", "what sort of credential it is"), every | Shown),
        field<&L::target>("target", QT_TRANSLATE_NOOP("fields", "Target"),
                          QT_TRANSLATE_NOOP("fields", "the service that accepts it"), every | Shown),
        field<&L::endpoint>("endpoint", QT_TRANSLATE_NOOP("fields", "Endpoint"),
                            QT_TRANSLATE_NOOP("fields", "where that service listens"), every),
        field<&L::workspace>("workspace", QT_TRANSLATE_NOOP("fields", "Workspace identifier"),
                             QT_TRANSLATE_NOOP("fields", "the workspace that holds it"), every),
        field<&L::holder>("holder", QT_TRANSLATE_NOOP("fields", "Holder identifier"),
                          QT_TRANSLATE_NOOP("fields", "the principal that it was issued to"), every),
        field<&L::holderName>("holderName", QT_TRANSLATE_NOOP("fields", "Holder"),
                              QT_TRANSLATE_NOOP("fields", "the holder's name"), every | Shown),
        field<&L::production>("production", QT_TRANSLATE_NOOP("fields", "Production"),
                              QT_TRANSLATE_NOOP("fields", "it reaches production"), every | Shown),
        field<&L::state>("state", QT_TRANSLATE_NOOP("fields", "State"),
                         QT_TRANSLATE_NOOP("fields", "active, revoked or expired"), every | Shown),
        field<&L::issued>("issued", QT_TRANSLATE_NOOP("fields", "Issued"),
                          QT_TRANSLATE_NOOP("fields", "when it was issued"), every | Shown),
        field<&L::expires>("expires", QT_TRANSLATE_NOOP("fields", "Expires"),
                           QT_TRANSLATE_NOOP("fields", "when it expires"), every | Shown),
        field<&L::revoked>("revoked", QT_TRANSLATE_NOOP("fields", "Revoked"),
                           QT_TRANSLATE_NOOP("fields", "when it was revoked"), every),
        field<&L::version>("version", QT_TRANSLATE_NOOP("fields", "Version"),
                           QT_TRANSLATE_NOOP("fields", "grows with each change"), every),
    };
    return table;
}

} // namespace parapet
