// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/principal.h"

namespace parapet {

/// One process of a workspace, read from the kernel.
struct Process {
    qint64 pid = 0; ///< in the workspace's pid namespace
    qint64 parent = 0;
    qint64 hostPid = 0;    ///< on the host
    qint64 startTicks = 0; ///< /proc/PID/stat field 22: with hostPid it identifies the process for ever
    ActorKind actorKind = ActorKind::Human;
    PrincipalId actor;
    Untrusted command;
    double cpu = 0;    ///< percent of one core since the last observation
    qint64 memory = 0; ///< resident bytes
    Instant started{};
};
template<>
std::span<const Field<Process>> fieldsOf<Process>();

/// One network connection of a workspace, seen at its gateway.
struct Flow {
    QString id;
    Untrusted host;
    qint64 port = 0;
    bool intended = false; ///< the egress policy allows it
    bool open = false;
    qint64 bytesUp = 0;
    qint64 bytesDown = 0;
    Instant opened{};
    Instant closed{};
};
template<>
std::span<const Field<Flow>> fieldsOf<Flow>();

} // namespace parapet
