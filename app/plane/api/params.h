// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/api/call.h"
#include "app/plane/control/paging.h"

#include <QtCore/QJsonObject>

namespace parapet::plane {

/// Reads filter, sort, order, limit, after and at. Code Invalid, naming the parameter.
Result<PageRequest> pageRequestOf(const Call &call);

/// Idempotency-Key, If-Match, X-Parapet-Operation and the body's "reason". Code Invalid.
Result<Change> changeOf(const Call &call, const QJsonObject &body);

/// The body as an object whose members are all known (the route's and "reason"). Code Invalid, naming the place by JSON pointer.
Result<QJsonObject> bodyOf(const Call &call);

/// Refuses parameters that the route does not know, and repeated ones.
Status checkParameters(const Call &call);

/// A problem document (RFC 9457) for an error; 401 gets WWW-Authenticate, 503 and 429 Retry-After.
server::Response problemOf(const Error &error, const QString &requestId, int status = 0);

} // namespace parapet::plane
