// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/reply.h"
#include "models/core/untrusted.h"
#include "models/domain/ids.h"

#include <array>

#include "models/domain/fields.h"

namespace parapet {

/// What must no longer be possible.
enum class ProbeKind { SessionToken, Lease, ProcessTree, SandboxNetwork, NetworkFlow, SessionRecord, AuditEntry, Evidence };
template<> struct EnumNames<ProbeKind> {
    static constexpr std::array names{"sessionToken", "lease", "processTree", "sandboxNetwork", "networkFlow", "sessionRecord", "auditEntry", "evidence"};
};

/// One thing to try. Holds no secret: the observer fetches what it needs through its own connection.
struct Probe {
    ProbeKind kind = ProbeKind::SessionToken;
    WorkspaceId workspace;
    QString subject;     ///< session, lease, snapshot or event identifier; "PID@TICKS" for a process tree
    Untrusted label;     ///< for people: "sess-41c9 · T. Wilk"
    QString expectation; ///< for people, translated: "refused", "gone"
    QString expected;    ///< what evidence and audit probes compare with (a digest), else empty
};

enum class Verdict { Holds, Survives, Unknown };
template<> struct EnumNames<Verdict> { static constexpr std::array names{"holds", "survives", "unknown"}; };

struct ProbeResult {
    Verdict verdict = Verdict::Unknown;
    Untrusted seen;      ///< "401 invalid_token", "login accepted", "no such process"
    QString observer;    ///< who looked: "control plane", "postgres-payments", "this console"
    Instant at{};
};

/// Tries whether something is still possible. The prober is not the doer: it has a connection and a credential of its own.
class Observer
{
public:
    virtual ~Observer() = default;
    virtual bool canTry(ProbeKind kind) const = 0;
    /// Never fails for what it sees: an error means that it could not look (Verdict stays unknown).
    virtual Reply<ProbeResult> attempt(const Probe &probe) = 0;
};

} // namespace parapet
