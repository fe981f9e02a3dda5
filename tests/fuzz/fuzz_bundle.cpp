// SPDX-License-Identifier: GPL-3.0-or-later
// Proof bundles and conflict bundles: what is accepted is written back byte for byte, and shows nothing against a stranger's key.
#include "models/transparency/conflictbundle.h"
#include "models/transparency/proofbundle.h"
#include "tests/fuzz/target.h"

using namespace parapet;
using namespace parapet::transparency;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes = fuzz::bytesOf(data, size);
    static const crypto::NoteVerifier stranger =
        *crypto::NoteVerifier::make(QStringLiteral("stranger.example"), crypto::PrivateKey::generate(crypto::KeyKind::Ed25519).publicKey());
    if (const auto bundle = ConflictBundle::fromBytes(bytes)) {
        fuzz::promise(bundle->toBytes() == bytes, "a conflict bundle is written back as it was");
        const auto weight = bundle->verify(stranger);
        fuzz::promise(!weight || *weight == ConflictBundle::Weight::StatedByTheObserver, "nobody's log is proven against with another's signatures");
    }
    if (const auto bundle = ProofBundle::fromBytes(bytes)) {
        fuzz::promise(bundle->toBytes() == bytes, "a proof bundle is written back as it was");
        fuzz::promise(!bundle->verify(stranger), "a proof bundle is of the log that signed it");
    }
    return 0;
}
