// SPDX-License-Identifier: GPL-3.0-or-later
// Names of tiles, entry bundles, and tiles that do not fit their tree.
#include "models/transparency/tilereader.h"
#include "tests/fuzz/target.h"

using namespace parapet;
using namespace parapet::transparency;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes = fuzz::bytesOf(data, size);
    if (const auto id = TileId::parse(QString::fromUtf8(bytes))) {
        fuzz::promise(id->path().toUtf8() == bytes, "a tile has one name");
        fuzz::promise(id->width >= 1 && id->width <= 256 && id->index >= 0, "a tile is within its bounds");
        (void)tileWidth(id->level, id->index, maximumTreeSize);
    }
    for (const int width : {1, 2, 3, 256}) {
        if (const auto entries = entriesOf(bytes, width)) {
            fuzz::promise(entries->size() == width, "a bundle has as many entries as it is wide");
            QByteArray again;
            for (const QByteArrayView entry : *entries)
                appendEntry(again, entry);
            fuzz::promise(again == bytes, "a bundle is written back as it was");
        }
    }
    // Whatever comes as a tile of a tree that signs something else is never believed.
    const qint64 leaves = bytes.isEmpty() ? 1 : uchar(bytes[0]) + 1;
    TileReader reader(TreeHead{leaves, leafHash("nothing like it")});
    for (const TileId &id : reader.missingForInclusion(0))
        (void)reader.add(id, bytes);
    fuzz::promise(!reader.inclusionProof(0), "no proof is made from tiles that do not have the root");
    return 0;
}
