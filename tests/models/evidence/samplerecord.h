// SPDX-License-Identifier: GPL-3.0-or-later
// A revocation of two workspaces in which everything holds, for the tests of this folder.
#pragma once

#include "models/evidence/revocation.h"

namespace parapet::evidence {

class SampleClock final : public Clock
{
public:
    Instant now() const override { return at; }
    Instant at{std::chrono::seconds{1773755000}};
};

inline QVector<RevocationStep> sampleSteps(const WorkspaceId &workspace, Instant from)
{
    using namespace std::chrono_literals;
    const QString id = workspace.value;
    const auto step = [&](const char *verb, int at, QStringList after) {
        RevocationStep s;
        s.id = id + u'.' + QLatin1String(verb);
        s.verb = QLatin1String(verb);
        s.title = QLatin1String(verb);
        s.workspace = workspace;
        s.target = id;
        s.targetIdentity = QStringLiteral("boot/4711@99");
        s.after = std::move(after);
        s.result = RevocationStep::Result::Observed;
        s.requested = from + at * 1s;
        s.observed = from + at * 1s + 400ms;
        s.by = QStringLiteral("agent node-eu-1");
        s.seen = Untrusted(QStringLiteral("seen"));
        s.tries = 1;
        return s;
    };
    QVector<RevocationStep> steps{step("isolate", 0, {}), step("snapshot", 1, {id + QStringLiteral(".isolate")}),
                                  step("log", 2, {id + QStringLiteral(".snapshot")}),
                                  step("terminate", 3, {id + QStringLiteral(".log")}),
                                  step("revokeLeases", 4, {id + QStringLiteral(".terminate")})};
    steps[1].evidence = true;
    steps[1].outputs = {{QStringLiteral("snapshot"), id + QStringLiteral("-snap")},
                        {QStringLiteral("archiveSha256"), QString(64, u'a')},
                        {QStringLiteral("manifestSha256"), QString(64, u'b')}};
    steps[3].destructive = true;
    steps[4].destructive = true;
    return steps;
}

inline RevocationRecord sampleRecord()
{
    using namespace std::chrono_literals;
    const Instant start{1773754891s};
    RevocationRecord r;
    r.operation = OperationId(QStringLiteral("op-7f3k2m"));
    r.feature = QStringLiteral("revoke");
    r.title = QStringLiteral("Revoke 2 workspaces");
    r.reason = Untrusted(QStringLiteral(u"Token of p-wilk seen on a paste site; case C-12 \u202E"));
    r.system = QStringLiteral("Local plane");
    r.operatorId = PrincipalId(QStringLiteral("p-amara"));
    r.operatorName = Untrusted(QStringLiteral("Amara Okafor"));
    r.planned = start - 30s;
    r.started = start;
    r.ended = start + 20s;
    for (const char *name : {"ws-pay-1", "ws-pay-2"}) {
        const WorkspaceId id{QLatin1String(name)};
        r.workspaces.append({id, Untrusted(QStringLiteral("payments")), QStringLiteral("payments"),
                             QStringLiteral("p-wilk"), QStringLiteral("sha256:") + QString(64, u'c'),
                             QStringLiteral("node-eu-1"), QStringLiteral("boot/4711@99"), false});
        r.steps += sampleSteps(id, start);
        const auto probe = [&](ProbeKind kind, const QString &subject, const char *seen) {
            r.probes.append({kind, id, subject, Untrusted(subject), QStringLiteral("refused"), Verdict::Holds,
                             Untrusted(QLatin1String(seen)), QStringLiteral("control plane"), start + 10s, 2});
        };
        probe(ProbeKind::SessionToken, QStringLiteral("sess-41c9"), "401 invalid_token");
        probe(ProbeKind::Lease, id.value + QStringLiteral("-lease"), "login refused");
        probe(ProbeKind::ProcessTree, QStringLiteral("4711@99"), "no such process");
    }
    r.touched = {Count::exactly(2), Count::atLeast(31), Count::exactly(3),
                 Count::exactly(4), Count::exactly(0),  Count::exactly(2)};
    r.auditLog = QStringLiteral("plane.local/log");
    r.auditEvents = {40, 41, 44};
    r.journalSha256 = QString(64, u'd');
    return r;
}

/// An authority and an operator of it.
struct SampleSigner {
    SampleClock clock;
    crypto::CertificateAuthority authority =
        crypto::CertificateAuthority::create(QStringLiteral("Parapet plane"), clock);
    crypto::Identity identity = authority.issueClient(QStringLiteral("p-amara"), QStringLiteral("Amara Okafor"),
                                                      {clock, std::chrono::hours(24)});
};

} // namespace parapet::evidence
