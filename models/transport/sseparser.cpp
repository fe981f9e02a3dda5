// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transport/sseparser.h"

#include <QtCore/QCoreApplication>

namespace parapet::transport {

namespace {

Failure streamTooLarge(const char *what)
{
    return fail(Error::Code::Protocol,
                QCoreApplication::translate(
                    "transport",
                    "The stream of changes sent more at once than is allowed. The console connects again by itself."),
                QString::fromLatin1(what), true);
}

} // namespace

void SseParser::restart()
{
    m_line.clear();
    m_type.clear();
    m_data.clear();
    m_pendingId = m_lastId;
    m_afterCr = false;
    m_atStart = true;
}

Result<QVector<SseEvent>> SseParser::feed(QByteArrayView piece)
{
    QVector<SseEvent> events;
    qsizetype from = 0;
    for (qsizetype at = 0; at < piece.size(); ++at) {
        const char c = piece[at];
        if (c != '\n' && c != '\r') {
            m_afterCr = false;
            continue;
        }
        if (c == '\n' && std::exchange(m_afterCr, false)) { // the second half of CRLF
            from = at + 1;
            continue;
        }
        m_afterCr = c == '\r';
        m_line += piece.sliced(from, at - from);
        from = at + 1;
        if (m_line.size() > m_limits.line)
            return streamTooLarge("line");
        const QByteArray line = std::exchange(m_line, {});
        if (Status taken = takeLine(line, events); !taken)
            return fail(taken.error());
    }
    m_line += piece.sliced(from);
    if (m_line.size() > m_limits.line)
        return streamTooLarge("line");
    return events;
}

Status SseParser::takeLine(QByteArrayView line, QVector<SseEvent> &events)
{
    if (std::exchange(m_atStart, false) && line.startsWith("\xEF\xBB\xBF"))
        line = line.sliced(3);
    if (line.isEmpty()) {
        dispatch(events);
        return {};
    }
    const qsizetype colon = line.indexOf(':');
    if (colon == 0)
        return {}; // a comment
    if (colon < 0)
        return takeField(line, {});
    QByteArrayView value = line.sliced(colon + 1);
    if (value.startsWith(' '))
        value = value.sliced(1);
    return takeField(line.first(colon), value);
}

Status SseParser::takeField(QByteArrayView name, QByteArrayView value)
{
    if (name == "data") {
        if (m_data.size() + value.size() > m_limits.event)
            return streamTooLarge("event");
        m_data += value;
        m_data += '\n';
    } else if (name == "event") {
        m_type = value.toByteArray();
    } else if (name == "id") {
        if (!value.contains('\0'))
            m_pendingId = value.toByteArray();
    } else if (name == "retry") {
        const bool digits =
            !value.isEmpty() && std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
        bool fits = false;
        const int milliseconds = value.toByteArray().toInt(&fits);
        if (digits && fits)
            m_retry = milliseconds;
    }
    return {};
}

void SseParser::dispatch(QVector<SseEvent> &events)
{
    m_lastId = m_pendingId;
    QByteArray type = std::exchange(m_type, {});
    QByteArray data = std::exchange(m_data, {});
    if (data.isEmpty())
        return;
    data.chop(1);
    events.append({type.isEmpty() ? QByteArray("message") : std::move(type), std::move(data), m_lastId});
}

} // namespace parapet::transport
