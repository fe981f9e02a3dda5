// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/wire/reader.h"

#include <QtCore/QByteArray>
#include <QtCore/QJsonValue>
#include <QtCore/QVector>

#include <utility>

namespace parapet::wire {

/// Several requests in one (POST /v1/batch in resources/api/openapi.yaml): each with a key, a precondition, an answer and an audit
/// event of its own, as if it had come alone.

inline constexpr qsizetype maxBatchItems = 100;
/// Bytes of one item's answer; what is longer is answered 413 there and has to be asked for alone.
inline constexpr qsizetype maxBatchAnswer = 64 << 10;
/// Bytes of one item's request.
inline constexpr qsizetype maxBatchItemBytes = 64 << 10;

/// One request: an HTTP request without a connection.
struct BatchItem {
    QByteArray method;                                   ///< "GET" or "POST"
    QByteArray target;                                   ///< path and query, percent-encoded: "/v1/workspaces/ws-1/state"
    QVector<std::pair<QByteArray, QByteArray>> headers;  ///< Authorization, Idempotency-Key, If-Match, X-Parapet-Operation only
    QByteArray body;                                     ///< a JSON object; empty: none
};

/// One answer. `json` when its media type is JSON, else `body`.
struct BatchAnswer {
    int status = 0;
    QByteArray contentType;                              ///< without parameters
    QVector<std::pair<QByteArray, QByteArray>> headers;  ///< ETag, Retry-After, WWW-Authenticate, X-Request-Id only
    QJsonValue json{QJsonValue::Undefined};
    QByteArray body;
};

/// The request's body. `body` of an item goes in as it is: it must be JSON.
QByteArray toBatch(const QVector<BatchItem> &items);
/// Reads it, strictly: 1 to maxBatchItems items, known members and headers only.
Result<QVector<BatchItem>> batchFromJson(QByteArrayView text);

/// One answer as an element of the answers; `body` goes in as it is where `contentType` is JSON.
void appendBatchAnswer(QByteArray &out, int status, const QByteArray &contentType,
                       const QVector<std::pair<QByteArray, QByteArray>> &headers, QByteArrayView body);
/// `answers` as appendBatchAnswer() made them, in the order of the items.
QByteArray toBatchAnswers(const QVector<QByteArray> &answers);
/// Reads them: exactly `expected`.
Result<QVector<BatchAnswer>> batchAnswersFromJson(QByteArrayView text, qsizetype expected);

/// "application/json" and every "…+json".
bool isJsonMedia(QByteArrayView contentType);

} // namespace parapet::wire
