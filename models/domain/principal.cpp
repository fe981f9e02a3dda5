// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/principal.h"

#include <QtCore/QtGlobal>

namespace parapet {

template<>
std::span<const Field<Principal>> fieldsOf<Principal>()
{
    using P = Principal;
    constexpr int every = Sortable | Filterable;
    static const Field<P> table[] = {
        field<&P::id>("id", QT_TRANSLATE_NOOP("fields", "Identifier"),
                      QT_TRANSLATE_NOOP("fields", "the principal's identifier"), every),
        field<&P::name>("name", QT_TRANSLATE_NOOP("fields", "Name"),
                        QT_TRANSLATE_NOOP("fields", "the name that people know it by"), every | Shown),
        field<&P::kind>("kind", QT_TRANSLATE_NOOP("fields", "Kind"),
                        QT_TRANSLATE_NOOP("fields", "human, AI agent or service"), every | Shown),
        field<&P::team>("team", QT_TRANSLATE_NOOP("fields", "Team"),
                        QT_TRANSLATE_NOOP("fields", "the team that it belongs to"), every | Shown),
        field<&P::actsFor>("actsFor", QT_TRANSLATE_NOOP("fields", "Acts for"),
                           QT_TRANSLATE_NOOP("fields", "the person whom an AI agent works for"), every | Shown),
        field<&P::suspended>("suspended", QT_TRANSLATE_NOOP("fields", "Suspended"),
                             QT_TRANSLATE_NOOP("fields", "may do nothing until reinstated"), every | Shown | Settable),
        field<&P::version>("version", QT_TRANSLATE_NOOP("fields", "Version"),
                           QT_TRANSLATE_NOOP("fields", "grows with each change"), every),
    };
    return table;
}

} // namespace parapet
