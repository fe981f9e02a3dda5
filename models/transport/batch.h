// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/transport/httpmessage.h"
#include "models/wire/batch.h"

namespace parapet::transport {

/// Several requests as one (HttpRequest::together), and its answer taken apart. Internal to HttpClient.

/// What still fits into a batch.
class BatchRoom
{
public:
    /// False when the request does not fit any more.
    bool take(const HttpRequest &request);

private:
    qsizetype m_items = 0;
    qsizetype m_bytes = 0;
};

/// The one request for all of them; all have the same `together`.
HttpRequest batchOf(const QVector<HttpRequest> &requests);

/// As if the request had been answered alone: its error, or its answer. The request's sink has been given the body.
Result<HttpResponse> responseTo(const HttpRequest &request, wire::BatchAnswer &answer, Milliseconds took);

/// The server took no batch, so that nothing of it was done: send them one by one.
bool refusesBatch(int status);
/// It does not know batches at all.
bool knowsNoBatch(int status);

} // namespace parapet::transport
