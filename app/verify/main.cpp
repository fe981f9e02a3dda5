// SPDX-License-Identifier: GPL-3.0-or-later
// parapet-verify: checks certificates, bundles, checkpoints and whole logs offline. The checks themselves are models/evidence and
// models/transparency.
#include "app/verify/bundles.h"
#include "app/verify/progress.h"
#include "app/verify/report.h"
#include "app/verify/verifiedlog.h"
#include "app/verify/wholelog.h"
#include "models/crypto/digest.h"
#include "models/evidence/verify.h"
#include "models/transparency/proofbundle.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QCoreApplication>
#include <QtCore/QFile>

#include <cstdio>

namespace {

using namespace parapet;
using namespace Qt::StringLiterals;

enum ExitCode { Holds = 0, DoesNotHold = 1, Unreadable = 2 };

constexpr qsizetype readAtOnce = 1 << 20;

/// The command line, as it came.
struct Options {
    QString authority, keySha256, key, log, state;
    QStringList files;
    bool json = false;
};

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

int refuse(const QString &file, const Error &error, bool asJson)
{
    if (asJson)
        print(stdout, verify::unreadableAsJson(file, error));
    else
        print(stderr, u"parapet-verify: %1\n"_s.arg(Untrusted(error.message).inert()));
    return Unreadable;
}

int answer(const QString &file, const Result<verify::Checked> &checked, bool asJson)
{
    if (!checked)
        return refuse(file, checked.error(), asJson);
    print(stdout, asJson ? verify::reportAsJson(file, *checked) : verify::reportAsText(*checked));
    return checked->report.holds() ? Holds : DoesNotHold;
}

Failure misused(const QString &words)
{
    return fail(Error::Code::Invalid, words);
}

Result<verify::Checked> checkCertificate(const QByteArray &bytes, const Options &options)
{
    if (!options.key.isEmpty())
        return misused(VerifyText::tr("It is a certificate: --ca or --key-sha256 say whom you trust, not --key."));
    const Result<evidence::Trust> trust = trustFrom(options.authority, options.keySha256);
    if (!trust)
        return fail(trust.error());
    Result<evidence::Report> report = evidence::verify(bytes, *trust);
    if (!report)
        return fail(std::move(report.error()));
    return verify::Checked{u"certificate"_s, *std::move(report)};
}

Result<verify::Checked> checkDocument(const QByteArray &bytes, const Options &options)
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
            return fail(parsed.error());
        key = *parsed;
    }
    switch (kind) {
    case verify::DocumentKind::ProofBundle:
        return verify::checkProofBundle(bytes, key);
    case verify::DocumentKind::ConflictBundle:
        return verify::checkConflictBundle(bytes, key);
    case verify::DocumentKind::Checkpoint:
    case verify::DocumentKind::Certificate:
        break;
    }
    if (!key)
        return misused(VerifyText::tr("It is a bare checkpoint, which names no key: give the log's with --key."));
    return verify::checkCheckpoint(bytes, *key);
}

int checkFile(const QString &file, const Options &options)
{
    const Result<QByteArray> bytes = readWhole(file, std::max(evidence::largestCertificate, transparency::ProofBundle::maximumBytes));
    if (!bytes)
        return refuse(file, bytes.error(), options.json);
    Result<verify::Checked> checked = checkDocument(*bytes, options);
    if (!checked)
        checked.error().message = u"%1: %2"_s.arg(file, checked.error().message);
    return answer(file, checked, options.json);
}

Result<verify::Checked> checkLog(const Options &options)
{
    const Result<crypto::NoteVerifier> key = crypto::NoteVerifier::parse(options.key);
    if (!key)
        return fail(key.error());
    Result<std::optional<verify::VerifiedLog>> before{std::nullopt};
    if (!options.state.isEmpty())
        before = verify::VerifiedLog::read(options.state, *key);
    if (!before)
        return fail(before.error());
    const auto save = [&](const verify::VerifiedLog &verified) { return options.state.isEmpty() ? Status() : verified.write(options.state); };
    verify::Progress progress;
    verify::WholeLog log(*key, verify::folderSource(options.log), save, [&](qint64 done, qint64 of) { progress.show(done, of); });
    return log.check(*before, Clock::system().now());
}

/// What is wrong with the options themselves; empty when nothing is.
QString misuseOf(const Options &options)
{
    if (options.log.isEmpty()) {
        if (!options.state.isEmpty())
            return VerifyText::tr("--state goes with --log.");
        return options.files.size() == 1 ? QString() : VerifyText::tr("Name one file. See --help.");
    }
    if (!options.files.isEmpty())
        return VerifyText::tr("Name a file or --log, not both.");
    if (options.key.isEmpty())
        return VerifyText::tr("--log needs the log's key: give it with --key.");
    if (!options.authority.isEmpty() || !options.keySha256.isEmpty())
        return VerifyText::tr("--ca and --key-sha256 are for certificates.");
    return {};
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"parapet-verify"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(PARAPET_VERSION));

    QCommandLineParser parser;
    parser.setApplicationDescription(
        VerifyText::tr("Checks what Parapet hands on, by its content: a certificate of revocation, a proof bundle, a conflict "
                       "bundle, a signed checkpoint; with --log a whole published log. Needs no network.\n\n"
                       "Exit code: 0 it holds; 1 it does not, and what does not is said; 2 it cannot be read."));
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    const QCommandLineOption authority(
        u"ca"_s, VerifyText::tr("The operator's certificate must chain to the authority in this PEM file."), u"FILE"_s);
    const QCommandLineOption key(
        u"key-sha256"_s, VerifyText::tr("The signing key must have this SHA-256 (of its SubjectPublicKeyInfo)."),
        u"HEX"_s);
    const QCommandLineOption json(u"json"_s, VerifyText::tr("Print the report as JSON."));
    const QCommandLineOption logKey(
        u"key"_s, VerifyText::tr("The log's key, as name+hash+base64 (C2SP signed-note), for all but certificates."), u"VERIFIER"_s);
    const QCommandLineOption log(
        u"log"_s, VerifyText::tr("Check a whole log in this folder: checkpoint, tile/… and tile/entries/… (C2SP tlog-tiles)."), u"FOLDER"_s);
    const QCommandLineOption state(
        u"state"_s, VerifyText::tr("Keep in this file how far the log was verified; compare with that and go on from there."), u"FILE"_s);
    parser.addOptions({authority, key, logKey, log, state, json});
    parser.addPositionalArgument(u"FILE"_s, VerifyText::tr("What to check, or - for standard input."));

    if (!parser.parse(application.arguments())) {
        print(stderr, u"parapet-verify: %1\n"_s.arg(Untrusted(parser.errorText()).inert()));
        return Unreadable;
    }
    if (parser.isSet(help)) {
        print(stdout, parser.helpText());
        return 0;
    }
    if (parser.isSet(version)) {
        print(stdout, u"parapet-verify %1\n"_s.arg(QCoreApplication::applicationVersion()));
        return 0;
    }
    const Options options{parser.value(authority), parser.value(key), parser.value(logKey), parser.value(log), parser.value(state),
                          parser.positionalArguments(), parser.isSet(json)};
    if (const QString misuse = misuseOf(options); !misuse.isEmpty()) {
        print(stderr, u"parapet-verify: %1\n"_s.arg(misuse));
        return Unreadable;
    }
    if (options.log.isEmpty())
        return checkFile(options.files.first(), options);
    return answer(options.log, checkLog(options), options.json);
}
