// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/server/responder.h"

#include <atomic>

namespace parapet::server {

namespace {

class ConnectionStream final : public Stream
{
public:
    ConnectionStream(std::shared_ptr<Channel> channel, std::shared_ptr<StreamQueue> queue)
        : m_channel(std::move(channel)), m_queue(std::move(queue))
    {
    }
    ~ConnectionStream() override { requestEnd(); }

    bool write(QByteArray bytes) override
    {
        const StreamQueue::Added added = m_queue->add(std::move(bytes));
        bool told = true;
        if (added == StreamQueue::Added::First)
            told = m_channel->post([channel = m_channel] { channel->flushStream(); });
        else if (added == StreamQueue::Added::Overflow)
            told = m_channel->post([channel = m_channel] { channel->close(); });
        if (!told)
            m_queue->end(StreamEnd::Stopped);
        return told && (added == StreamQueue::Added::First || added == StreamQueue::Added::Queued);
    }
    void close() override { requestEnd(); }
    bool isOpen() const override { return m_queue->isOpen(); }
    void onEnd(std::function<void(StreamEnd)> callback) override { m_queue->onEnd(std::move(callback)); }

private:
    void requestEnd()
    {
        if (m_queue->requestEnd(StreamEnd::Closed))
            m_channel->post([channel = m_channel] { channel->flushStream(); });
    }

    const std::shared_ptr<Channel> m_channel;
    const std::shared_ptr<StreamQueue> m_queue;
};

class ConnectionResponder final : public Responder
{
public:
    ConnectionResponder(std::shared_ptr<Channel> channel, bool isHead) : m_channel(std::move(channel)), m_isHead(isHead)
    {
    }
    ~ConnectionResponder() override
    {
        if (!m_answered.test_and_set())
            refuse(500, QStringLiteral("The server failed to answer this request."));
    }

    void send(Response response) override
    {
        if (!m_answered.test_and_set()) {
            m_channel->post([channel = m_channel, response = std::move(response)]() mutable {
                channel->answer(std::move(response));
            });
        }
    }

    std::shared_ptr<Stream> stream(int status, Headers headers) override
    {
        auto queue = std::make_shared<StreamQueue>(m_channel->streamQueueBytes());
        auto stream = std::make_shared<ConnectionStream>(m_channel, queue);
        if (m_answered.test_and_set()) {
            queue->end(StreamEnd::Refused);
        } else if (m_isHead) {
            queue->end(StreamEnd::Refused);
            m_channel->post([channel = m_channel, head = Response{status, std::move(headers), {}}]() mutable {
                channel->openProducer(std::move(head), {}, {});
            });
        } else if (!m_channel->reserveStream()) {
            queue->end(StreamEnd::Refused);
            refuse(503, QStringLiteral("Too many event streams are open. Close one, or try again later."));
        } else if (!m_channel->post([channel = m_channel, head = Response{status, std::move(headers), {}},
                                     queue]() mutable { channel->openStream(std::move(head), std::move(queue)); })) {
            m_channel->releaseStream();
            queue->end(StreamEnd::Stopped);
        }
        return stream;
    }

    void sendProducer(int status, Headers headers, Producer producer, std::optional<qint64> size) override
    {
        if (m_answered.test_and_set())
            return;
        if (!producer)
            return refuse(500, QStringLiteral("The server failed to answer this request."));
        m_channel->post([channel = m_channel, head = Response{status, std::move(headers), {}},
                         producer = std::move(producer),
                         size]() mutable { channel->openProducer(std::move(head), std::move(producer), size); });
    }

private:
    void refuse(int status, const QString &detail)
    {
        m_channel->post([channel = m_channel, status, detail] { channel->refuse(status, detail, true); });
    }

    const std::shared_ptr<Channel> m_channel;
    const bool m_isHead;
    std::atomic_flag m_answered;
};

} // namespace

std::shared_ptr<Responder> makeResponder(std::shared_ptr<Channel> channel, bool isHead)
{
    return std::make_shared<ConnectionResponder>(std::move(channel), isHead);
}

} // namespace parapet::server
