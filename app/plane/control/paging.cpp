// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/control/paging.h"

#include "models/core/json.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>

namespace parapet::plane {

Failure invalid(const QString &message, const QString &pointer)
{
    return fail(Error::Code::Invalid, message, pointer);
}

QString cursorOf(const PageRequest &request, const QJsonValue &sortValue, const QString &id)
{
    const QJsonArray place{request.query.sort, request.query.descending, request.query.filter, sortValue, id};
    return QString::fromLatin1(canonicalJson(place).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

Result<CursorPlace> placeOf(const PageRequest &request)
{
    const auto refused = [] { return invalid(QCoreApplication::translate("api", "The cursor is not one of this list. Begin again without it.")); };
    const auto bytes = QByteArray::fromBase64Encoding(request.after.toLatin1(), QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!bytes)
        return refused();
    const Result<QJsonValue> json = parseJson(*bytes);
    if (!json || !json->isArray())
        return refused();
    const QJsonArray place = json->toArray();
    if (place.size() != 5 || place[0] != QJsonValue(request.query.sort) || place[1] != QJsonValue(request.query.descending)
        || place[2] != QJsonValue(request.query.filter) || !place[4].isString())
        return refused();
    return CursorPlace{place[3], place[4].toString()};
}

} // namespace parapet::plane
