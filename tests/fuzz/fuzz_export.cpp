// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever stands in an event, each of its exports is one line and can be read again.
#include "models/core/json.h"
#include "models/formats/cef.h"
#include "models/formats/ocsf.h"
#include "models/formats/syslog.h"
#include "tests/fuzz/target.h"

using namespace parapet;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QList<QByteArray> parts = fuzz::bytesOf(data, size).split('|');
    const auto part = [&](qsizetype at) { return QString::fromUtf8(parts[at % parts.size()]); };
    AuditEvent event;
    event.time = Instant(Milliseconds(qint64(size) * 100'000'000));
    event.action = part(0);
    event.actor = PrincipalId(part(1));
    event.actorName = Untrusted(part(2));
    event.target = Untrusted(part(3));
    event.reason = Untrusted(part(4));
    event.detail = Untrusted(part(5));
    event.source = part(6);
    event.outcome = Outcome(size % 3);
    const formats::Product product{part(7), part(8), part(9)};
    const QByteArray syslog = formats::toSyslog(event, product);
    fuzz::promise(syslog.size() <= formats::longestSyslog, "a message is short enough");
    for (const QByteArray &record : {syslog, formats::toCef(event, product), formats::toOcsf(event, product)}) {
        for (const char c : record)
            fuzz::promise(uchar(c) >= 0x20 && c != 0x7f, "a record is one line");
        fuzz::promise(QUtf8StringView(record).isValidUtf8(), "a record is text");
    }
    fuzz::promise(parseJson(formats::toOcsf(event, product)).has_value(), "an OCSF record is JSON");
    return 0;
}
