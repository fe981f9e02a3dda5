// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/process.h"

#include <QtCore/QtGlobal>

namespace parapet {

template<>
std::span<const Field<Process>> fieldsOf<Process>()
{
    using P = Process;
    constexpr int every = Sortable | Filterable;
    static const Field<P> table[] = {
        field<&P::pid>("pid", QT_TRANSLATE_NOOP("fields", "PID"),
                       QT_TRANSLATE_NOOP("fields", "the process number inside the workspace"), every | Shown,
                       FieldKind::Identifier),
        field<&P::parent>("parent", QT_TRANSLATE_NOOP("fields", "Parent"),
                          QT_TRANSLATE_NOOP("fields", "the process that started it"), every, FieldKind::Identifier),
        field<&P::hostPid>("hostPid", QT_TRANSLATE_NOOP("fields", "Host PID"),
                           QT_TRANSLATE_NOOP("fields", "the process number on the host"), every, FieldKind::Identifier),
        field<&P::startTicks>("startTicks", QT_TRANSLATE_NOOP("fields", "Start ticks"),
                              QT_TRANSLATE_NOOP("fields", "when it started in the kernel's own clock"), every,
                              FieldKind::Identifier),
        field<&P::actorKind>("actorKind", QT_TRANSLATE_NOOP("fields", "Kind of actor"),
                             QT_TRANSLATE_NOOP("fields", "human, AI agent or service"), every | Shown),
        field<&P::actor>("actor", QT_TRANSLATE_NOOP("fields", "Actor identifier"),
                         QT_TRANSLATE_NOOP("fields", "the principal on whose behalf it runs"), every),
        field<&P::command>("command", QT_TRANSLATE_NOOP("fields", "Command"),
                           QT_TRANSLATE_NOOP("fields", "its command line"), every | Shown),
        field<&P::cpu>("cpu", QT_TRANSLATE_NOOP("fields", "CPU %"),
                       QT_TRANSLATE_NOOP("fields", "percent of one core since the last observation"), every | Shown),
        field<&P::memory>("memory", QT_TRANSLATE_NOOP("fields", "Memory"),
                          QT_TRANSLATE_NOOP("fields", "resident memory"), every | Shown, FieldKind::Bytes),
        field<&P::started>("started", QT_TRANSLATE_NOOP("fields", "Started"),
                           QT_TRANSLATE_NOOP("fields", "when it started"), every | Shown),
    };
    return table;
}

template<>
std::span<const Field<Flow>> fieldsOf<Flow>()
{
    using F = Flow;
    constexpr int every = Sortable | Filterable;
    static const Field<F> table[] = {
        field<&F::id>("id", QT_TRANSLATE_NOOP("fields", "Identifier"),
                      QT_TRANSLATE_NOOP("fields", "the connection's identifier"), every, FieldKind::Identifier),
        field<&F::host>("host", QT_TRANSLATE_NOOP("fields", "Host"),
                        QT_TRANSLATE_NOOP("fields", "the other end, as the workspace named it"), every | Shown),
        field<&F::port>("port", QT_TRANSLATE_NOOP("fields", "Port"),
                        QT_TRANSLATE_NOOP("fields", "the other end's port"), every | Shown),
        field<&F::intended>("intended", QT_TRANSLATE_NOOP("fields", "Intended"),
                            QT_TRANSLATE_NOOP("fields", "the egress policy allows it"), every | Shown),
        field<&F::open>("open", QT_TRANSLATE_NOOP("fields", "Open"), QT_TRANSLATE_NOOP("fields", "it is open now"),
                        every | Shown),
        field<&F::bytesUp>("bytesUp", QT_TRANSLATE_NOOP("fields", "Sent"),
                           QT_TRANSLATE_NOOP("fields", "how much left the workspace"), every | Shown, FieldKind::Bytes),
        field<&F::bytesDown>("bytesDown", QT_TRANSLATE_NOOP("fields", "Received"),
                             QT_TRANSLATE_NOOP("fields", "how much came into the workspace"), every | Shown,
                             FieldKind::Bytes),
        field<&F::opened>("opened", QT_TRANSLATE_NOOP("fields", "Opened"),
                          QT_TRANSLATE_NOOP("fields", "when it was opened"), every | Shown),
        field<&F::closed>("closed", QT_TRANSLATE_NOOP("fields", "Closed"),
                          QT_TRANSLATE_NOOP("fields", "when it was closed"), every),
    };
    return table;
}

} // namespace parapet
