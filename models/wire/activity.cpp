// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/wire/activity.h"

namespace parapet::wire {

template<>
void appendJson<ActivitySlice>(QByteArray &out, const ActivitySlice &slice)
{
    out += "{\"from\":";
    appendTime(out, slice.from);
    out += ",\"people\":";
    appendInteger(out, slice.people);
    out += ",\"agents\":";
    appendInteger(out, slice.agents);
    out += ",\"services\":";
    appendInteger(out, slice.services);
    out += ",\"refused\":";
    appendInteger(out, slice.refused);
    out += '}';
}

template<>
Result<ActivitySlice> fromJson<ActivitySlice>(const QJsonObject &object, Unknown unknown, Missing missing,
                                              const QString &pointer)
{
    ObjectReader reader(object, pointer);
    ActivitySlice slice{reader.time("from", missing), reader.integer("people", missing),
                        reader.integer("agents", missing), reader.integer("services", Missing::Allow),
                        reader.integer("refused", Missing::Allow)};
    const std::pair<const char *, qint64> counts[] = {
        {"people", slice.people}, {"agents", slice.agents}, {"services", slice.services}, {"refused", slice.refused}};
    for (const auto &[name, count] : counts) {
        if (count < 0)
            reader.refuse(wrongValue(reader.place(name)));
    }
    if (auto error = reader.finish(unknown))
        return fail(std::move(*error));
    return slice;
}

template<>
void appendJson<LogHead>(QByteArray &out, const LogHead &head)
{
    out += "{\"origin\":";
    appendString(out, head.origin);
    out += ",\"size\":";
    appendInteger(out, head.size);
    out += ",\"rootHash\":\"";
    out += head.rootHash.toBase64();
    out += "\",\"at\":";
    appendTime(out, head.at);
    out += '}';
}

template<>
Result<LogHead> fromJson<LogHead>(const QJsonObject &object, Unknown unknown, Missing missing, const QString &pointer)
{
    ObjectReader reader(object, pointer);
    LogHead head;
    head.origin = reader.text("origin", missing, 256);
    head.size = reader.integer("size", missing);
    head.rootHash = reader.bytes("rootHash", 32);
    head.at = reader.time("at", missing);
    if (head.size < 0)
        reader.refuse(wrongValue(reader.place("size")));
    if (head.rootHash.size() != 32)
        reader.refuse(wrongKind(reader.place("rootHash"), "base64 of 32 bytes"));
    if (auto error = reader.finish(unknown))
        return fail(std::move(*error));
    return head;
}

template<>
void appendJson<Cosignature>(QByteArray &out, const Cosignature &cosignature)
{
    out += "{\"size\":";
    appendInteger(out, cosignature.size);
    out += ",\"rootHash\":\"";
    out += cosignature.rootHash.toBase64();
    out += "\",\"witness\":";
    appendString(out, cosignature.witness);
    out += ",\"line\":";
    appendString(out, cosignature.line);
    out += ",\"at\":";
    appendTime(out, cosignature.at);
    out += '}';
}

template<>
Result<Cosignature> fromJson<Cosignature>(const QJsonObject &object, Unknown unknown, Missing missing, const QString &pointer)
{
    constexpr qsizetype longestLine = 4096;
    ObjectReader reader(object, pointer);
    Cosignature cosignature;
    cosignature.size = reader.integer("size", missing);
    cosignature.rootHash = reader.bytes("rootHash", 32);
    cosignature.witness = reader.text("witness", missing, longestLine);
    cosignature.line = reader.text("line", missing, longestLine);
    cosignature.at = reader.time("at", missing);
    (void)reader.time("received", Missing::Allow);
    (void)reader.text("principal", Missing::Allow);
    if (cosignature.size < 0)
        reader.refuse(wrongValue(reader.place("size")));
    if (cosignature.rootHash.size() != 32)
        reader.refuse(wrongKind(reader.place("rootHash"), "base64 of 32 bytes"));
    if (auto error = reader.finish(unknown))
        return fail(std::move(*error));
    return cosignature;
}

} // namespace parapet::wire
