// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"

#include <QtCore/QString>
#include <QtCore/QVector>

#include <functional>
#include <mutex>
#include <queue>

namespace parapet::plane {

/// What ends when: one entry for each open session and each active lease, earliest first. An entry may be early, because a touch
/// or a renewal only moves a deadline later; whoever takes it looks at the row and puts it back. Any thread.
class Deadlines
{
public:
    enum class Kind { Session, Lease };
    struct Entry {
        Instant at{};
        Kind kind = Kind::Session;
        QString id;
        friend bool operator>(const Entry &a, const Entry &b) { return a.at > b.at; }
    };

    void add(Instant at, Kind kind, const QString &id);
    /// Takes all entries that are due at `now`.
    QVector<Entry> takeDue(Instant now);
    /// The earliest one; unknown when there is none.
    Instant next() const;

    /// Called, on any thread, when an entry became the earliest.
    std::function<void()> onEarlier;

private:
    mutable std::mutex m_lock;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> m_queue;
};

} // namespace parapet::plane
