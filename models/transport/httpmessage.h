// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"

#include <QtCore/QByteArray>
#include <QtCore/QHash>
#include <QtCore/QJsonValue>
#include <QtCore/QUrl>
#include <QtCore/QVector>

#include <functional>
#include <utility>

namespace parapet::transport {

/// One request. What proves who we are goes into `authorization` alone: it is never logged, stored or shown.
struct HttpRequest {
    QByteArray method = QByteArrayLiteral("GET");
    QUrl url;
    QByteArray body;
    QVector<std::pair<QByteArray, QByteArray>> headers;
    QByteArray authorization;                                  ///< the value of the Authorization header, or empty
    QByteArray accept = QByteArrayLiteral("application/json"); ///< the one media type that is taken as an answer
    Milliseconds silence{15'000};                              ///< longest time without a byte
    Milliseconds deadline{60'000};                             ///< longest time altogether
    qint64 limit = 8 << 20;                                    ///< largest body, bytes
    bool anyStatus = false;                   ///< every status is an answer (probes), not only 2xx; redirects too
    bool secret = false;                      ///< the answer holds secrets: its bytes are wiped once it is decoded
    /// Where it may go out together with others of the same moment (models/wire/batch.h), on the same origin; empty: alone.
    QUrl together;
    std::function<void(QByteArrayView)> sink; ///< takes the body of a 2xx piece by piece instead of keeping it
};

/// One answer. Header names in lower case.
struct HttpResponse {
    int status = 0;
    QByteArray body;
    QJsonValue json{QJsonValue::Undefined}; ///< the body of a 2xx that came parsed, with others: then `body` is empty
    QByteArray contentType; ///< without parameters, lower case
    QHash<QByteArray, QByteArray> headers;
    Milliseconds took{};
};

} // namespace parapet::transport
