// SPDX-License-Identifier: GPL-3.0-or-later
// Signed notes, checkpoints and signature lines: what is accepted is written back byte for byte.
#include "models/transparency/checkpoint.h"
#include "tests/fuzz/target.h"

using namespace parapet;
using namespace parapet::transparency;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes = fuzz::bytesOf(data, size);
    static const crypto::NoteVerifier known[] = {
        *crypto::NoteVerifier::parse(QStringLiteral("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")),
        *crypto::NoteVerifier::parse(QStringLiteral("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"),
                                     crypto::NoteAlgorithm::Cosignature)};
    if (const auto note = Note::parse(bytes)) {
        fuzz::promise(note->toBytes() == bytes, "a note is written back as it was");
        fuzz::promise(note->text.endsWith('\n') && !note->signatures.isEmpty(), "a note has a text and a signature");
        for (const NoteSignature &signature : note->signatures)
            (void)cosignedAt(signature);
    }
    if (const auto opened = openNote(bytes, known))
        fuzz::promise(!opened->signedBy.isEmpty(), "an opened note is signed by a known key");
    if (const auto checkpoint = Checkpoint::fromText(bytes)) {
        fuzz::promise(checkpoint->text() == bytes, "a checkpoint's text is written back as it was");
        fuzz::promise(checkpoint->head.size >= 0 && checkpoint->head.size <= maximumTreeSize, "a size is one that a tree can have");
    }
    if (const auto signature = NoteSignature::fromLine(bytes))
        fuzz::promise(signature->line() == bytes, "a signature line is written back as it was");
    const ExaminedCheckpoint examined = examineCheckpoint(bytes, known[0], {known + 1, 1});
    fuzz::promise((examined.fault == CheckpointFault::None) == examined.opened.has_value(), "a checkpoint is opened or has a fault");
    for (const auto algorithm : {crypto::NoteAlgorithm::Ed25519, crypto::NoteAlgorithm::Cosignature}) {
        if (const auto signer = crypto::NoteSigner::parse(QString::fromUtf8(bytes), algorithm))
            fuzz::promise(signer->text().toUtf8() == bytes, "a signing key is written back as it was");
    }
    return 0;
}
