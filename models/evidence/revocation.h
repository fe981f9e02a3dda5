// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/count.h"
#include "models/crypto/certificate.h"
#include "models/crypto/dsse.h"
#include "models/domain/principal.h"
#include "models/ports/observer.h"

#include <QtCore/QJsonObject>

namespace parapet::evidence {

/// A workspace that the revocation names, as it was when the plan was made.
struct RevokedWorkspace {
    WorkspaceId id;
    Untrusted name;
    QString project;
    QString owner;       ///< principal identifier
    QString imageDigest; ///< "sha256:…" or empty
    QString host;
    QString identity; ///< "BOOT/PID@TICKS", or empty where nothing ran
    bool simulated = false;
    friend bool operator==(const RevokedWorkspace &, const RevokedWorkspace &) = default;
};

/// What became of one step of the plan. Times are by the console's clock.
struct RevocationStep {
    enum class Result { Observed, Skipped, Failed, Open };
    QString id;
    QString verb;
    QString title; ///< for people, as the operator saw it
    WorkspaceId workspace;
    QString target;
    QString targetIdentity;
    bool destructive = false;
    bool evidence = false;
    QStringList after; ///< ids of the steps that it waited for
    Result result = Result::Open;
    Instant requested{}; ///< unknown: it was found done, this operation did not ask for it
    Instant observed{};  ///< when it was seen to be so (or skipped)
    QString by;          ///< who saw it
    Untrusted seen;
    qint64 tries = 0;
    QJsonObject outputs; ///< e.g. "snapshot", "archiveSha256", "manifestSha256"; never a secret
    friend bool operator==(const RevocationStep &, const RevocationStep &) = default;
};

/// One thing that was tried, and what came of it.
struct RevocationProbe {
    ProbeKind kind = ProbeKind::SessionToken;
    WorkspaceId workspace;
    QString subject;
    Untrusted label;
    QString expectation; ///< for people: "refused", "gone"
    Verdict verdict = Verdict::Unknown;
    Untrusted seen;
    QString observer;
    Instant at{}; ///< of the last try, by the console's clock
    qint64 tries = 0;
    friend bool operator==(const RevocationProbe &, const RevocationProbe &) = default;
};

/// How much the plan touched, counted when it was made.
struct TouchedCounts {
    Count workspaces;
    Count processes;
    Count sessions;
    Count leases;
    Count dependants;
    Count people;
    friend bool operator==(const TouchedCounts &, const TouchedCounts &) = default;
};

/// Everything that a certificate of revocation states: predicate "https://parapet.dev/revocation/v1"
/// (resources/formats/certificate.md). A value; `issued` and `signer` are set by issue().
struct RevocationRecord {
    struct Signer {
        PrincipalId principal;     ///< from the certificate's URI name
        QString keyId;             ///< "sha256:…" of the SubjectPublicKeyInfo
        QString certificateSha256; ///< of the DER: binds the certificate into what is signed
        friend bool operator==(const Signer &, const Signer &) = default;
    };

    OperationId operation;
    QString feature; ///< "revoke"
    QString title;
    Untrusted reason;
    Untrusted evidenceOverride; ///< the typed reason to skip evidence; empty: evidence came first
    QString system;             ///< the connection's name
    PrincipalId operatorId;     ///< who ran it
    Untrusted operatorName;
    Instant planned{};
    Instant started{};
    Instant ended{};
    QVector<RevokedWorkspace> workspaces;
    TouchedCounts touched;
    QVector<RevocationStep> steps;
    QVector<RevocationProbe> probes;
    QString auditLog;            ///< the log's origin
    QVector<qint64> auditEvents; ///< indexes in it, ascending
    QString journalSha256;       ///< chain value of the operation's journal, hex
    QStringList doesNotProve;    ///< set by issue(): limitsOf()
    Instant issued{};
    Signer signer;
    friend bool operator==(const RevocationRecord &, const RevocationRecord &) = default;
};

/// The in-toto predicate type, statement type and DSSE payload type of a certificate of revocation.
inline constexpr QLatin1String revocationPredicateType{"https://parapet.dev/revocation/v1"};
inline constexpr QLatin1String inTotoStatementType{"https://in-toto.io/Statement/v1"};
inline constexpr QLatin1String inTotoPayloadType{"application/vnd.in-toto+json"};

/// The largest certificate that is issued or read, in bytes: room for some tens of thousands of workspaces.
inline constexpr qsizetype largestCertificate = qsizetype(256) << 20;

/// What a certificate does not prove, in plain English: it is part of what is signed, so it is not translated.
QStringList limitsOf(const RevocationRecord &record);

/// The in-toto Statement of a record, as it stands: whatever does not hold is in it as such. For drafts and for
/// signing.
QJsonObject toStatement(const RevocationRecord &record);
/// Strict: unknown, missing and mistyped members are Invalid and named.
Result<RevocationRecord> fromStatement(const QJsonObject &statement);

/// What stands in the way of a certificate, in sentences that name it; empty when nothing does: a workspace without a
/// probe, a probe that does not hold, a step that was not observed (skipping is for steps that neither destroy nor
/// preserve, or for evidence under an override), evidence missing or later than destruction, a probe older than the
/// destruction it is about, a digest that is none.
QStringList obstacles(const RevocationRecord &record);

/// Signs a record with the operator's key at the clock's time: a DSSE envelope in canonical JSON, payload canonical
/// too. Refused as Invalid while there are obstacles() (the message names the first ones, the detail all), when the
/// identity's certificate is not one of `record.operatorId` or not valid now, and when it would be larger than
/// largestCertificate.
Result<QByteArray> issue(RevocationRecord record, const crypto::Identity &identity,
                         const Clock &clock = Clock::system());

} // namespace parapet::evidence
