// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/error.h"
#include "models/core/instant.h"

#include <QtCore/QByteArray>

namespace parapet::wire {

/// An error as it travels: application/problem+json (RFC 9457), with our member "code" (the name of an Error::Code).
struct Problem {
    int status = 500; ///< HTTP status code
    Error error;
    QString instance;          ///< the request's identifier; may be empty
    Milliseconds retryAfter{}; ///< from the Retry-After header, 0 when there was none
};

/// The status that stands for a code (RFC 9110 §15), and the code that stands for a status.
int statusOf(Error::Code code);
Error::Code codeOf(int status);

/// The document's body. `title` is the status's reason phrase, `detail` the error's message; the error's own detail
/// stays here.
QByteArray toProblem(const Problem &problem);

/// What a peer answered with an error status, whatever its body: hostile text is made inert and cut, a body that is no
/// problem document still yields the error that its status means. 429, 502, 503 and 504 are retryable.
Problem problemFrom(int status, QByteArrayView body, QByteArrayView contentType, QByteArrayView retryAfter = {});

/// Retry-After in whole seconds (RFC 9110 §10.2.3), at most an hour; 0 for anything else.
Milliseconds retryAfterFrom(QByteArrayView header);

} // namespace parapet::wire
