// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transport/eventstream.h"

#include "models/transport/httperrors.h"
#include "models/transport/networkerror.h"
#include "models/wire/changeevent.h"

#include <QtCore/QCoreApplication>

namespace parapet::transport {

using namespace Qt::StringLiterals;

namespace {

constexpr int missedPings = 3;

/// "EPOCH-N" in its parts; N is -1 when it is none.
std::pair<QStringView, qint64> splitPosition(const QString &position)
{
    const qsizetype dash = position.lastIndexOf(u'-');
    bool isNumber = false;
    const qint64 n = QStringView(position).mid(dash + 1).toLongLong(&isNumber);
    return {QStringView(position).left(std::max<qsizetype>(dash, 0)), dash > 0 && isNumber ? n : -1};
}

Error unreadableChange(const QString &detail)
{
    return {Error::Code::Protocol,
            QCoreApplication::translate("transport", "The stream of changes sent something that cannot be read. The "
                                                     "console connects again by itself and loads everything anew."),
            detail, true};
}

} // namespace

EventStream::EventStream(Trust trust, std::optional<TlsIdentity> identity, Options options, const Clock &clock,
                         QObject *parent)
    : Watch(parent),
      m_clock(clock),
      m_channel(std::move(trust), std::move(identity)),
      m_options(std::move(options)),
      m_position(m_options.since)
{
    m_retry.setSingleShot(true);
    m_patience.setSingleShot(true);
    m_more.setSingleShot(true);
    m_patience.setInterval(int(m_options.silence.count()));
    connect(&m_retry, &QTimer::timeout, this, &EventStream::connectNow);
    connect(&m_more, &QTimer::timeout, this, &EventStream::take);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        breakOff({Error::Code::Network,
                  QCoreApplication::translate(
                      "transport", "The stream of changes has gone silent. The console connects again by itself."),
                  u"nothing for %1 ms"_s.arg(m_patience.interval()), true});
    });
    m_retry.start(0);
}

EventStream::~EventStream()
{
    dropReply();
}

void EventStream::reconnectNow()
{
    if (m_state == State::Live)
        return;
    m_options.backoff.reset();
    if (!m_connecting)
        m_retry.start(0);
}

void EventStream::giveUp(const Error &why)
{
    breakOff(why);
    m_retry.stop();
}

void EventStream::connectNow()
{
    dropReply();
    m_retry.stop();
    m_connecting = true;
    m_patience.setInterval(int(m_options.silence.count()));
    m_patience.start();
    const quint64 attempt = ++m_attempt;
    m_channel.verify(m_options.url, m_options.silence, this, [this, attempt](const Status &status) {
        if (attempt != m_attempt)
            return;
        if (status)
            openReply();
        else
            breakOff(status.error());
    });
}

void EventStream::openReply()
{
    HttpRequest request;
    request.url = m_options.url;
    request.accept = "text/event-stream";
    request.silence = Milliseconds(0); // pings are its time-out
    request.headers.append(std::pair(QByteArray("Cache-Control"), QByteArray("no-store")));
    if (!m_position.isEmpty())
        request.headers.append(std::pair(QByteArray("Last-Event-ID"), m_position.toLatin1()));
    m_wrongPeer = false;
    m_reply = m_channel.send(request);
    if (!m_reply) {
        breakOff(m_channel.poison().value_or(unreadableChange(u"channel closed"_s)));
        return;
    }
    m_parser.restart();
    m_gapSaid = false;
    m_reply->setReadBufferSize(readBuffer);
    connect(m_reply, &QNetworkReply::sslErrors, this, [this] { m_wrongPeer = true; });
    connect(m_reply, &QNetworkReply::readyRead, this, [this] {
        if (!m_more.isActive())
            take();
    });
    connect(m_reply, &QNetworkReply::finished, this, [this] {
        if (!m_more.isActive())
            take();
    });
}

void EventStream::take()
{
    // An answer that is no stream is read as a whole when it has ended.
    const bool isStream = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() == 200;
    const quint64 attempt = m_attempt;
    if (m_channel.poison())
        return end(); // nothing more from whoever is not who it must be
    if (isStream && m_reply->bytesAvailable() > 0)
        takePiece();
    if (attempt != m_attempt)
        return;
    // Not by a posted event: those are all handled in one turn.
    if (isStream && m_reply->bytesAvailable() > 0)
        m_more.start(0);
    else if (m_reply->isFinished())
        end();
}

void EventStream::end()
{
    HttpRequest shape;
    shape.url = m_options.url;
    shape.accept = "text/event-stream";
    HttpResponse response;
    response.status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (m_channel.poison()) {
        breakOff(*m_channel.poison());
    } else if (response.status == 0 || response.status == 200) {
        const auto code =
            m_reply->error() == QNetworkReply::NoError ? QNetworkReply::RemoteHostClosedError : m_reply->error();
        breakOff(networkErrorOf(code, m_reply->errorString(), m_wrongPeer, m_options.url));
    } else {
        response.contentType = m_reply->rawHeader("Content-Type").split(';').first().trimmed().toLower();
        response.body = m_reply->read(64 << 10);
        response.headers.insert("retry-after", m_reply->rawHeader("Retry-After"));
        breakOff(errorOf(shape, response).value_or(unreadableChange(u"status %1"_s.arg(response.status))));
    }
}

void EventStream::takePiece()
{
    if (!m_reply->rawHeader("Content-Type").startsWith("text/event-stream")) {
        breakOff(unreadableChange(
            u"content type %1"_s.arg(QString::fromLatin1(m_reply->rawHeader("Content-Type").left(80)))));
        return;
    }
    const auto events = m_parser.feed(m_reply->read(readAtOnce));
    m_lastHeard = m_clock.now();
    m_patience.start();
    if (!events) {
        m_gapPending = true;
        m_position.clear();
        breakOff(events.error());
        return;
    }
    const quint64 attempt = m_attempt;
    QVector<ChangeEvent> changes;
    bool alive = true;
    for (const SseEvent &event : *events) {
        alive = handle(event, changes) && attempt == m_attempt;
        if (!alive)
            break;
    }
    if (!changes.isEmpty())
        Q_EMIT changed(changes);
    if (alive && attempt == m_attempt)
        Q_EMIT heard();
}

bool EventStream::handle(const SseEvent &event, QVector<ChangeEvent> &changes)
{
    if (event.type == "hello")
        return greet(event);
    if (event.type == "ping") {
        movePosition(event.id); // what it counted and did not tell us is not missed
        return true;
    }
    if (event.type == "gap") {
        movePosition(event.id);
        if (!std::exchange(m_gapSaid, true))
            Q_EMIT gapFound();
        return true;
    }
    auto change =
        wire::changeFrom(QString::fromLatin1(event.id.left(128)), QString::fromLatin1(event.type.left(64)), event.data);
    if (!change) {
        // Asking for the same position again would bring the same again.
        m_gapPending = true;
        m_position.clear();
        breakOff(unreadableChange(change.error().detail));
        return false;
    }
    movePosition(event.id);
    m_gapSaid = false;
    changes.append(std::move(*change));
    return true;
}

bool EventStream::greet(const SseEvent &event)
{
    const auto hello = wire::helloFrom(event.data);
    if (!hello || hello->pingSeconds < 1 || hello->pingSeconds > 3600) {
        breakOff(unreadableChange(hello ? u"pingSeconds out of range"_s : hello.error().detail));
        return false;
    }
    m_patience.start(int(missedPings * hello->pingSeconds * 1000));
    // A stream that breaks before its first change resumes where it began.
    const QString start = hello->sequence.contains(u'-') ? hello->sequence : hello->epoch + u'-' + hello->sequence;
    if (m_position.isEmpty())
        m_position = start;
    else if (splitPosition(m_position).first != splitPosition(start).first)
        m_gapPending = true; // its history is another one: unless it says `gap` itself, we do
    m_options.backoff.reset();
    m_connecting = false;
    enter(State::Live);
    if (std::exchange(m_gapPending, false)) {
        m_position = start;
        m_gapSaid = true;
        Q_EMIT gapFound();
    }
    return true;
}

void EventStream::movePosition(const QByteArray &id)
{
    const QString next = QString::fromLatin1(id.left(128));
    if (next.isEmpty() || next == m_position) // an event without an identifier of its own has the last one's
        return;
    const auto [epoch, n] = splitPosition(next);
    const auto [knownEpoch, known] = splitPosition(m_position);
    const bool back = epoch == knownEpoch && n >= 0 && known >= 0 && n < known;
    m_position = next;
    if (back)
        Q_EMIT gapFound();
}

void EventStream::breakOff(const Error &why)
{
    ++m_attempt;
    m_connecting = false;
    dropReply();
    m_patience.stop();
    enter(State::Broken, why);
    // A peer that is not who it must be stays so until someone has looked.
    if (why.code == Error::Code::Tls)
        return;
    Milliseconds wait = std::max(m_options.backoff.next(), Milliseconds(why.retryAfterSeconds * 1000));
    if (const auto asked = m_parser.retry())
        wait = std::max(wait, Milliseconds(std::min(*asked, 30'000)));
    m_retry.start(int(wait.count()));
}

void EventStream::dropReply()
{
    if (!m_reply)
        return;
    m_more.stop();
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater();
    m_reply = nullptr;
}

void EventStream::enter(State state, const Error &why)
{
    if (state == m_state && state != State::Broken)
        return;
    m_state = state;
    Q_EMIT stateChanged(state, why);
}

} // namespace parapet::transport
