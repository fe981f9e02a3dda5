// SPDX-License-Identifier: GPL-3.0-or-later
// Signed envelopes and certificates of revocation: hostile ones are refused or reported, and never hold.
#include "models/crypto/dsse.h"
#include "models/evidence/verify.h"
#include "tests/fuzz/target.h"

using namespace parapet;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes = fuzz::bytesOf(data, size);
    if (const Result<crypto::Envelope> envelope = crypto::Envelope::fromBytes(bytes)) {
        const QByteArray printed = envelope->toBytes();
        const Result<crypto::Envelope> again = crypto::Envelope::fromBytes(printed);
        fuzz::promise(again && again->toBytes() == printed, "a printed envelope is the same envelope");
    }
    // No private key took part in any of these inputs.
    if (const Result<evidence::Report> report = evidence::verify(bytes))
        fuzz::promise(!report->holds(), "what nobody signed does not hold");
    return 0;
}
