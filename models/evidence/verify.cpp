// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/evidence/verify.h"

#include "models/core/json.h"
#include "models/evidence/checks.h"

#include <QtCore/QCoreApplication>

namespace parapet::evidence {

using namespace Qt::StringLiterals;

namespace {

struct VerifyText {
    Q_DECLARE_TR_FUNCTIONS(Verify)
};

Finding finding(const char *id, const QString &text, QStringList why)
{
    const auto state = why.isEmpty() ? Finding::State::Holds : Finding::State::Fails;
    return {QLatin1String(id), state, text, std::move(why)};
}

Finding notChecked(const char *id, const QString &text, const QString &why)
{
    return {QLatin1String(id), Finding::State::NotChecked, text, {why}};
}

/// Checks one envelope, statement after statement; later ones need what earlier ones found.
class Verification
{
public:
    Verification(QByteArrayView bytes, crypto::Envelope envelope, const Trust &trust)
        : m_bytes(bytes), m_envelope(std::move(envelope)), m_trust(trust)
    {
    }

    Report run()
    {
        structure();
        canonical();
        signature();
        signer();
        trust();
        content();
        return std::move(m_report);
    }

private:
    void add(Finding found) { m_report.findings.append(std::move(found)); }

    void structure()
    {
        QStringList why;
        if (m_envelope.payloadType != inTotoPayloadType)
            why.append(VerifyText::tr("Its payload is not an in-toto statement."));
        if (m_envelope.signatures.size() != 1 || m_envelope.signatures.first().certificates.isEmpty())
            why.append(VerifyText::tr("It must have one signature, with the signer's certificate."));
        const Result<QJsonValue> payload = parseJson(m_envelope.payload, {.bytes = largestCertificate});
        if (!payload || !payload->isObject()) {
            why.append(payload ? VerifyText::tr("Its payload is not an object.") : payload.error().message);
        } else {
            m_canonicalPayload = canonicalJson(*payload);
            Result<RevocationRecord> record = fromStatement(payload->toObject());
            if (record) {
                why += malformations(*record);
                m_report.record = *std::move(record);
            } else {
                why.append(record.error().detail.isEmpty()
                               ? record.error().message
                               : u"%1 (%2)"_s.arg(record.error().message, Untrusted(record.error().detail).inert(200)));
            }
        }
        if (m_report.record && !isKnown(m_report.record->issued))
            why.append(VerifyText::tr("It does not say when it was signed: it is a draft."));
        add(finding("structure",
                    VerifyText::tr("It is a certificate of revocation of version 1, whole and well-formed."), why));
    }

    void canonical()
    {
        QStringList why;
        if (m_envelope.toBytes() != m_bytes)
            why.append(VerifyText::tr("The envelope is written in another form than the signer wrote."));
        if (m_canonicalPayload != m_envelope.payload)
            why.append(VerifyText::tr("The statement is written in another form than the signer wrote."));
        add(finding("canonical", VerifyText::tr("Envelope and statement are in canonical form (RFC 8785)."), why));
    }

    void signature()
    {
        const QString text = VerifyText::tr("The signature is that of the certified key, over exactly this statement.");
        QStringList why;
        const crypto::Envelope::Signature &first = m_envelope.signatures.first();
        if (first.certificates.isEmpty()) {
            why.append(VerifyText::tr("The signer's certificate is missing."));
        } else {
            m_leaf = first.certificates.first();
            const Result<crypto::PublicKey> key = m_leaf->publicKey();
            if (!key)
                why.append(VerifyText::tr("The signer's certificate holds no key that can sign this."));
            else if (!key->verify(crypto::dssePreAuthEncoding(m_envelope.payloadType.toUtf8(), m_envelope.payload),
                                  first.sig))
                why.append(VerifyText::tr("The signature does not verify: the statement was altered after it was "
                                          "signed, or another key signed it."));
            else if (first.keyId != key->keyId())
                why.append(VerifyText::tr("The signature names another key than the one that made it."));
            else
                m_report.keySha256 = key->fingerprint();
        }
        add(finding("signature", text, why));
    }

    void signer()
    {
        const QString text =
            VerifyText::tr("The signer is the operator whom it names, with a certificate that was valid then.");
        if (!m_leaf || !m_report.record) {
            add(finding("signer", text, {VerifyText::tr("It cannot be told who signed.")}));
            return;
        }
        QStringList why;
        const RevocationRecord &record = *m_report.record;
        const RevocationRecord::Signer actual{PrincipalId(m_leaf->principal()), u"sha256:"_s + m_leaf->keyFingerprint(),
                                              m_leaf->fingerprint()};
        if (actual.principal.isEmpty() || actual.principal != record.operatorId)
            why.append(
                VerifyText::tr("The certificate is for “%1”, but “%2” ran the operation.")
                    .arg(Untrusted(actual.principal.value).inert(128), Untrusted(record.operatorId.value).inert(128)));
        if (actual != record.signer)
            why.append(VerifyText::tr("The statement names another signer than the certificate beside it."));
        if (!m_leaf->isValidAt(record.issued))
            why.append(VerifyText::tr("The operator's certificate was not valid when this was signed."));
        const QVector<crypto::Certificate> &chain = m_envelope.signatures.first().certificates;
        for (qsizetype i = 0; i < chain.size(); ++i) {
            const bool last = i + 1 == chain.size();
            const bool rootless = last && !chain[i].isAuthority();
            if (!rootless && !chain[i].isIssuedBy(last ? chain[i] : chain[i + 1]))
                why.append(
                    VerifyText::tr("Certificate %1 of the chain beside it was not issued by the next.").arg(i + 1));
        }
        add(finding("signer", text, why));
    }

    void trust()
    {
        const QString text = VerifyText::tr("The signer is one whom you trust.");
        if (!m_trust.authority && m_trust.keySha256.isEmpty()) {
            add(notChecked("trust", text,
                           VerifyText::tr("You named no authority and no key: anyone could have made a certificate "
                                          "like this for themselves.")));
            return;
        }
        QStringList why;
        if (!m_leaf || !m_report.record || m_report.keySha256.isEmpty()) {
            why.append(VerifyText::tr("It cannot be told who signed."));
        } else {
            if (!m_trust.keySha256.isEmpty() && m_trust.keySha256 != m_report.keySha256)
                why.append(VerifyText::tr("Another key signed this: %1").arg(m_report.keySha256));
            if (m_trust.authority) {
                const Status chained = crypto::verifyChain(*m_leaf, m_envelope.signatures.first().certificates.mid(1),
                                                           *m_trust.authority, m_report.record->issued);
                if (!chained)
                    why.append(chained.error().message);
            }
        }
        add(finding("trust", text, why));
    }

    void content()
    {
        struct Check {
            const char *id;
            QString text;
            QStringList (*run)(const RevocationRecord &);
        };
        const Check checks[] = {
            {"steps", VerifyText::tr("Every step was observed, not only asked for."), unfinishedSteps},
            {"probes", VerifyText::tr("Everything that was tried afterwards was refused or gone."), failedProbes},
            {"evidence", VerifyText::tr("Evidence was preserved before anything was destroyed."), lateEvidence},
            {"digests", VerifyText::tr("Every digest is a SHA-256."), malformedDigests},
        };
        for (const Check &check : checks) {
            if (!m_report.record) {
                add(finding(check.id, check.text, {VerifyText::tr("The statement cannot be read.")}));
                continue;
            }
            const RevocationRecord &record = *m_report.record;
            const bool overridden = qstrcmp(check.id, "evidence") == 0 && !record.evidenceOverride.isEmpty();
            if (overridden)
                add(notChecked(check.id, check.text,
                               VerifyText::tr("The operator skipped evidence, and gave a reason: %1")
                                   .arg(record.evidenceOverride.inert(500))));
            else
                add(finding(check.id, check.text, check.run(record)));
        }
    }

    QByteArrayView m_bytes;
    crypto::Envelope m_envelope;
    const Trust &m_trust;
    Report m_report;
    QByteArray m_canonicalPayload;
    std::optional<crypto::Certificate> m_leaf;
};

} // namespace

bool Report::holds() const
{
    return !findings.isEmpty() && std::none_of(findings.begin(), findings.end(),
                                               [](const Finding &f) { return f.state == Finding::State::Fails; });
}

const Finding *Report::find(QStringView id) const
{
    const auto found = std::find_if(findings.begin(), findings.end(), [id](const Finding &f) { return f.id == id; });
    return found == findings.end() ? nullptr : &*found;
}

Result<Report> verify(QByteArrayView envelope, const Trust &trust)
{
    Result<crypto::Envelope> parsed = crypto::Envelope::fromBytes(envelope, largestCertificate);
    if (!parsed)
        return fail(parsed.error());
    return Verification(envelope, *std::move(parsed), trust).run();
}

} // namespace parapet::evidence
