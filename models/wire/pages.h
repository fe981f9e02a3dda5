// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ports/page.h"
#include "models/wire/codec.h"

namespace parapet::wire {

/// `{"items":[…],"total":N,"exact":true,"next":"…"|null,"asOf":time}`, at most maxPageItems items.
template<class T>
void appendPage(QByteArray &out, const Page<T> &page)
{
    appendItems(out, page.items);
    out.chop(1);
    out += ",\"total\":";
    appendInteger(out, page.total.value());
    out += page.total.isExact() ? ",\"exact\":true,\"next\":" : ",\"exact\":false,\"next\":";
    if (page.next.isEmpty())
        out += "null";
    else
        appendString(out, page.next);
    out += ",\"asOf\":";
    appendTime(out, page.asOf);
    out += '}';
}

/// What surrounds the items: everything but Page::items. Totals below zero or below the number of items are refused.
Result<Page<char>> pageFrameFrom(const QJsonObject &object, qsizetype items);

template<class T>
Result<Page<T>> pageFromJson(const QJsonObject &object)
{
    Result<QVector<T>> items = itemsFromJson<T>(object, maxPageItems);
    if (!items)
        return fail(std::move(items.error()));
    Result<Page<char>> frame = pageFrameFrom(object, items->size());
    if (!frame)
        return fail(std::move(frame.error()));
    return Page<T>{std::move(*items), frame->total, frame->next, frame->asOf};
}

/// `{"items":[{"key","count"}],"total":N}`; the total is the sum of the counts.
void appendBuckets(QByteArray &out, const QVector<Bucket> &buckets);
Result<QVector<Bucket>> bucketsFromJson(const QJsonObject &object);

} // namespace parapet::wire
