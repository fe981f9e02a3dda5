// SPDX-License-Identifier: GPL-3.0-or-later
// A mapping file: refused with a place, or usable on any line.
#include "models/formats/jsonmapping.h"
#include "tests/fuzz/target.h"

using namespace parapet;
using namespace parapet::formats;

namespace {

struct NullSink final : ImportSink {
    int lines = 0;
    void event(AuditEvent &&, qint64) override { ++lines; }
    void skipped(const char *) override { ++lines; }
    void aside(qint64, QByteArrayView, const QString &) override { ++lines; }
};

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto mapping = JsonMapping::fromJson(fuzz::bytesOf(data, size));
    if (!mapping) {
        fuzz::promise(!mapping.error().message.isEmpty(), "a refusal says why");
        return 0;
    }
    fuzz::promise(isIdentifier(mapping->origin()), "an origin is an identifier");
    NullSink sink;
    const auto importer = makeJsonImporter(*mapping);
    importer->line(1, R"({"t":1,"ts":"2026-03-17T13:41:31Z","a":"x","user":{"id":"u"},"x":[1,{"y":null}],"":true})", sink);
    importer->line(2, "[]", sink);
    fuzz::promise(sink.lines == 2, "every line ends in one place");
    return 0;
}
