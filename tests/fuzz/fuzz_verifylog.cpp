// SPDX-License-Identifier: GPL-3.0-or-later
// What parapet-verify reads of a log: entries as events, what it kept of an earlier run, and which document a file is.
#include "app/verify/bundles.h"
#include "app/verify/eventcheck.h"
#include "models/transparency/eventleaf.h"
#include "tests/fuzz/target.h"

using namespace parapet;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes = fuzz::bytesOf(data, size);
    verify::OriginNumbers numbers;
    for (const qint64 index : {qint64(0), qint64(1 << 20)}) {
        const verify::EventRead read = verify::readEvent(bytes, index);
        if (!read.event)
            continue;
        if (read.wrong.isEmpty()) {
            fuzz::promise(read.event->index == index, "an event that is right names its place");
            fuzz::promise(transparency::leafOf(*read.event) == bytes, "an event that is right is in canonical form");
        }
        (void)numbers.follow(*read.event);
        fuzz::promise(numbers.last().size() <= verify::OriginNumbers::maximumOrigins, "followed origins are bounded");
    }
    switch (verify::kindOf(bytes)) {
    case verify::DocumentKind::ProofBundle:
        (void)verify::checkProofBundle(bytes, std::nullopt);
        break;
    case verify::DocumentKind::ConflictBundle:
        (void)verify::checkConflictBundle(bytes, std::nullopt);
        break;
    case verify::DocumentKind::Checkpoint:
    case verify::DocumentKind::Certificate:
        break;
    }
    return 0;
}
