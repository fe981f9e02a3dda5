// SPDX-License-Identifier: GPL-3.0-or-later
// A journal of an operation, one entry a line: whatever it says, the run that it yields can be summed up.
#include "models/core/json.h"
#include "models/operation/journal.h"
#include "models/operation/run.h"
#include "tests/fuzz/target.h"

using namespace parapet;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    QVector<QByteArray> records;
    for (const QByteArray &line : fuzz::bytesOf(data, size).split('\n')) {
        if (!line.isEmpty())
            records << line;
    }
    if (const auto replayed = operation::replay(records)) {
        const operation::Summary summary = operation::summarize(replayed->run);
        fuzz::promise(summary.stepsObserved <= summary.steps && summary.hold <= summary.probes, "no more is done than there is to do");
        (void)operation::survivors(replayed->run);
    }
    const Result<QJsonValue> value = parseJson(records.value(0));
    if (!value)
        return 0;
    const Result<operation::Plan> plan = operation::planFromJson(value->toObject());
    if (!plan)
        return 0;
    const QByteArray written = canonicalJson(operation::toJson(*plan));
    const Result<QJsonValue> parsed = parseJson(written, {written.size(), 64});
    fuzz::promise(parsed.has_value(), "a written plan is JSON");
    const Result<operation::Plan> again = operation::planFromJson(parsed->toObject());
    fuzz::promise(again && canonicalJson(operation::toJson(*again)) == written, "a written plan is the same plan");
    if (operation::check(*plan))
        fuzz::promise(operation::order(*plan).size() == plan->steps.size(), "a plan that holds has an order");
    return 0;
}
