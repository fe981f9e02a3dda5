// SPDX-License-Identifier: GPL-3.0-or-later
// Several calls in one request. Each item is a call like any other: who, whether they may, its own key, precondition and event. Their
// units are committed together, because they arrive together.
#include "app/plane/api/api.h"

#include "app/plane/api/params.h"
#include "app/plane/server/wire.h"
#include "models/wire/batch.h"

#include <QtCore/QCoreApplication>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

QString batchText(const char *text)
{
    return QCoreApplication::translate("api", text);
}

Error batchTooLarge()
{
    return {Error::Code::Invalid, batchText("The answer is too large for a batch. Ask for it alone."), {}, false};
}

/// Collects the answers of one batch; the last one sends them all.
class BatchAnswers
{
public:
    BatchAnswers(const CallPtr &call, qsizetype items) : m_call(call), m_answers(items), m_left(items) {}

    void put(qsizetype at, const server::Response &response)
    {
        QByteArray media;
        QVector<std::pair<QByteArray, QByteArray>> headers;
        for (const server::Header &header : response.headers) {
            if (header.name.compare("Content-Type", Qt::CaseInsensitive) == 0)
                media = header.value;
            headers.append({header.name, header.value});
        }
        QByteArray text;
        text.reserve(response.body.size() + 192);
        wire::appendBatchAnswer(text, response.status, media, headers, response.body);
        {
            const std::scoped_lock guard(m_lock);
            m_answers[at] = std::move(text);
            if (--m_left > 0)
                return;
        }
        server::Response whole;
        whole.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}, {"X-Request-Id", m_call->requestId.toLatin1()}};
        whole.body = wire::toBatchAnswers(m_answers);
        m_call->responder->send(std::move(whole));
    }

private:
    const CallPtr m_call;
    std::mutex m_lock;
    QVector<QByteArray> m_answers;
    qsizetype m_left;
};

/// The answer of one item. What needs a connection of its own never comes here: see Api::dispatch.
class BatchResponder final : public server::Responder
{
public:
    BatchResponder(std::shared_ptr<BatchAnswers> answers, qsizetype at, bool isRead) : m_answers(std::move(answers)), m_at(at), m_isRead(isRead) {}
    ~BatchResponder() override
    {
        if (!m_sent.test_and_set())
            m_answers->put(m_at, server::problem(500, batchText("The server failed to answer this request.")));
    }

    void send(server::Response response) override
    {
        if (m_sent.test_and_set())
            return;
        // A change has been made: what became of it is told whatever its size.
        if (m_isRead && response.body.size() > wire::maxBatchAnswer)
            response = problemOf(batchTooLarge(), {}, 413);
        m_answers->put(m_at, response);
    }
    std::shared_ptr<server::Stream> stream(int, server::Headers) override
    {
        class Ended final : public server::Stream
        {
        public:
            bool write(QByteArray) override { return false; }
            void close() override {}
            bool isOpen() const override { return false; }
            void onEnd(std::function<void(server::StreamEnd)> callback) override { callback(server::StreamEnd::Refused); }
        };
        send(problemOf(batchTooLarge(), {}, 413));
        return std::make_shared<Ended>();
    }
    void sendProducer(int, server::Headers, server::Producer, std::optional<qint64>) override { send(problemOf(batchTooLarge(), {}, 413)); }

private:
    const std::shared_ptr<BatchAnswers> m_answers;
    const qsizetype m_at;
    const bool m_isRead;
    std::atomic_flag m_sent;
};

} // namespace

void Api::addBatchRoutes()
{
    for (const Interface interface : {Interface::Control, Interface::Audit, Interface::Agent}) {
        Endpoint batch{"POST", u"/v1/batch"_s, interface, u"batch"_s};
        batch.many = [this](const CallPtr &call) { runBatch(call); };
        add(batch);
    }
}

void Api::runBatch(const CallPtr &call)
{
    const QByteArray type = call->request.header("Content-Type").toLower();
    if (!type.isEmpty() && type.split(';').first().trimmed() != "application/json")
        return finish(call, invalid(batchText("The body must be application/json.")));
    const Result<QVector<wire::BatchItem>> items = wire::batchFromJson(call->request.body);
    if (!items)
        return finish(call, fail(items.error()));
    QVector<CallPtr> calls;
    calls.reserve(items->size());
    const auto answers = std::make_shared<BatchAnswers>(call, items->size());
    for (qsizetype i = 0; i < items->size(); ++i) {
        const wire::BatchItem &item = items->at(i);
        auto one = std::make_shared<Call>();
        one->request.method = item.method;
        one->request.target = item.target;
        if (!server::splitTarget(one->request))
            return finish(call, fail(wire::wrongValue(u"/items/%1/path"_s.arg(i))));
        for (const auto &[name, value] : item.headers)
            one->request.headers.append(server::Header{name, value});
        if (!item.body.isEmpty())
            one->request.headers.append(server::Header{"Content-Type", "application/json"});
        one->request.body = item.body;
        one->request.peer = call->request.peer;
        one->request.peerAddress = call->request.peerAddress;
        one->request.peerPort = call->request.peerPort;
        one->interface = call->interface;
        one->at = call->at;
        one->requestId = newIdentifier(u"req");
        one->inBatch = true;
        calls.append(one);
    }
    // Nothing is begun before everything could be read. Then one item's fate is nothing to the others.
    for (qsizetype i = 0; i < calls.size(); ++i) {
        calls[i]->responder = std::make_shared<BatchResponder>(answers, i, calls[i]->request.method == "GET");
        admit(calls[i], false);
    }
}

/// On a pool thread: a small file as one answer.
void Api::answerWhole(const CallPtr &call)
{
    auto made = call->route->produce(*call);
    if (!made)
        return finish(call, fail(made.error()));
    auto &[producer, size] = *made;
    if (size > wire::maxBatchAnswer)
        return finish(call, fail(batchTooLarge()), 413);
    Answer answer;
    answer.contentType = producedType(*call);
    for (bool more = true; more;) {
        QByteArray chunk;
        const server::Produced produced = producer(chunk);
        if (produced == server::Produced::Failed)
            return finish(call, fail(Error::Code::Server, batchText("The file of this snapshot cannot be read.")));
        answer.body += chunk;
        if (answer.body.size() > wire::maxBatchAnswer)
            return finish(call, fail(batchTooLarge()), 413);
        more = produced == server::Produced::More;
    }
    finish(call, answer, 0, Tell::Everyone);
}

} // namespace parapet::plane
