// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/auditevent.h"

#include <QtCore/QByteArrayView>

#include <optional>

namespace parapet::verify {

/// One entry of a log, looked at as an event.
struct EventRead {
    std::optional<AuditEvent> event; ///< nothing when the entry is something else, which a log may hold
    QString wrong;                   ///< translated: what is not right about the event; empty when nothing is
};

/// That an entry which is an event is in canonical form and names the place it has in the log.
EventRead readEvent(QByteArrayView entry, qint64 index);

/// Whether the numbers that each origin gives its events are without gap, over entries in their order.
class OriginNumbers
{
public:
    /// Most origins whose numbers are followed.
    static constexpr qsizetype maximumOrigins = 1024;

    OriginNumbers() = default;
    explicit OriginNumbers(QMap<QString, qint64> last) : m_last(std::move(last)) {}

    /// The words about a gap before this event; empty when there is none.
    QString follow(const AuditEvent &event);
    /// Entries were left out: what an origin's next number must be is not known any more.
    void lose();

    const QMap<QString, qint64> &last() const { return m_last; }
    /// Some could not be followed: there were too many origins, or entries were left out.
    bool isWhole() const { return m_whole; }

private:
    QMap<QString, qint64> m_last;
    bool m_anew = false; ///< an origin that is not among m_last may begin anywhere
    bool m_whole = true;
};

} // namespace parapet::verify
