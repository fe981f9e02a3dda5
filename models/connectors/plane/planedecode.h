// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/json.h"
#include "models/transport/httpclient.h"
#include "models/wire/pages.h"

#include <QtCore/QCoreApplication>

/// Decoders of answers. Whatever is wrong with one is the peer's fault: code Protocol.
namespace parapet::planedecode {

inline Error asProtocol(const Error &cause)
{
    return {
        Error::Code::Protocol,
        QCoreApplication::translate(
            "connectors",
            "The system answered with something that cannot be read. It may be of another version than this console."),
        cause.detail.isEmpty() ? cause.message : cause.detail, false};
}

inline Result<QJsonObject> object(const transport::HttpResponse &response)
{
    if (response.json.isObject())
        return response.json.toObject();
    const auto json = parseJson(response.body, {.bytes = 8 << 20, .depth = 32});
    if (!json)
        return fail(asProtocol(json.error()));
    if (!json->isObject())
        return fail(asProtocol({Error::Code::Protocol, QStringLiteral("not an object"), {}, false}));
    return json->toObject();
}

template<class T>
Result<T> blame(Result<T> result)
{
    return result ? std::move(result) : Result<T>(fail(asProtocol(result.error())));
}

template<class T>
transport::HttpClient::Decode<T> one()
{
    return [](transport::HttpResponse &response) -> Result<T> {
        const auto json = object(response);
        return json ? blame(wire::fromJson<T>(*json)) : Result<T>(fail(json.error()));
    };
}

template<class T>
transport::HttpClient::Decode<QVector<T>> items()
{
    return [](transport::HttpResponse &response) -> Result<QVector<T>> {
        const auto json = object(response);
        return json ? blame(wire::itemsFromJson<T>(*json)) : Result<QVector<T>>(fail(json.error()));
    };
}

template<class T>
transport::HttpClient::Decode<Page<T>> page()
{
    return [](transport::HttpResponse &response) -> Result<Page<T>> {
        const auto json = object(response);
        return json ? blame(wire::pageFromJson<T>(*json)) : Result<Page<T>>(fail(json.error()));
    };
}

} // namespace parapet::planedecode
