// SPDX-License-Identifier: GPL-3.0-or-later
// Lines of other systems' logs: every line ends in exactly one place, what becomes an event is within its bounds, and what waits can be
// given again. The first byte chooses the format.
#include "models/formats/jsonmapping.h"
#include "models/transparency/eventleaf.h"
#include "tests/fuzz/target.h"

using namespace parapet;
using namespace parapet::formats;

namespace {

struct CountingSink final : ImportSink {
    qint64 lines = 0;
    void event(AuditEvent &&event, qint64 joined) override
    {
        lines += 1 + joined;
        fuzz::promise(isKnown(event.time), "an event has a time");
        fuzz::promise(isIdentifier(event.action) && event.action.size() <= 64, "an action is an identifier");
        fuzz::promise(transparency::leafOf(event).size() < 65536, "an event is within a leaf");
        fuzz::promise(event.source.size() <= 64 && event.requestId.size() <= 128, "identifiers are bounded");
    }
    void skipped(const char *) override { ++lines; }
    void aside(qint64, QByteArrayView, const QString &reason) override
    {
        ++lines;
        fuzz::promise(!reason.isEmpty(), "a line is kept aside for a reason");
    }
};

std::unique_ptr<LineImporter> importerFor(int choice)
{
    if (choice < 3)
        return makeImporter(ImportFormat(choice));
    static const auto mapping = JsonMapping::fromJson(R"({"fields":{"time":{"pointer":"/t","format":"epoch-seconds"},"action":{"pointer":"/a"},
"actor":{"pointer":"/u"},"target":{"pointer":"/x/0"},"outcome":{"pointer":"/o","values":{"true":"success"},"otherwise":"failure"},"reason":{"pointer":""}}})");
    return makeJsonImporter(*mapping);
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const int choice = data[0] % 4;
    const QList<QByteArray> lines = fuzz::bytesOf(data + 1, size - 1).split('\n');
    CountingSink sink;
    auto importer = importerFor(choice);
    qint64 number = 0;
    for (const QByteArray &line : lines) {
        importer->line(++number, line, sink);
        const auto waiting = importer->waiting();
        fuzz::promise(sink.lines + waiting.size() == number, "lines = told + waiting");
        if (number == lines.size() / 2) {
            importer = importerFor(choice);
            for (const WaitingLine &again : waiting)
                importer->line(again.number, again.bytes, sink);
        }
    }
    importer->end(sink);
    fuzz::promise(sink.lines == number, "every line ends in one place");
    fuzz::promise(importer->waiting().isEmpty(), "nothing waits at the end");
    return 0;
}
