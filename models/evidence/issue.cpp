// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/evidence/checks.h"
#include "models/evidence/revocation.h"

#include "models/core/json.h"

#include <QtCore/QCoreApplication>

namespace parapet::evidence {

using namespace Qt::StringLiterals;

QStringList limitsOf(const RevocationRecord &record)
{
    QStringList limits{
        u"It does not prove that nothing was copied out of a workspace before it was isolated."_s,
        u"It does not prove that the workspace held no credential which the credential broker did not issue."_s,
        u"It proves what the named observers answered at the named times, not that they answered truthfully."_s,
        u"Its times are those of the console's clock."_s,
        u"It names audit events by their index; that the log holds them unaltered is proven by the log's own inclusion proofs."_s,
        u"It speaks of the moments of its probes. Access that is granted later is not excluded."_s,
    };
    if (!record.evidenceOverride.isEmpty())
        limits.append(u"Evidence was not preserved before destruction: the operator's reason is stated."_s);
    const bool simulated = std::any_of(record.workspaces.begin(), record.workspaces.end(),
                                       [](const RevokedWorkspace &w) { return w.simulated; });
    if (simulated)
        limits.append(u"Nothing ran behind the workspaces that are marked as simulated."_s);
    const bool counted = std::any_of(record.steps.begin(), record.steps.end(), [](const RevocationStep &s) {
        return s.result == RevocationStep::Result::Observed && !isKnown(s.requested);
    });
    if (counted)
        limits.append(u"Steps without a time of request were found done: this operation did not bring them about."_s);
    return limits;
}

QStringList obstacles(const RevocationRecord &record)
{
    return failedProbes(record) + unfinishedSteps(record) + lateEvidence(record) + malformedDigests(record) +
           malformations(record);
}

Result<QByteArray> issue(RevocationRecord record, const crypto::Identity &identity, const Clock &clock)
{
    constexpr qsizetype shown = 3;
    const QStringList standing = obstacles(record);
    if (!standing.isEmpty()) {
        QString message =
            QCoreApplication::translate("Revocation", "No certificate: %1").arg(standing.mid(0, shown).join(u' '));
        if (standing.size() > shown)
            message +=
                u' ' + QCoreApplication::translate("Revocation", "And %n more.", nullptr, int(standing.size() - shown));
        return fail(Error::Code::Invalid, message, standing.join(u'\n'));
    }
    record.issued = clock.now();
    record.signer = {PrincipalId(identity.certificate.principal()), identity.key.keyId(),
                     identity.certificate.fingerprint()};
    record.doesNotProve = limitsOf(record);
    if (record.signer.principal != record.operatorId) {
        return fail(Error::Code::Invalid,
                    QCoreApplication::translate(
                        "Revocation",
                        "No certificate: the signing key is certified for “%1”, but “%2” ran the operation. "
                        "Sign with the operator's own key.")
                        .arg(Untrusted(record.signer.principal.value).inert(128),
                             Untrusted(record.operatorId.value).inert(128)));
    }
    if (!identity.certificate.isValidAt(record.issued)) {
        return fail(Error::Code::Invalid,
                    QCoreApplication::translate(
                        "Revocation",
                        "No certificate: the operator's own certificate is not valid now. Renew it, then sign again."));
    }
    const QJsonObject statement = toStatement(record);
    // What cannot be read back must not be signed: text longer than the format allows, an identifier that is none.
    const Result<RevocationRecord> readBack = fromStatement(statement);
    if (!readBack)
        return fail(readBack.error());
    QVector<crypto::Certificate> certificates{identity.certificate};
    certificates += identity.chain;
    QByteArray bytes =
        crypto::Envelope::sign(inTotoPayloadType, canonicalJson(statement), identity.key, certificates).toBytes();
    if (bytes.size() > largestCertificate) {
        return fail(
            Error::Code::Invalid,
            QCoreApplication::translate(
                "Revocation", "No certificate: it would be too large to be checked. Revoke in smaller groups."));
    }
    return bytes;
}

} // namespace parapet::evidence
