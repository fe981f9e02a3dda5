// SPDX-License-Identifier: GPL-3.0-or-later
// A text/event-stream: where it is cut does not matter.
#include "models/transport/sseparser.h"
#include "tests/fuzz/target.h"

using namespace parapet;

namespace {

struct Outcome {
    QVector<transport::SseEvent> events;
    bool failed = false;
};

Outcome feed(const QByteArray &bytes, qsizetype piece)
{
    transport::SseParser parser({512, 2048});
    Outcome outcome;
    for (qsizetype at = 0; at < bytes.size() && !outcome.failed; at += piece) {
        const auto events = parser.feed(QByteArrayView(bytes).sliced(at, qMin(piece, bytes.size() - at)));
        if (events)
            outcome.events << *events;
        else
            outcome.failed = true;
    }
    return outcome;
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes = fuzz::bytesOf(data, size);
    const Outcome whole = feed(bytes, qMax(qsizetype(1), bytes.size()));
    for (const qsizetype piece : {qsizetype(1), qsizetype(7)}) {
        const Outcome cut = feed(bytes, piece);
        fuzz::promise(cut.failed == whole.failed, "a limit is a limit however the stream is cut");
        fuzz::promise(whole.failed || cut.events == whole.events, "the same events however the stream is cut");
    }
    return 0;
}
