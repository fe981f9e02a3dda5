// SPDX-License-Identifier: GPL-3.0-or-later
// Text from outside made inert: nothing that steers a terminal, a painter or a reader is left, and twice is as once.
#include "models/core/untrusted.h"
#include "tests/fuzz/target.h"

using namespace parapet;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QString inert = Untrusted(QString::fromUtf8(fuzz::bytesOf(data, size))).inert(1 << 20);
    for (const QChar character : inert) {
        const QChar::Category category = character.category();
        fuzz::promise(category != QChar::Other_Control && category != QChar::Other_Format && category != QChar::Other_PrivateUse,
                      "no control, format or private-use character is left");
    }
    fuzz::promise(Untrusted(inert).inert(1 << 20) == inert, "inert text stays as it is");
    return 0;
}
