// SPDX-License-Identifier: GPL-3.0-or-later
// parapet-verify: checks a certificate of revocation offline. The checks themselves are models/evidence/verify.
#include "app/verify/report.h"
#include "models/crypto/digest.h"
#include "models/evidence/verify.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QCoreApplication>
#include <QtCore/QFile>

#include <cstdio>

namespace {

using namespace parapet;
using namespace Qt::StringLiterals;

enum ExitCode { Holds = 0, DoesNotHold = 1, Unreadable = 2 };

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
    QByteArray bytes = file.read(limit + 1);
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

int check(const QString &file, const QString &authority, const QString &key, bool asJson)
{
    const Result<evidence::Trust> trust = trustFrom(authority, key);
    if (!trust)
        return refuse(file, trust.error(), asJson);
    const Result<QByteArray> bytes = readWhole(file, evidence::largestCertificate);
    if (!bytes)
        return refuse(file, bytes.error(), asJson);
    Result<evidence::Report> report = evidence::verify(*bytes, *trust);
    if (!report) {
        report.error().message = u"%1: %2"_s.arg(file, report.error().message);
        return refuse(file, report.error(), asJson);
    }
    print(stdout, asJson ? verify::reportAsJson(file, *report) : verify::reportAsText(*report));
    return report->holds() ? Holds : DoesNotHold;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"parapet-verify"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(PARAPET_VERSION));

    QCommandLineParser parser;
    parser.setApplicationDescription(
        VerifyText::tr("Checks a certificate of revocation that Parapet issued. Needs no network and no clock.\n\n"
                       "Exit code: 0 it holds; 1 it does not, and what does not is said; 2 it cannot be read."));
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    const QCommandLineOption authority(
        u"ca"_s, VerifyText::tr("The operator's certificate must chain to the authority in this PEM file."), u"FILE"_s);
    const QCommandLineOption key(
        u"key-sha256"_s, VerifyText::tr("The signing key must have this SHA-256 (of its SubjectPublicKeyInfo)."),
        u"HEX"_s);
    const QCommandLineOption json(u"json"_s, VerifyText::tr("Print the report as JSON."));
    parser.addOptions({authority, key, json});
    parser.addPositionalArgument(u"FILE"_s, VerifyText::tr("The certificate, or - for standard input."));

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
    if (parser.positionalArguments().size() != 1) {
        print(stderr, u"parapet-verify: %1\n"_s.arg(VerifyText::tr("Name one file. See --help.")));
        return Unreadable;
    }
    return check(parser.positionalArguments().first(), parser.value(authority), parser.value(key), parser.isSet(json));
}
