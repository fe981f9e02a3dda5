// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transparency/checkpoint.h"

#include <QtCore/QCoreApplication>

namespace parapet::transparency {

namespace {

constexpr qsizetype longestOrigin = 1024;

QString checkpointText(const char *text)
{
    return QCoreApplication::translate("transparency", text);
}

Failure badCheckpoint(const char *why)
{
    return fail(Error::Code::Invalid, checkpointText("This is not a checkpoint."), QString::fromLatin1(why));
}

ExaminedCheckpoint faulty(ExaminedCheckpoint examined, CheckpointFault fault, const QString &words)
{
    examined.fault = fault;
    examined.words = words;
    return examined;
}

} // namespace

QByteArray Checkpoint::text() const
{
    QByteArray text = origin.toUtf8() + '\n' + QByteArray::number(head.size) + '\n' + toBase64(head.root) + '\n';
    for (const QByteArray &line : extensions)
        text += line + '\n';
    return text;
}

Result<Checkpoint> Checkpoint::fromText(QByteArrayView text)
{
    if (!text.endsWith('\n') || !text.isValidUtf8())
        return badCheckpoint("it does not end in a newline, or is not UTF-8");
    const QByteArrayList lines = text.chopped(1).toByteArray().split('\n');
    if (lines.size() < 3)
        return badCheckpoint("it has fewer than three lines");
    if (std::any_of(lines.begin(), lines.end(), [](const QByteArray &line) { return line.isEmpty(); }))
        return badCheckpoint("a line is empty");
    if (lines[0].size() > longestOrigin)
        return badCheckpoint("its origin is too long");
    Checkpoint checkpoint;
    checkpoint.origin = QString::fromUtf8(lines[0]);
    const QByteArray &digits = lines[1];
    const bool number = digits.size() <= 16 && std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })
        && (digits.size() == 1 || digits[0] != '0');
    checkpoint.head.size = number ? digits.toLongLong() : -1;
    if (!number || checkpoint.head.size > maximumTreeSize)
        return badCheckpoint("its size is not a number that a tree can have");
    const Result<Hash> root = hashFromBase64(lines[2]);
    if (!root)
        return badCheckpoint("its root is not a hash");
    if (checkpoint.head.size == 0 && *root != emptyRoot())
        return badCheckpoint("the empty tree has another root");
    checkpoint.head.root = *root;
    checkpoint.extensions = lines.mid(3);
    return checkpoint;
}

ExaminedCheckpoint examineCheckpoint(QByteArrayView bytes, const crypto::NoteVerifier &log, std::span<const crypto::NoteVerifier> witnesses)
{
    ExaminedCheckpoint examined;
    const Result<Note> note = Note::parse(bytes);
    if (!note)
        return faulty(std::move(examined), CheckpointFault::Garbage, checkpointText("The log answered with something that is not a signed checkpoint."));
    const Result<Checkpoint> checkpoint = Checkpoint::fromText(note->text);
    if (!checkpoint)
        return faulty(std::move(examined), CheckpointFault::Garbage, checkpointText("The log signed something that is not a checkpoint."));
    examined.claimed = *checkpoint;

    switch (stateOf(*note, log)) {
    case SignatureState::Verified:
        break;
    case SignatureState::Wrong:
        return faulty(std::move(examined), CheckpointFault::BadSignature, checkpointText("The checkpoint's signature does not verify with the log's key."));
    case SignatureState::Absent: {
        const bool inItsName = std::any_of(note->signatures.begin(), note->signatures.end(), [&](const NoteSignature &signature) {
            return signature.name == log.name;
        });
        if (inItsName) {
            return faulty(std::move(examined), CheckpointFault::KeySwapped,
                          checkpointText("The checkpoint is signed by another key than the one that is pinned for this log."));
        }
        if (checkpoint->origin != log.name)
            return faulty(std::move(examined), CheckpointFault::OtherOrigin, checkpointText("The checkpoint is of another log."));
        return faulty(std::move(examined), CheckpointFault::BadSignature, checkpointText("The checkpoint is not signed by the log."));
    }
    }
    if (checkpoint->origin != log.name)
        return faulty(std::move(examined), CheckpointFault::OtherOrigin, checkpointText("The log's key signed a checkpoint of another log."));

    SignedCheckpoint opened{*checkpoint, bytes.toByteArray(), {}};
    for (const crypto::NoteVerifier &witness : witnesses) {
        const quint32 hash = witness.keyHash();
        for (const NoteSignature &signature : note->signatures) {
            if (signature.name != witness.name || signature.keyHash != hash)
                continue;
            if (!isSignatureOf(witness, note->text, signature)) {
                return faulty(std::move(examined), CheckpointFault::BadSignature,
                              checkpointText("The cosignature of the witness “%1” does not verify.").arg(witness.name));
            }
            opened.cosigned.append({witness.name, hash, cosignedAt(signature).value_or(Instant{})});
        }
    }
    examined.opened = std::move(opened);
    return examined;
}

Result<SignedCheckpoint> openCheckpoint(QByteArrayView note, const crypto::NoteVerifier &log, std::span<const crypto::NoteVerifier> witnesses)
{
    ExaminedCheckpoint examined = examineCheckpoint(note, log, witnesses);
    if (examined.opened)
        return *std::move(examined.opened);
    return fail(examined.fault == CheckpointFault::Garbage ? Error::Code::Invalid : Error::Code::Unauthorized, examined.words);
}

QByteArray signCheckpoint(const Checkpoint &checkpoint, const crypto::NoteSigner &log, const QVector<NoteSignature> &more)
{
    Note note{checkpoint.text(), {}};
    note.signatures.append(signNote(log, note.text));
    note.signatures.append(more);
    return note.toBytes();
}

} // namespace parapet::transparency
