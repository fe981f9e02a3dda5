// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connectors/plane/planecalls.h"
#include "models/transport/httpclient.h"

namespace parapet::planeconnector {

/// Reads one thing by its identifier; an identifier that is none is not sent.
template<class T>
Reply<T> sendGet(transport::HttpClient &client, const QUrl &base, const QString &path, const QString &id,
                 std::function<Result<T>(transport::HttpResponse &)> decode)
{
    if (Status valid = planecalls::check(id); !valid)
        return ready<T>(fail(valid.error()));
    return client.send<T>(planecalls::get(base, path, id), std::move(decode));
}

/// Changes one thing by its identifier; a change that cannot be sent is not sent in part.
template<class T>
Reply<T> sendPost(transport::HttpClient &client, const QUrl &base, const QString &path, const QString &id,
                  const Change &change, const QJsonObject &body,
                  std::function<Result<T>(transport::HttpResponse &)> decode)
{
    if (Status valid = planecalls::check(id, change); !valid)
        return ready<T>(fail(valid.error()));
    return client.send<T>(planecalls::post(base, path, id, change, body), std::move(decode));
}

} // namespace parapet::planeconnector
