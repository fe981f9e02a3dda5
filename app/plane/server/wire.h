// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/server/server.h"

/// What the server needs of HTTP/1.1 besides Beast's parser; no Boost here, so that it compiles in seconds.
namespace parapet::server {

/// Splits Request::target into path, segments and query. False for anything but origin form, absolute form and "*"
/// (RFC 9112, 3.2), for a bad percent-encoding, for text that is not UTF-8 or has a NUL, and for "." and ".." segments.
bool splitTarget(Request &request);

/// How an answer's end is known (RFC 9112 §6.3).
enum class Framing {
    Length,     ///< Content-Length
    Chunked,    ///< Transfer-Encoding: chunked
    UntilClose, ///< HTTP/1.0 without a length
};

/// Appends status line and headers with the empty line. `length` counts for Framing::Length only; statuses without a
/// body (1xx, 204, 304) get no framing header.
void appendHead(QByteArray &out, const Response &response, Framing framing, qint64 length, bool keepAlive);

/// True for the statuses that never have a body.
bool isBodiless(int status);

} // namespace parapet::server
