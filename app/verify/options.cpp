// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verify/options.h"

#include "models/core/untrusted.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QCoreApplication>

namespace parapet::verify {

using namespace Qt::StringLiterals;

namespace {

struct OptionText {
    Q_DECLARE_TR_FUNCTIONS(Verify)
};

constexpr int mostRetries = 100;

/// What is wrong with options that belong together; empty when nothing is.
QString misuseOf(const Options &options)
{
    if (options.ask == Options::Ask::NewWitnessKey) {
        const bool alone = options.files.isEmpty() && options.log.isEmpty() && options.witness.isEmpty();
        return alone ? QString() : OptionText::tr("--witness-key-new goes with --witness-name alone.");
    }
    if (!options.witnessName.isEmpty())
        return OptionText::tr("--witness-name goes with --witness-key-new.");
    if (options.log.isEmpty()) {
        if (!options.state.isEmpty())
            return OptionText::tr("--state goes with --log.");
        if (!options.witness.isEmpty() || !options.bundleOut.isEmpty() || !options.certificate.isEmpty() || !options.privateKey.isEmpty())
            return OptionText::tr("--witness, --bundle-out, --certificate and --private-key go with --log.");
        return options.files.size() == 1 ? QString() : OptionText::tr("Name one file. See --help.");
    }
    if (!options.files.isEmpty())
        return OptionText::tr("Name a file or --log, not both.");
    if (options.key.isEmpty())
        return OptionText::tr("--log needs the log's key: give it with --key.");
    if (!options.keySha256.isEmpty())
        return OptionText::tr("--key-sha256 is for certificates of revocation.");
    if (!options.isRemote() && (!options.authority.isEmpty() || !options.certificate.isEmpty() || !options.privateKey.isEmpty()))
        return OptionText::tr("--ca, --certificate and --private-key are for logs behind https.");
    if (options.certificate.isEmpty() && !options.privateKey.isEmpty())
        return OptionText::tr("--private-key goes with --certificate.");
    return {};
}

} // namespace

bool Options::isRemote() const
{
    return log.contains(u"://"_s);
}

Result<Options> optionsFrom(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(OptionText::tr(
        "Checks what Parapet hands on, by its content: a certificate of revocation, a proof bundle, a conflict bundle, a signed checkpoint; "
        "with --log a whole published log. Needs no network, unless the log is behind one.\n\n"
        "Exit code: 0 it holds; 1 it does not, and what does not is said; 2 the command line is wrong; 3 it could not be checked."));
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    const auto add = [&parser](const QString &name, const QString &what, const QString &value) {
        const QCommandLineOption option(name, what, value);
        parser.addOption(option);
        return option;
    };
    const auto authority = add(u"ca"_s, OptionText::tr("The authority (PEM file) to which a certificate of revocation must chain; with --log the only one that may "
                                                       "vouch for the server."), u"FILE"_s);
    const auto keySha256 = add(u"key-sha256"_s, OptionText::tr("The signing key must have this SHA-256 (of its SubjectPublicKeyInfo)."), u"HEX"_s);
    const auto key = add(u"key"_s, OptionText::tr("The log's key, as name+hash+base64 (C2SP signed-note), for all but certificates."), u"VERIFIER"_s);
    const auto log = add(u"log"_s, OptionText::tr("Check a whole log in this folder, or behind this https address: checkpoint, tile/… and tile/entries/… "
                                                  "(C2SP tlog-tiles)."), u"FOLDER-OR-URL"_s);
    const auto state = add(u"state"_s, OptionText::tr("Keep in this file how far the log was verified; compare with that and go on from there. With --witness a "
                                                      "folder."), u"PATH"_s);
    const auto bundle = add(u"bundle-out"_s, OptionText::tr("Write the conflict bundle of a log that contradicts itself to this new file."), u"FILE"_s);
    const auto certificate = add(u"certificate"_s, OptionText::tr("The client certificate (PEM file) for a log that wants one."), u"FILE"_s);
    const auto privateKey = add(u"private-key"_s, OptionText::tr("Its key (PEM file), unless it is in the same file. A passphrase is asked for."), u"FILE"_s);
    const auto retries = add(u"retries"_s, OptionText::tr("How often a request that failed for now is made again (5)."), u"N"_s);
    const auto witness = add(u"witness"_s, OptionText::tr("Cosign the log's newest checkpoint with the witness key in this file, when it is consistent with all that "
                                                          "was cosigned before."), u"KEYFILE"_s);
    const auto newKey = add(u"witness-key-new"_s, OptionText::tr("Make a witness key in this new file, and print its verifier key."), u"KEYFILE"_s);
    const auto name = add(u"witness-name"_s, OptionText::tr("The name of the new witness key."), u"NAME"_s);
    const QCommandLineOption json(u"json"_s, OptionText::tr("Print the report as JSON."));
    parser.addOption(json);
    parser.addPositionalArgument(u"FILE"_s, OptionText::tr("What to check, or - for standard input."));

    if (!parser.parse(arguments))
        return fail(Error::Code::Invalid, Untrusted(parser.errorText()).inert());
    Options options;
    options.helpText = parser.helpText();
    options.json = parser.isSet(json);
    if (parser.isSet(help) || parser.isSet(version)) {
        options.ask = parser.isSet(help) ? Options::Ask::Help : Options::Ask::Version;
        return options;
    }
    const std::pair<const QCommandLineOption *, QString *> texts[] = {
        {&authority, &options.authority}, {&keySha256, &options.keySha256}, {&key, &options.key}, {&log, &options.log}, {&state, &options.state},
        {&bundle, &options.bundleOut}, {&certificate, &options.certificate}, {&privateKey, &options.privateKey}, {&witness, &options.witness},
        {&newKey, &options.witnessKeyNew}, {&name, &options.witnessName}};
    for (const auto &[option, text] : texts)
        *text = parser.value(*option);
    options.files = parser.positionalArguments();
    if (parser.isSet(newKey))
        options.ask = Options::Ask::NewWitnessKey;
    if (parser.isSet(retries)) {
        bool isNumber = false;
        options.retries = parser.value(retries).toInt(&isNumber);
        if (!isNumber || options.retries < 0 || options.retries > mostRetries)
            return fail(Error::Code::Invalid, OptionText::tr("--retries takes a number from 0 to %1.").arg(mostRetries));
    }
    if (const QString misuse = misuseOf(options); !misuse.isEmpty())
        return fail(Error::Code::Invalid, misuse);
    return options;
}

} // namespace parapet::verify
