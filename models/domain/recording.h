// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/principal.h"

namespace parapet {

enum class RecordingState { Running, Ended };
template<>
struct EnumNames<RecordingState> {
    static constexpr std::array names{"running", "ended"};
};

/// What was shown on the terminal of one session, as an asciinema v2 file. When it ends, the SHA-256 of the file goes into the
/// audit log (action "recording.end", target the recording's identifier, the digest in its detail): only then can it be proven.
struct Recording {
    QString id;
    WorkspaceId workspace;
    SessionId session; ///< empty where the recorder knew none
    PrincipalId actor;
    Untrusted actorName;
    ActorKind actorKind = ActorKind::Human;
    RecordingState state = RecordingState::Running;
    Instant started{};
    qint64 duration = 0; ///< milliseconds from the start to the last output
    qint64 columns = 0;  ///< of the terminal, as it began
    qint64 rows = 0;
    qint64 bytes = 0; ///< of the file
    QString sha256;   ///< hex, of the file; empty while it runs
    qint64 event = -1; ///< the log's event that states the digest; -1 while it runs
    QString remark;    ///< what is missing and why ("cut off when the plane stopped"); empty when it is whole
};
template<>
std::span<const Field<Recording>> fieldsOf<Recording>();

} // namespace parapet
