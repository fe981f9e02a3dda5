// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ports/watch.h"
#include "models/transport/backoff.h"
#include "models/transport/sseparser.h"
#include "models/transport/tlschannel.h"

#include <QtCore/QTimer>

namespace parapet::transport {

/// A Watch over a server-sent event stream (resources/api/openapi.yaml, /v1/changes): `hello` opens it and announces
/// the interval of `ping`, `gap` says that what was missed cannot be replayed, every other event is a change
/// {"id","removed","object"}.
///
/// Positions are "EPOCH-N". N grows but need not be without holes (a reader sees what it may see), so that only a
/// position that goes back, another epoch, or the source's own `gap` is a gap. A change that cannot be read breaks the
/// stream, and the next connection starts at the present, with a gap. However much comes at once, one turn of the event loop reads
/// no more than readAtOnce; what waits beyond a bounded buffer slows the sender down. Reconnects with jittered, doubling waits, never
/// sooner than Retry-After; not after Error::Code::Tls, which needs the operator and reconnectNow().
class EventStream : public Watch
{
    Q_OBJECT

public:
    static constexpr qint64 readAtOnce = 32 << 10; ///< bytes; two or three milliseconds' work
    static constexpr qint64 readBuffer = 256 << 10;

    struct Options {
        QUrl url;
        QString since; ///< where to resume; empty: from now on
        Backoff backoff;
        Milliseconds silence{
            15'000}; ///< to connect and to answer, and the ping time-out before `hello` has announced one
    };

    /// Has a network access manager of its own (Qt opens at most six connections a host). Starts with the event loop.
    EventStream(Trust trust, std::optional<TlsIdentity> identity, Options options, const Clock &clock,
                QObject *parent = nullptr);
    ~EventStream() override;

    State state() const override { return m_state; }
    Instant lastHeard() const override { return m_lastHeard; }
    void reconnectNow() override;
    /// Ends for `why` until reconnectNow().
    void giveUp(const Error &why);
    /// Where a new stream would resume.
    const QString &position() const { return m_position; }

Q_SIGNALS:
    /// A sign of life: an event or a ping came.
    void heard();

private:
    void connectNow();
    void openReply();
    void take();
    /// Reads a piece of an answer that is known to be a stream.
    void takePiece();
    /// The answer ended and everything in it was read.
    void end();
    /// False when the stream was given up.
    bool handle(const SseEvent &event, QVector<ChangeEvent> &changes);
    bool greet(const SseEvent &event);
    void movePosition(const QByteArray &id);
    void breakOff(const Error &why);
    void dropReply();
    void enter(State state, const Error &why = {});

    const Clock &m_clock;
    TlsChannel m_channel;
    Options m_options;
    SseParser m_parser;
    QTimer m_retry;
    QTimer m_patience;
    QTimer m_more; ///< there is more to read in the next turn
    QNetworkReply *m_reply = nullptr;
    State m_state = State::Connecting;
    Instant m_lastHeard{};
    QString m_position;
    quint64 m_attempt = 0;
    bool m_connecting = false; ///< an attempt is under way
    bool m_gapPending = false; ///< to be said when the next connection is greeted
    bool m_gapSaid = false;    ///< since the last change: the source's own word for the same gap is not a second one
    bool m_wrongPeer = false;
};

} // namespace parapet::transport
