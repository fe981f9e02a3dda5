// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verify/witness.h"

#include "models/crypto/privatefile.h"
#include "models/crypto/random.h"
#include "models/transparency/keptcheckpoints.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>

namespace parapet::verify {

using namespace Qt::StringLiterals;
using namespace transparency;
using evidence::Finding;

namespace {

struct WitnessText {
    Q_DECLARE_TR_FUNCTIONS(Verify)
};

constexpr qsizetype fingerprintDigits = 12;

} // namespace

Result<crypto::NoteVerifier> makeWitnessKey(const QString &file, const QString &name)
{
    if (QFile::exists(file)) {
        return fail(Error::Code::Conflict,
                    WitnessText::tr("“%1” is there already. A witness that loses its key must be made known to the logs anew: name another file.").arg(file));
    }
    const auto key = crypto::PrivateKey::generate(crypto::KeyKind::Ed25519);
    const QString named = name.isEmpty() ? u"witness-"_s + key.publicKey().fingerprint().left(fingerprintDigits) : name;
    const Result<crypto::NoteSigner> signer = crypto::NoteSigner::make(named, key, crypto::NoteAlgorithm::Cosignature);
    if (!signer)
        return fail(signer.error());
    QByteArray text = signer->text().toUtf8() + '\n';
    const Status written = crypto::writePrivateFile(file, text);
    crypto::wipe(text);
    return written ? Result<crypto::NoteVerifier>(signer->verifier()) : Result<crypto::NoteVerifier>(fail(written.error()));
}

Result<crypto::NoteSigner> readWitnessKey(const QString &file)
{
    Result<QByteArray> text = crypto::readPrivateFile(file);
    if (!text)
        return fail(text.error());
    Result<crypto::NoteSigner> signer = crypto::NoteSigner::parse(QString::fromUtf8(*text).trimmed(), crypto::NoteAlgorithm::Cosignature);
    crypto::wipe(*text);
    if (!signer)
        return fail(Error::Code::Invalid, WitnessText::tr("“%1” holds no key of a witness. Make one with --witness-key-new.").arg(file));
    return signer;
}

Result<Checked> Witness::cosign(const LogSource &source, const Clock &clock)
{
    const Instant now = clock.now();
    KeptCheckpoints kept(m_folder);
    const Result<std::optional<KeptCheckpoint>> before = kept.read(m_log);
    if (!before)
        return fail(before.error());
    const Result<QByteArray> note = source.read(u"checkpoint"_s, Note::maximumBytes);
    if (!note)
        return fail(note.error());
    Follower follower(m_log);
    if (*before) {
        if (const Status resumed = follower.resume(**before); !resumed)
            return fail(resumed.error());
    }
    if (const Status judged = judgeCheckpoint(follower, source, *note, now); !judged)
        return fail(judged.error());

    Checked checked{u"cosignature"_s};
    Finding signature{u"signature"_s, Finding::State::Holds, WitnessText::tr("The checkpoint is signed by the log."), {}};
    Finding consistency{u"consistency"_s, Finding::State::NotChecked, WitnessText::tr("The log begins with what was cosigned before."), {}};
    Finding cosigned{u"cosigned"_s, Finding::State::NotChecked, WitnessText::tr("The checkpoint is cosigned."), {}};
    const Judgement judgement = follower.judgement();
    if (const std::optional<Checkpoint> claimed = examineCheckpoint(*note, m_log).claimed) {
        checked.state(WitnessText::tr("Log"), u"origin"_s, claimed->origin);
        checked.state(WitnessText::tr("Events"), u"size"_s, claimed->head.size);
        checked.state(WitnessText::tr("Root"), u"root"_s, QString::fromLatin1(toBase64(claimed->head.root)));
    }
    checked.state(WitnessText::tr("Witness"), u"witness"_s, m_signer.verifier().text());
    if (!isTrusted(judgement.verdict)) {
        Finding &wrong = judgement.seen ? consistency : signature;
        wrong.state = Finding::State::Fails;
        wrong.why.append(judgement.words);
        cosigned.why.append(WitnessText::tr("Nothing was signed."));
        m_conflict = follower.conflict();
    } else {
        if (*before)
            consistency.state = Finding::State::Holds;
        else
            consistency.why.append(WitnessText::tr("Nothing was cosigned before: this is the first."));
        // The promise of a witness: durable before anyone can see the signature, and never beside another one (C2SP tlog-witness).
        if (const Status durable = kept.keep(m_log, *follower.kept(), *before); !durable)
            return fail(durable.error());
        const NoteSignature made = transparency::cosign(m_signer, judgement.seen->checkpoint.text(), now);
        const QString line = QString::fromUtf8(made.line().chopped(1));
        checked.state(WitnessText::tr("Cosignature"), u"line"_s, line);
        if (m_send && judgement.seen->head().size > 0) {
            if (const Status sent = m_send(judgement.seen->head().size, line); !sent)
                return fail(sent.error());
            checked.conclusion = WitnessText::tr("The log took the cosignature.");
        } else {
            checked.conclusion = WitnessText::tr("The cosignature was handed to nobody.");
        }
        cosigned.state = Finding::State::Holds;
    }
    checked.report.findings = {signature, consistency, cosigned};
    return checked;
}

} // namespace parapet::verify
