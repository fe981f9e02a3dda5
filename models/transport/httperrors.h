// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/error.h"
#include "models/transport/httpmessage.h"

#include <optional>

namespace parapet::transport {

/// Why a response is not the answer that was asked for: its status (with what its problem document says, RFC 9457), a
/// redirect, or its media type. Nothing when it is an answer; a request with anyStatus takes every one. 429 and 503
/// carry Retry-After as data; they, 502 and 504 are retryable.
std::optional<Error> errorOf(const HttpRequest &request, const HttpResponse &response);

/// The body is beyond the request's limit.
Error tooLarge(const HttpRequest &request);

} // namespace parapet::transport
