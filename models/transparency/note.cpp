// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transparency/note.h"

#include "models/crypto/dsse.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QtEndian>

namespace parapet::transparency {

namespace {

constexpr char noteDash[] = "\xE2\x80\x94 "; // U+2014 and a space
constexpr qsizetype noteDashSize = 4;
constexpr qsizetype ed25519Size = 64;

Failure badNote(const char *why)
{
    return fail(Error::Code::Invalid, QCoreApplication::translate("transparency", "This is not a signed note."), QString::fromLatin1(why));
}

QByteArray cosignatureMessage(quint64 seconds, QByteArrayView text)
{
    return "cosignature/v1\ntime " + QByteArray::number(seconds) + '\n' + text.toByteArray();
}

} // namespace

QByteArray NoteSignature::line() const
{
    char hash[4];
    qToBigEndian(keyHash, hash);
    return noteDash + name.toUtf8() + ' ' + (QByteArray(hash, 4) + signature).toBase64() + '\n';
}

Result<NoteSignature> NoteSignature::fromLine(QByteArrayView line)
{
    if (!line.startsWith(QByteArrayView(noteDash, noteDashSize)) || !line.endsWith('\n') || !line.isValidUtf8())
        return badNote("a signature line begins with a dash and ends in a newline");
    const QByteArrayView body = line.sliced(noteDashSize, line.size() - noteDashSize - 1);
    const qsizetype space = body.indexOf(' ');
    if (space < 0)
        return badNote("a signature line has a name and a signature");
    NoteSignature signature;
    signature.name = QString::fromUtf8(body.first(space));
    if (!crypto::isNoteKeyName(signature.name))
        return badNote("a signature line has no right name");
    const Result<QByteArray> bytes = crypto::fromBase64Strict(body.sliced(space + 1));
    if (!bytes || bytes->size() < 5)
        return badNote("a signature is not base64 of a key hash and more");
    signature.keyHash = qFromBigEndian<quint32>(bytes->constData());
    signature.signature = bytes->mid(4);
    return signature;
}

Result<Note> Note::parse(QByteArrayView bytes)
{
    if (bytes.size() > maximumBytes)
        return badNote("it is too long");
    if (!bytes.isValidUtf8())
        return badNote("it is not UTF-8");
    if (std::any_of(bytes.begin(), bytes.end(), [](char c) { return uchar(c) < 0x20 && c != '\n'; }))
        return badNote("it holds a control character");
    const qsizetype blank = bytes.lastIndexOf("\n\n");
    if (blank < 0)
        return badNote("no blank line stands before the signatures");
    Note note;
    note.text = bytes.first(blank + 1).toByteArray();
    QByteArrayView rest = bytes.sliced(blank + 2);
    if (rest.isEmpty() || !rest.endsWith('\n'))
        return badNote("it does not end in a signature line");
    while (!rest.isEmpty()) {
        const qsizetype end = rest.indexOf('\n') + 1;
        Result<NoteSignature> signature = NoteSignature::fromLine(rest.first(end));
        if (!signature)
            return fail(signature.error());
        if (note.signatures.size() == maximumSignatures)
            return badNote("it has too many signatures");
        note.signatures.append(*std::move(signature));
        rest = rest.sliced(end);
    }
    return note;
}

QByteArray Note::toBytes() const
{
    QByteArray bytes = text + '\n';
    for (const NoteSignature &signature : signatures)
        bytes += signature.line();
    return bytes;
}

bool isSignatureOf(const crypto::NoteVerifier &verifier, QByteArrayView text, const NoteSignature &signature)
{
    if (signature.name != verifier.name || signature.keyHash != verifier.keyHash())
        return false;
    if (verifier.algorithm == crypto::NoteAlgorithm::Ed25519)
        return signature.signature.size() == ed25519Size && verifier.key.verify(text, signature.signature);
    if (!cosignedAt(signature))
        return false;
    const quint64 seconds = qFromBigEndian<quint64>(signature.signature.constData());
    return verifier.key.verify(cosignatureMessage(seconds, text), signature.signature.mid(8));
}

SignatureState stateOf(const Note &note, const crypto::NoteVerifier &verifier)
{
    SignatureState state = SignatureState::Absent;
    const quint32 hash = verifier.keyHash();
    for (const NoteSignature &signature : note.signatures) {
        if (signature.name != verifier.name || signature.keyHash != hash)
            continue;
        if (!isSignatureOf(verifier, note.text, signature))
            return SignatureState::Wrong;
        state = SignatureState::Verified;
    }
    return state;
}

NoteSignature signNote(const crypto::NoteSigner &signer, QByteArrayView text)
{
    Q_ASSERT(signer.algorithm == crypto::NoteAlgorithm::Ed25519 && text.endsWith('\n'));
    return {signer.name, signer.verifier().keyHash(), signer.key.sign(text)};
}

Result<OpenedNote> openNote(QByteArrayView bytes, std::span<const crypto::NoteVerifier> known)
{
    Result<Note> note = Note::parse(bytes);
    if (!note)
        return fail(note.error());
    OpenedNote opened{*std::move(note), {}};
    for (size_t i = 0; i < known.size(); ++i) {
        switch (stateOf(opened.note, known[i])) {
        case SignatureState::Absent:
            break;
        case SignatureState::Verified:
            opened.signedBy.append(qsizetype(i));
            break;
        case SignatureState::Wrong:
            return fail(Error::Code::Unauthorized,
                        QCoreApplication::translate("transparency", "The signature of “%1” does not verify.").arg(known[i].name));
        }
    }
    if (opened.signedBy.isEmpty())
        return fail(Error::Code::Unauthorized, QCoreApplication::translate("transparency", "No known key signed this note."));
    return opened;
}

NoteSignature cosign(const crypto::NoteSigner &witness, QByteArrayView text, Instant at)
{
    Q_ASSERT(witness.algorithm == crypto::NoteAlgorithm::Cosignature && text.endsWith('\n'));
    const auto seconds = quint64(std::max<qint64>(0, std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count()));
    char time[8];
    qToBigEndian(seconds, time);
    return {witness.name, witness.verifier().keyHash(), QByteArray(time, 8) + witness.key.sign(cosignatureMessage(seconds, text))};
}

std::optional<Instant> cosignedAt(const NoteSignature &signature)
{
    if (signature.signature.size() != 8 + ed25519Size)
        return std::nullopt;
    // Times that our own cannot hold are none: 2^63 / 1000 seconds are beyond any calendar.
    const quint64 seconds = qFromBigEndian<quint64>(signature.signature.constData());
    if (seconds > quint64(std::numeric_limits<qint64>::max() / 1000))
        return std::nullopt;
    return Instant(std::chrono::seconds(qint64(seconds)));
}

} // namespace parapet::transparency
