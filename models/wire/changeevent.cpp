// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/wire/changeevent.h"

#include "models/core/json.h"

namespace parapet::wire {
namespace {

/// Every change is one object; a stream that sends anything else is broken, whoever is to blame.
Failure changeBroken(Error error)
{
    error.code = Error::Code::Protocol;
    return fail(std::move(error));
}

Result<QJsonObject> changeObject(QByteArrayView data)
{
    Result<QJsonValue> json = parseJson(data);
    if (!json)
        return changeBroken(std::move(json.error()));
    if (!json->isObject())
        return changeBroken(wrongKind({}, "an object"));
    return json->toObject();
}

} // namespace

void appendRemoval(QByteArray &out, const QString &id)
{
    out += "{\"id\":";
    appendString(out, id);
    out += ",\"removed\":true,\"object\":null}";
}

void appendHello(QByteArray &out, const Hello &hello)
{
    out += "{\"epoch\":";
    appendString(out, hello.epoch);
    out += ",\"sequence\":";
    appendString(out, hello.sequence);
    out += ",\"pingSeconds\":";
    appendInteger(out, hello.pingSeconds);
    out += '}';
}

Result<ChangeEvent> changeFrom(const QString &sequence, const QString &kind, QByteArrayView data)
{
    const Result<QJsonObject> object = changeObject(data);
    if (!object)
        return fail(object.error());
    ObjectReader reader(*object);
    ChangeEvent change;
    change.sequence = sequence;
    change.kind = kind;
    change.id = reader.text("id", Missing::Refuse, maxIdentifierLength);
    change.removed = reader.boolean("removed");
    if (!change.removed)
        change.object = reader.object("object");
    if (sequence.isEmpty() || sequence.size() > maxIdentifierLength)
        reader.refuse(wrongKind(QStringLiteral("id"), "a sequence of at most 128 characters"));
    if (change.id.isEmpty())
        reader.refuse(wrongValue(reader.place("id")));
    if (auto error = reader.finish())
        return changeBroken(std::move(*error));
    return change;
}

Result<Hello> helloFrom(QByteArrayView data)
{
    const Result<QJsonObject> object = changeObject(data);
    if (!object)
        return fail(object.error());
    ObjectReader reader(*object);
    Hello hello;
    hello.epoch = reader.text("epoch", Missing::Refuse, maxIdentifierLength);
    hello.sequence = reader.text("sequence", Missing::Refuse, maxIdentifierLength);
    hello.pingSeconds = reader.integer("pingSeconds");
    // Three of these without a word end the stream: neither at once nor never.
    if (hello.pingSeconds < 1 || hello.pingSeconds > 600)
        reader.refuse(wrongValue(reader.place("pingSeconds")));
    if (auto error = reader.finish())
        return changeBroken(std::move(*error));
    return hello;
}

} // namespace parapet::wire
