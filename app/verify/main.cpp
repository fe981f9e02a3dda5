// SPDX-License-Identifier: GPL-3.0-or-later
// parapet-verify: checks certificates, bundles, checkpoints and whole logs, and cosigns what it found consistent. The checks themselves
// are models/evidence and models/transparency.
#include "app/verify/bundles.h"
#include "app/verify/interruption.h"
#include "app/verify/options.h"
#include "app/verify/passphrase.h"
#include "app/verify/progress.h"
#include "app/verify/remotelog.h"
#include "app/verify/report.h"
#include "app/verify/verifiedlog.h"
#include "app/verify/wholelog.h"
#include "app/verify/witness.h"
#include "models/crypto/digest.h"
#include "models/evidence/verify.h"
#include "models/transparency/proofbundle.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>

#include <cstdio>

namespace {

using namespace parapet;
using verify::Options;
using namespace Qt::StringLiterals;

constexpr qsizetype readAtOnce = 1 << 20;

/// Why nothing was checked.
struct Refusal {
    Error error;
    verify::ExitCode code = verify::Unchecked;

    Refusal(Error why) : error(std::move(why)) {}
    Refusal(Error why, verify::ExitCode with) : error(std::move(why)), code(with) {}
};
using Outcome = tl::expected<verify::Checked, Refusal>;

struct VerifyText {
    Q_DECLARE_TR_FUNCTIONS(Verify)
};

void print(std::FILE *to, const QString &words)
{
    const QByteArray utf8 = words.toUtf8();
    std::fwrite(utf8.constData(), 1, size_t(utf8.size()), to);
}

/// The bytes of a file, or of standard input for "-".
Result<QByteArray> readWhole(const QString &path, qsizetype limit)
{
    QFile file(path);
    const bool opened = path == u"-" ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!opened)
        return fail(Error::Code::Storage, u"%1: %2"_s.arg(path, file.errorString()));
    QByteArray bytes;
    for (QByteArray part = file.read(readAtOnce); !part.isEmpty() && bytes.size() <= limit; part = file.read(readAtOnce))
        bytes += part;
    if (file.error() != QFileDevice::NoError)
        return fail(Error::Code::Storage, u"%1: %2"_s.arg(path, file.errorString()));
    if (bytes.size() > limit)
        return fail(Error::Code::Invalid,
                    u"%1: %2"_s.arg(path, VerifyText::tr("The file is larger than %1 bytes.").arg(limit)));
    return bytes;
}

Result<evidence::Trust> trustFrom(const QString &authority, const QString &key)
{
    evidence::Trust trust;
    if (!authority.isEmpty()) {
        const Result<QByteArray> pem = readWhole(authority, 1 << 20);
        if (!pem)
            return fail(pem.error());
        const Result<crypto::Certificate> certificate = crypto::Certificate::fromPem(*pem);
        if (!certificate)
            return fail(Error::Code::Invalid, u"%1: %2"_s.arg(authority, certificate.error().message));
        trust.authority = *certificate;
    }
    trust.keySha256 = key.toLower().remove(u':');
    if (trust.keySha256.startsWith(u"sha256"))
        trust.keySha256.remove(0, 6);
    if (!trust.keySha256.isEmpty() && !crypto::isSha256Hex(trust.keySha256))
        return fail(Error::Code::Invalid, VerifyText::tr("--key-sha256 takes 64 hexadecimal digits."));
    return trust;
}

int refuse(const QString &file, const Refusal &refusal, bool asJson)
{
    if (asJson && refusal.code != verify::Misused)
        print(stdout, verify::unreadableAsJson(file, refusal.error));
    else
        print(stderr, u"parapet-verify: %1\n"_s.arg(Untrusted(refusal.error.message).inert()));
    return refusal.code;
}

int answer(const QString &file, const Outcome &checked, bool asJson)
{
    if (!checked)
        return refuse(file, checked.error(), asJson);
    print(stdout, asJson ? verify::reportAsJson(file, *checked) : verify::reportAsText(*checked));
    return checked->report.holds() ? verify::Holds : verify::DoesNotHold;
}

tl::unexpected<Refusal> unchecked(Error why)
{
    return tl::unexpected(Refusal(std::move(why)));
}

tl::unexpected<Refusal> misused(Error why)
{
    return tl::unexpected(Refusal(std::move(why), verify::Misused));
}

tl::unexpected<Refusal> misused(const QString &words)
{
    return misused(Error{Error::Code::Invalid, words, {}, false});
}

Outcome outcomeOf(Result<verify::Checked> checked)
{
    if (!checked)
        return unchecked(std::move(checked.error()));
    return *std::move(checked);
}

Outcome checkCertificate(const QByteArray &bytes, const Options &options)
{
    // What is nothing at all is no certificate either, and the key may have been right for what it was.
    if (!options.key.isEmpty() && bytes.startsWith('{'))
        return misused(VerifyText::tr("It is a certificate: --ca or --key-sha256 say whom you trust, not --key."));
    const Result<evidence::Trust> trust = trustFrom(options.authority, options.keySha256);
    if (!trust)
        return misused(trust.error());
    Result<evidence::Report> report = evidence::verify(bytes, *trust);
    if (!report)
        return unchecked(std::move(report.error()));
    return verify::Checked{u"certificate"_s, *std::move(report)};
}

Outcome checkDocument(const QByteArray &bytes, const Options &options)
{
    const verify::DocumentKind kind = verify::kindOf(bytes);
    if (kind == verify::DocumentKind::Certificate)
        return checkCertificate(bytes, options);
    // An option that would be ignored would be taken for one that was heeded.
    if (!options.authority.isEmpty() || !options.keySha256.isEmpty())
        return misused(VerifyText::tr("It is not a certificate: --key says whose log you trust, not --ca or --key-sha256."));
    std::optional<crypto::NoteVerifier> key;
    if (!options.key.isEmpty()) {
        const Result<crypto::NoteVerifier> parsed = crypto::NoteVerifier::parse(options.key);
        if (!parsed)
            return misused(parsed.error());
        key = *parsed;
    }
    switch (kind) {
    case verify::DocumentKind::ProofBundle:
        return outcomeOf(verify::checkProofBundle(bytes, key));
    case verify::DocumentKind::ConflictBundle:
        return outcomeOf(verify::checkConflictBundle(bytes, key));
    case verify::DocumentKind::Checkpoint:
    case verify::DocumentKind::Certificate:
        break;
    }
    if (!key)
        return misused(VerifyText::tr("It is a bare checkpoint, which names no key: give the log's with --key."));
    return outcomeOf(verify::checkCheckpoint(bytes, *key));
}

int checkFile(const Options &options)
{
    const QString &file = options.files.first();
    const Result<QByteArray> bytes = readWhole(file, std::max(evidence::largestCertificate, transparency::ProofBundle::maximumBytes));
    if (!bytes)
        return refuse(file, bytes.error(), options.json);
    Outcome checked = checkDocument(*bytes, options);
    if (!checked)
        checked.error().error.message = u"%1: %2"_s.arg(file, checked.error().error.message);
    return answer(file, checked, options.json);
}

/// The log of --log, and for how long it can be read.
struct OpenLog {
    verify::LogSource source;
    std::unique_ptr<verify::RemoteLog> remote;
};

Result<OpenLog> openLog(const Options &options)
{
    if (!options.isRemote())
        return OpenLog{verify::interruptible(verify::folderSource(options.log)), {}};
    Result<std::unique_ptr<verify::RemoteLog>> remote = verify::RemoteLog::open(
        {QUrl(options.log), options.authority, options.certificate, options.privateKey, options.retries, verify::askPassphrase});
    if (!remote)
        return fail(remote.error());
    return OpenLog{verify::interruptible((*remote)->source()), *std::move(remote)};
}

/// Writes the evidence down. That it cannot be written changes nothing about what was found.
void handOn(const std::optional<transparency::ConflictBundle> &conflict, const Options &options, verify::Checked &checked)
{
    if (!conflict || (options.bundleOut.isEmpty() && !verify::isOfTheLog(conflict->verdict)))
        return;
    const Result<QString> written = verify::writeConflict(*conflict, options.bundleOut);
    if (written)
        checked.conflictBundle = *written;
    else
        print(stderr, u"parapet-verify: %1\n"_s.arg(Untrusted(written.error().message).inert()));
}

Outcome checkLog(const OpenLog &open, const crypto::NoteVerifier &key, const Options &options)
{
    Result<std::optional<verify::VerifiedLog>> before{std::nullopt};
    if (!options.state.isEmpty())
        before = verify::VerifiedLog::read(options.state, key);
    if (!before)
        return unchecked(before.error());
    const auto save = [&](const verify::VerifiedLog &verified) { return options.state.isEmpty() ? Status() : verified.write(options.state); };
    verify::Progress progress;
    verify::WholeLog log(key, open.source, save, [&](qint64 done, qint64 of) { progress.show(done, of); });
    Result<verify::Checked> checked = log.check(*before, Clock::system().now());
    if (!checked && !options.state.isEmpty() && log.isSaved()) {
        checked.error().message += u' ' + VerifyText::tr("What was verified is kept in %1: the same command goes on from there.").arg(options.state);
    }
    if (checked)
        handOn(log.conflict(), options, *checked);
    return outcomeOf(std::move(checked));
}

Outcome cosignLog(const OpenLog &open, const crypto::NoteVerifier &key, const Options &options)
{
    const Result<crypto::NoteSigner> signer = verify::readWitnessKey(options.witness);
    if (!signer)
        return unchecked(signer.error());
    verify::Witness::Send send;
    if (open.remote)
        send = [&](qint64 size, const QString &line) { return open.remote->sendCosignature(size, line); };
    // Beside the key: what was signed with it must never be looked for in two places.
    verify::Witness witness(*signer, key, options.state.isEmpty() ? options.witness + u".cosigned"_s : options.state, send);
    Result<verify::Checked> checked = witness.cosign(open.source, Clock::system());
    if (!checked && checked.error().code == Error::Code::Forbidden) {
        checked.error().message += u' ' + VerifyText::tr("Give the log's owner this witness's verifier key: %1").arg(signer->verifier().text());
    }
    if (checked)
        handOn(witness.conflict(), options, *checked);
    return outcomeOf(std::move(checked));
}

Outcome lookAtLog(const Options &options)
{
    const Result<crypto::NoteVerifier> key = crypto::NoteVerifier::parse(options.key);
    if (!key)
        return misused(key.error());
    if (options.isRemote()) {
        if (const QString problem = verify::problemOfLogUrl(QUrl(options.log)); !problem.isEmpty())
            return misused(problem);
    }
    verify::Interruption::watch();
    const Result<OpenLog> open = openLog(options);
    if (!open)
        return unchecked(open.error());
    return options.witness.isEmpty() ? checkLog(*open, *key, options) : cosignLog(*open, *key, options);
}

int makeKey(const Options &options)
{
    const Result<crypto::NoteVerifier> made = verify::makeWitnessKey(options.witnessKeyNew, options.witnessName);
    if (!made)
        return refuse(options.witnessKeyNew, Refusal(made.error(), made.error().code == Error::Code::Storage ? verify::Unchecked : verify::Misused), false);
    print(stdout, made->text() + u'\n');
    return verify::Holds;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"parapet-verify"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(PARAPET_VERSION));

    const Result<Options> options = verify::optionsFrom(application.arguments());
    if (!options)
        return refuse({}, Refusal(options.error(), verify::Misused), false);
    switch (options->ask) {
    case Options::Ask::Help:
        print(stdout, options->helpText);
        return verify::Holds;
    case Options::Ask::Version:
        print(stdout, u"parapet-verify %1\n"_s.arg(QCoreApplication::applicationVersion()));
        return verify::Holds;
    case Options::Ask::NewWitnessKey:
        return makeKey(*options);
    case Options::Ask::Check:
        break;
    }
    return options->log.isEmpty() ? checkFile(*options) : answer(options->log, lookAtLog(*options), options->json);
}
