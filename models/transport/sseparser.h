// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QByteArray>
#include <QtCore/QVector>

#include <optional>

namespace parapet::transport {

/// One dispatched event of a text/event-stream.
struct SseEvent {
    QByteArray type; ///< "message" when the stream named none
    QByteArray data; ///< lines joined by LF
    QByteArray id;   ///< the last event identifier as it stood then
    friend bool operator==(const SseEvent &, const SseEvent &) = default;
};

/// Reads an event stream piece by piece, cut anywhere (WHATWG HTML, "9.2.6 Interpreting an event stream"). Lines end in
/// CR, LF or CRLF; a BOM at the start is passed over; comments, unknown fields and an unfinished event at the end are
/// dropped.
class SseParser
{
public:
    struct Limits {
        qsizetype line = 1 << 20;
        qsizetype event = 4 << 20; ///< data of one event
    };

    SseParser() = default;
    explicit SseParser(Limits limits) : m_limits(limits) {}

    /// The events that `piece` completes. Protocol when a line or an event is beyond the limits: the stream must then
    /// be given up.
    Result<QVector<SseEvent>> feed(QByteArrayView piece);

    const QByteArray &lastEventId() const { return m_lastId; }
    /// Milliseconds that the stream asked us to wait before reconnecting.
    std::optional<int> retry() const { return m_retry; }
    /// Starts on a new connection; the last event identifier stays.
    void restart();

private:
    Status takeLine(QByteArrayView line, QVector<SseEvent> &events);
    Status takeField(QByteArrayView name, QByteArrayView value);
    void dispatch(QVector<SseEvent> &events);

    Limits m_limits;
    QByteArray m_line;
    QByteArray m_type;
    QByteArray m_data;
    QByteArray m_pendingId;
    QByteArray m_lastId;
    std::optional<int> m_retry;
    bool m_afterCr = false;
    bool m_atStart = true;
};

} // namespace parapet::transport
