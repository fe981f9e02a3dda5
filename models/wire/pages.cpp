// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/wire/pages.h"

namespace parapet::wire {

Result<Page<char>> pageFrameFrom(const QJsonObject &object, qsizetype items)
{
    ObjectReader reader(object);
    Page<char> frame;
    const qint64 total = reader.integer("total");
    const bool exact = reader.boolean("exact");
    if (reader.has("next") && !object.value(QLatin1String("next")).isNull())
        frame.next = reader.text("next", Missing::Allow, 4096);
    frame.asOf = reader.time("asOf");
    if (total < items)
        reader.refuse(wrongValue(reader.place("total")));
    if (auto error = reader.finish())
        return fail(std::move(*error));
    frame.total = exact ? Count::exactly(total) : Count::atLeast(total);
    return frame;
}

void appendBuckets(QByteArray &out, const QVector<Bucket> &buckets)
{
    qint64 total = 0;
    out += "{\"items\":[";
    for (const Bucket &bucket : buckets) {
        if (!out.endsWith('['))
            out += ',';
        out += "{\"key\":";
        appendString(out, bucket.key);
        out += ",\"count\":";
        appendInteger(out, bucket.count);
        out += '}';
        total += bucket.count;
    }
    out += "],\"total\":";
    appendInteger(out, total);
    out += '}';
}

Result<QVector<Bucket>> bucketsFromJson(const QJsonObject &object)
{
    const QString list = QStringLiteral("/items");
    const Result<QJsonArray> items = arrayFrom(object.value(QLatin1String("items")), maxItems, list);
    if (!items)
        return fail(items.error());
    QVector<Bucket> buckets;
    for (const QJsonValue item : *items) {
        const QString place = list + u'/' + QString::number(buckets.size());
        if (!item.isObject())
            return fail(wrongKind(place, "an object"));
        ObjectReader reader(item.toObject(), place);
        Bucket bucket{reader.text("key"), reader.integer("count")};
        if (bucket.count < 0)
            reader.refuse(wrongValue(reader.place("count")));
        if (auto error = reader.finish())
            return fail(std::move(*error));
        buckets << std::move(bucket);
    }
    return buckets;
}

} // namespace parapet::wire
