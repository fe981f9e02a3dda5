// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/wire/batch.h"

#include "models/core/json.h"
#include "models/wire/writer.h"

#include <array>

namespace parapet::wire {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype batchRequestLimit = 1 << 20;
constexpr qsizetype batchAnswerLimit = 16 << 20;
constexpr qsizetype batchTargetLimit = 8 << 10;
constexpr qsizetype batchHeaderLimit = 8 << 10;

constexpr std::array<QByteArrayView, 4> batchRequestHeaders{"Authorization", "Idempotency-Key", "If-Match", "X-Parapet-Operation"};
constexpr std::array<QByteArrayView, 4> batchAnswerHeaders{"ETag", "Retry-After", "WWW-Authenticate", "X-Request-Id"};

template<size_t N>
bool isBatchHeader(const std::array<QByteArrayView, N> &names, QByteArrayView name)
{
    return std::any_of(names.cbegin(), names.cend(), [name](QByteArrayView one) { return one.compare(name, Qt::CaseInsensitive) == 0; });
}

template<size_t N>
void appendBatchHeaders(QByteArray &out, const std::array<QByteArrayView, N> &names, const QVector<std::pair<QByteArray, QByteArray>> &headers)
{
    bool any = false;
    for (const auto &[name, value] : headers) {
        if (!isBatchHeader(names, name))
            continue;
        out += any ? "," : ",\"headers\":{";
        any = true;
        appendString(out, QString::fromLatin1(name));
        out += ':';
        appendString(out, QString::fromLatin1(value));
    }
    if (any)
        out += '}';
}

template<size_t N>
Result<QVector<std::pair<QByteArray, QByteArray>>> batchHeadersFrom(const std::array<QByteArrayView, N> &names, const QJsonObject &object,
                                                                    const QString &pointer)
{
    QVector<std::pair<QByteArray, QByteArray>> headers;
    for (auto it = object.begin(); it != object.end(); ++it) {
        const QByteArray name = it.key().toLatin1();
        const QString place = pointer + u'/' + it.key().left(64);
        if (!isBatchHeader(names, name))
            return fail(unknownMember(pointer, it.key()));
        if (!it.value().isString())
            return fail(wrongKind(place, "a string"));
        const QString text = it.value().toString();
        if (text.size() > batchHeaderLimit)
            return fail(tooLong(place, batchHeaderLimit));
        // As on a line of HTTP: visible ASCII and blanks (RFC 9110 §5.5).
        if (!std::all_of(text.cbegin(), text.cend(), [](QChar c) { return c.unicode() >= 0x20 && c.unicode() < 0x7f; }))
            return fail(wrongValue(place));
        headers.append({name, text.toLatin1()});
    }
    return headers;
}

Result<BatchItem> batchItemFrom(const QJsonValue &value, const QString &pointer)
{
    if (!value.isObject())
        return fail(wrongKind(pointer, "an object"));
    ObjectReader reader(value.toObject(), pointer);
    BatchItem item;
    const QString method = reader.text("method", Missing::Refuse, 8);
    const QString target = reader.text("path", Missing::Refuse, batchTargetLimit);
    const auto headers = batchHeadersFrom(batchRequestHeaders, reader.object("headers", Missing::Allow), reader.place("headers"));
    const bool hasBody = reader.has("body");
    const QJsonObject body = reader.object("body", Missing::Allow);
    if (method != "GET"_L1 && method != "POST"_L1)
        reader.refuse(wrongValue(reader.place("method")));
    const bool isPath = target.startsWith(u'/') && std::all_of(target.cbegin(), target.cend(), [](QChar c) { return c.unicode() > 0x20 && c.unicode() < 0x7f; });
    if (!isPath)
        reader.refuse(wrongValue(reader.place("path")));
    if (!headers)
        reader.refuse(headers.error());
    if (auto error = reader.finish(Unknown::Refuse))
        return fail(std::move(*error));
    item.method = method.toLatin1();
    item.target = target.toLatin1();
    item.headers = *headers;
    if (hasBody)
        item.body = canonicalJson(body);
    if (item.body.size() > maxBatchItemBytes)
        return fail(tooLong(pointer + u"/body"_s, maxBatchItemBytes));
    return item;
}

Result<BatchAnswer> batchAnswerFrom(const QJsonValue &value, const QString &pointer)
{
    if (!value.isObject())
        return fail(wrongKind(pointer, "an object"));
    const QJsonObject object = value.toObject();
    ObjectReader reader(object, pointer);
    BatchAnswer answer;
    answer.status = int(reader.integer("status"));
    answer.contentType = reader.text("contentType", Missing::Refuse, 128).toLatin1().toLower();
    const auto headers = batchHeadersFrom(batchAnswerHeaders, reader.object("headers", Missing::Allow), reader.place("headers"));
    if (reader.has("base64"))
        answer.body = reader.bytes("base64", maxBatchAnswer);
    else
        answer.json = object.value("body"_L1);
    if (answer.status < 100 || answer.status > 599)
        reader.refuse(wrongValue(reader.place("status")));
    if (!headers)
        reader.refuse(headers.error());
    if (auto error = reader.finish(Unknown::Ignore))
        return fail(std::move(*error));
    answer.headers = *headers;
    return answer;
}

template<class T, class Read>
Result<QVector<T>> batchItemsFrom(QByteArrayView text, qsizetype limit, Read read)
{
    const Result<QJsonValue> json = parseJson(text, {.bytes = limit, .depth = 40});
    if (!json)
        return fail(Error::Code::Invalid, json.error().message, json.error().detail);
    if (!json->isObject())
        return fail(wrongKind({}, "an object"));
    ObjectReader reader(json->toObject());
    const QJsonArray array = reader.array("items", maxBatchItems);
    if (auto error = reader.finish(Unknown::Refuse))
        return fail(std::move(*error));
    if (array.isEmpty())
        return fail(wrongValue(u"/items"_s));
    QVector<T> items;
    items.reserve(array.size());
    for (qsizetype i = 0; i < array.size(); ++i) {
        Result<T> item = read(array.at(i), u"/items/"_s + QString::number(i));
        if (!item)
            return fail(item.error());
        items.append(std::move(*item));
    }
    return items;
}

} // namespace

bool isJsonMedia(QByteArrayView contentType)
{
    return contentType == "application/json" || contentType.endsWith("+json");
}

QByteArray toBatch(const QVector<BatchItem> &items)
{
    QByteArray out = "{\"items\":[";
    for (qsizetype i = 0; i < items.size(); ++i) {
        const BatchItem &item = items[i];
        out += i ? ",{\"method\":\"" : "{\"method\":\"";
        out += item.method;
        out += "\",\"path\":";
        appendString(out, QString::fromLatin1(item.target));
        appendBatchHeaders(out, batchRequestHeaders, item.headers);
        if (!item.body.isEmpty()) {
            out += ",\"body\":";
            out += item.body;
        }
        out += '}';
    }
    return out + "]}";
}

Result<QVector<BatchItem>> batchFromJson(QByteArrayView text)
{
    return batchItemsFrom<BatchItem>(text, batchRequestLimit, batchItemFrom);
}

void appendBatchAnswer(QByteArray &out, int status, const QByteArray &contentType,
                       const QVector<std::pair<QByteArray, QByteArray>> &headers, QByteArrayView body)
{
    const qsizetype semicolon = contentType.indexOf(';');
    const QByteArray media = (semicolon < 0 ? contentType : contentType.left(semicolon)).trimmed();
    out += "{\"status\":";
    appendInteger(out, status);
    out += ",\"contentType\":";
    appendString(out, QString::fromLatin1(media));
    appendBatchHeaders(out, batchAnswerHeaders, headers);
    if (isJsonMedia(media) && !body.isEmpty()) {
        out += ",\"body\":";
        out += body;
    } else {
        out += ",\"base64\":\"";
        out += QByteArray::fromRawData(body.data(), body.size()).toBase64();
        out += '"';
    }
    out += '}';
}

QByteArray toBatchAnswers(const QVector<QByteArray> &answers)
{
    qsizetype size = 16 + answers.size();
    for (const QByteArray &answer : answers)
        size += answer.size();
    QByteArray out;
    out.reserve(size);
    out += "{\"items\":[";
    for (qsizetype i = 0; i < answers.size(); ++i) {
        if (i)
            out += ',';
        out += answers[i];
    }
    return out + "]}";
}

Result<QVector<BatchAnswer>> batchAnswersFromJson(QByteArrayView text, qsizetype expected)
{
    Result<QVector<BatchAnswer>> answers = batchItemsFrom<BatchAnswer>(text, batchAnswerLimit, batchAnswerFrom);
    if (answers && answers->size() != expected)
        return fail(wrongValue(u"/items"_s));
    return answers;
}

} // namespace parapet::wire
