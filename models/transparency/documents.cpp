// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transparency/documents.h"

#include "models/core/json.h"

#include <QtCore/QCoreApplication>

namespace parapet::transparency {

using namespace Qt::StringLiterals;

Result<QJsonObject> documentFrom(QByteArrayView text, const QString &type, qsizetype limit)
{
    const Result<QJsonValue> json = parseJson(text, {limit, 8});
    if (!json)
        return fail(json.error());
    const auto refuse = [](const char *why) {
        return fail(Error::Code::Invalid, QCoreApplication::translate("transparency", "This is not such a document."), QString::fromLatin1(why));
    };
    if (!json->isObject())
        return refuse("it is not an object");
    QJsonObject object = json->toObject();
    if (object.take(u"type"_s).toString() != type)
        return refuse("it is of another type");
    if (object.take(u"version"_s) != QJsonValue(1))
        return refuse("it is of another version");
    // One document has one form, and so one SHA-256.
    if (canonicalJson(*json) != text)
        return refuse("it is not in canonical form");
    return object;
}

Hash hashMember(wire::ObjectReader &reader, const char *name)
{
    const Result<Hash> hash = hashFromBase64(reader.text(name).toUtf8());
    if (!hash)
        reader.refuse(wire::wrongKind(reader.place(name), "a SHA-256 in base64"));
    return hash.value_or(Hash{});
}

QVector<Hash> hashesMember(wire::ObjectReader &reader, const char *name, qsizetype limit)
{
    QVector<Hash> hashes;
    for (const QJsonValue &json : reader.array(name, limit)) {
        const Result<Hash> hash = hashFromBase64(json.toString().toUtf8());
        if (!hash)
            reader.refuse(wire::wrongKind(reader.place(name), "hashes in base64"));
        hashes.append(hash.value_or(Hash{}));
    }
    return hashes;
}

QJsonArray hashesJson(std::span<const Hash> hashes)
{
    QJsonArray array;
    for (const Hash &hash : hashes)
        array.append(QString::fromLatin1(toBase64(hash)));
    return array;
}

QString base64Text(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes.toBase64());
}

QJsonValue timeJson(Instant at)
{
    return isKnown(at) ? QJsonValue(toRfc3339(at)) : QJsonValue();
}

} // namespace parapet::transparency
