// SPDX-License-Identifier: GPL-3.0-or-later
// JSON: what is accepted prints canonically (RFC 8785), and that reads back as itself.
#include "models/core/json.h"
#include "tests/fuzz/target.h"

using namespace parapet;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const Result<QJsonValue> value = parseJson(fuzz::bytesOf(data, size));
    if (!value)
        return 0;
    const QByteArray canonical = canonicalJson(*value);
    const Result<QJsonValue> again = parseJson(canonical, {canonical.size(), 64});
    fuzz::promise(again.has_value(), "canonical JSON is accepted");
    fuzz::promise(canonicalJson(*again) == canonical, "canonical JSON is its own canonical form");
    return 0;
}
