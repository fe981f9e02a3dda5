// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/crypto/noteverifier.h"

#include "models/crypto/digest.h"
#include "models/crypto/dsse.h"
#include "models/crypto/random.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QtEndian>

namespace parapet::crypto {

namespace {

constexpr qsizetype longestNoteKey = 1024;
constexpr char16_t signerMark[] = u"PRIVATE+KEY+";

Failure badVerifier()
{
    return fail(Error::Code::Invalid,
                QCoreApplication::translate("NoteVerifier",
                                            "This is not a verifier key in the form name+hash+base64. Copy it anew."));
}

Failure badSigner()
{
    return fail(Error::Code::Invalid,
                QCoreApplication::translate("NoteVerifier",
                                            "This is not a signing key in the form PRIVATE+KEY+name+hash+base64. Copy it anew."));
}

/// The parts of "name+hash+base64" with the 33 bytes decoded; nothing when it is not that.
struct NoteKeyParts {
    QString name;
    quint32 hash = 0;
    QByteArray material; ///< without the algorithm
};
std::optional<NoteKeyParts> notePartsOf(QStringView text, NoteAlgorithm algorithm)
{
    const qsizetype first = text.indexOf(u'+');
    const qsizetype second = first < 0 ? -1 : text.indexOf(u'+', first + 1);
    if (first < 0 || second - first - 1 != 8 || text.size() > longestNoteKey)
        return std::nullopt;
    NoteKeyParts parts;
    parts.name = text.first(first).toString();
    for (const QChar c : text.sliced(first + 1, 8)) {
        const int digit = c >= u'0' && c <= u'9' ? c.unicode() - u'0' : c >= u'a' && c <= u'f' ? c.unicode() - u'a' + 10 : -1;
        if (digit < 0)
            return std::nullopt;
        parts.hash = parts.hash << 4 | quint32(digit);
    }
    Result<QByteArray> bytes = fromBase64Strict(text.sliced(second + 1).toUtf8());
    if (!bytes || bytes->size() != 33 || bytes->front() != char(algorithm))
        return std::nullopt;
    parts.material = bytes->mid(1);
    wipe(*bytes);
    return parts;
}

QString noteKeyText(const QString &name, quint32 hash, NoteAlgorithm algorithm, const QByteArray &material)
{
    return QStringLiteral(u"%1+%2+%3")
        .arg(name, QString::number(hash, 16).rightJustified(8, u'0'), QString::fromLatin1((char(algorithm) + material).toBase64()));
}

} // namespace

bool isNoteKeyName(QStringView name)
{
    return !name.isEmpty() && name.isValidUtf16() && std::none_of(name.begin(), name.end(), [](QChar c) {
        return c.isSpace() || c == u'+' || c.unicode() < 0x20;
    });
}

Result<NoteVerifier> NoteVerifier::make(const QString &name, const PublicKey &key, NoteAlgorithm algorithm)
{
    if (!isNoteKeyName(name) || key.kind() != KeyKind::Ed25519)
        return badVerifier();
    return NoteVerifier{name, key, algorithm};
}

Result<NoteVerifier> NoteVerifier::parse(const QString &text, NoteAlgorithm algorithm)
{
    const std::optional<NoteKeyParts> parts = notePartsOf(text, algorithm);
    if (!parts)
        return badVerifier();
    const Result<PublicKey> key = PublicKey::fromRawEd25519(parts->material);
    if (!key)
        return badVerifier();
    Result<NoteVerifier> verifier = make(parts->name, *key, algorithm);
    if (verifier && verifier->keyHash() != parts->hash)
        return badVerifier();
    return verifier;
}

quint32 NoteVerifier::keyHash() const
{
    const QByteArray digest = sha256(name.toUtf8() + '\n' + char(algorithm) + key.rawEd25519());
    return qFromBigEndian<quint32>(digest.constData());
}

QString NoteVerifier::text() const
{
    return noteKeyText(name, keyHash(), algorithm, key.rawEd25519());
}

Result<NoteSigner> NoteSigner::make(const QString &name, const PrivateKey &key, NoteAlgorithm algorithm)
{
    if (!isNoteKeyName(name) || key.kind() != KeyKind::Ed25519)
        return badSigner();
    return NoteSigner{name, key, algorithm};
}

Result<NoteSigner> NoteSigner::parse(const QString &text, NoteAlgorithm algorithm)
{
    const QStringView mark(signerMark);
    std::optional<NoteKeyParts> parts;
    if (text.startsWith(mark))
        parts = notePartsOf(QStringView(text).sliced(mark.size()), algorithm);
    if (!parts)
        return badSigner();
    const Result<PrivateKey> key = PrivateKey::fromRawEd25519(parts->material);
    wipe(parts->material);
    if (!key)
        return badSigner();
    Result<NoteSigner> signer = make(parts->name, *key, algorithm);
    // The hash is of the public half, as in the verifier key.
    if (signer && signer->verifier().keyHash() != parts->hash)
        return badSigner();
    return signer;
}

QString NoteSigner::text() const
{
    return QStringView(signerMark).toString() + noteKeyText(name, verifier().keyHash(), algorithm, key.rawEd25519());
}

} // namespace parapet::crypto
