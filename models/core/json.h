// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QByteArray>
#include <QtCore/QJsonValue>

namespace parapet {

/// Limits of one JSON document from outside.
struct JsonLimits {
    qsizetype bytes = 1 << 20;
    int depth = 64;
};

/// The one decoder of our JSON documents (simdjson): UTF-8 checked, duplicate member names refused (I-JSON, RFC 7493 §2.3),
/// integers beyond ±(2^53−1) refused, also as 1e20 (their canonical form would be such an integer), bounded in size and depth. Code Invalid, or Protocol as chosen by the caller's context.
Result<QJsonValue> parseJson(QByteArrayView text, JsonLimits limits = {});

/// RFC 8785 canonical form (JCS) of a value: members sorted by UTF-16 code units, ES6 numbers, no white space.
/// What JSON cannot say has no error here, because values come from parseJson() or our own code: NaN, infinity and undefined
/// become null, half a surrogate pair U+FFFD, and an integer beyond ±2^53 the double next to it.
QByteArray canonicalJson(const QJsonValue &value);

} // namespace parapet
