// SPDX-License-Identifier: GPL-3.0-or-later
// A terminal recording: whatever is read has times that do not go back, texts within the file, and sizes that a screen can have.
#include "models/formats/asciicast.h"
#include "tests/fuzz/target.h"

using namespace parapet;
using formats::Asciicast;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray file = fuzz::bytesOf(data, size);
    const Result<Asciicast> cast = Asciicast::parse(file);
    if (!cast) {
        fuzz::promise(cast.error().code == Error::Code::Invalid && !cast.error().message.isEmpty(), "a refusal says why");
        return 0;
    }
    fuzz::promise(cast->columns >= 1 && cast->columns <= Asciicast::maximumSide && cast->rows >= 1 && cast->rows <= Asciicast::maximumSide, "a size");
    fuzz::promise(cast->text.size() <= file.size(), "no more text than there are bytes");
    qint64 before = 0;
    for (const Asciicast::Event &event : cast->events) {
        fuzz::promise(event.at >= before, "times do not go back");
        before = event.at;
        if (event.kind() == Asciicast::Kind::Resize)
            fuzz::promise(event.columns() >= 1 && event.columns() <= Asciicast::maximumSide && event.rows() >= 1 && event.rows() <= Asciicast::maximumSide, "a new size");
        else
            fuzz::promise(qint64(event.first) + event.length <= cast->text.size(), "a text lies within all texts");
    }
    return 0;
}
