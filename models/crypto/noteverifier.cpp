// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/crypto/noteverifier.h"

#include "models/crypto/digest.h"
#include "models/crypto/dsse.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QtEndian>

namespace parapet::crypto {

namespace {

constexpr char noteEd25519 = 1; // c2sp.org/signed-note, signature types

Failure badVerifier()
{
    return fail(Error::Code::Invalid,
                QCoreApplication::translate("NoteVerifier",
                                            "This is not a verifier key in the form name+hash+base64. Copy it anew."));
}

bool isNoteName(QStringView name)
{
    return !name.isEmpty() && std::none_of(name.begin(), name.end(), [](QChar c) { return c.isSpace() || c == u'+'; });
}

} // namespace

Result<NoteVerifier> NoteVerifier::make(const QString &name, const PublicKey &key)
{
    if (!isNoteName(name) || key.kind() != KeyKind::Ed25519)
        return badVerifier();
    return NoteVerifier{name, key};
}

Result<NoteVerifier> NoteVerifier::parse(const QString &text)
{
    const qsizetype first = text.indexOf(u'+');
    const qsizetype second = text.indexOf(u'+', first + 1);
    if (first < 0 || second - first - 1 != 8 || text.size() > 1024)
        return badVerifier();
    bool isHex = false;
    const quint32 hash = text.mid(first + 1, 8).toUInt(&isHex, 16);
    const Result<QByteArray> bytes = fromBase64Strict(text.mid(second + 1).toLatin1());
    if (!isHex || !bytes || bytes->size() != 33 || bytes->front() != noteEd25519)
        return badVerifier();
    const Result<PublicKey> key = PublicKey::fromRawEd25519(bytes->mid(1));
    if (!key)
        return badVerifier();
    Result<NoteVerifier> verifier = make(text.left(first), *key);
    if (verifier && verifier->keyHash() != hash)
        return badVerifier();
    return verifier;
}

quint32 NoteVerifier::keyHash() const
{
    const QByteArray digest = sha256(name.toUtf8() + '\n' + noteEd25519 + key.rawEd25519());
    return qFromBigEndian<quint32>(digest.constData());
}

QString NoteVerifier::text() const
{
    const QByteArray bytes = noteEd25519 + key.rawEd25519();
    return QStringLiteral(u"%1+%2+%3")
        .arg(name, QString::number(keyHash(), 16).rightJustified(8, u'0'), QString::fromLatin1(bytes.toBase64()));
}

} // namespace parapet::crypto
