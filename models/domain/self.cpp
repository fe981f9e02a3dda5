// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/self.h"

#include <QtCore/QtGlobal>

namespace parapet {

template<>
std::span<const Field<Grant>> fieldsOf<Grant>()
{
    using G = Grant;
    constexpr int every = Sortable | Filterable;
    static const Field<G> table[] = {
        field<&G::right>("right", QT_TRANSLATE_NOOP("fields", "Right"),
                         QT_TRANSLATE_NOOP("fields", "what may be done, as resource:action"), every | Shown),
        field<&G::scope>("scope", QT_TRANSLATE_NOOP("fields", "Scope"),
                         QT_TRANSLATE_NOOP("fields", "where it holds: organisation, project:NAME or workspace:ID"),
                         every | Shown),
        field<&G::effect>("effect", QT_TRANSLATE_NOOP("fields", "Effect"),
                          QT_TRANSLATE_NOOP("fields", "allow, or deny, which beats every allow"), every | Shown),
    };
    return table;
}

} // namespace parapet
