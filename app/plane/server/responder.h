// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/server/stream.h"

namespace parapet::server {

/// A connection as its answer sees it. An answer may come from any thread, so all but the first group is called inside
/// post().
class Channel
{
public:
    virtual ~Channel() = default;

    /// Runs `task` in the connection's turn, at once if it is the caller's. False, and nothing runs, when the server
    /// has stopped.
    virtual bool post(std::function<void()> task) = 0;
    /// Takes one of Limits::streams; false when none is left.
    virtual bool reserveStream() = 0;
    virtual void releaseStream() = 0;
    virtual qint64 streamQueueBytes() const = 0;

    virtual void answer(Response response) = 0;
    virtual void refuse(int status, const QString &detail, bool keepAlive) = 0;
    /// Answers with a reserved stream, which the connection releases.
    virtual void openStream(Response head, std::shared_ptr<StreamQueue> queue) = 0;
    virtual void flushStream() = 0;
    /// Answers with the head alone when there is no producer.
    virtual void openProducer(Response head, Producer producer, std::optional<qint64> size) = 0;
    virtual void close() = 0;
};

/// The one answer of a request. Letting go of it unanswered sends 500.
std::shared_ptr<Responder> makeResponder(std::shared_ptr<Channel> channel, bool isHead);

} // namespace parapet::server
