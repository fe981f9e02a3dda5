// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/auditevent.h"
#include "models/ports/auditstore.h"
#include "models/storage/database.h"
#include "models/transparency/eventleaf.h"
#include "models/transparency/merkletree.h"

#include <QtCore/QHash>

#include <mutex>

namespace parapet::plane {

using transparency::leafOf;

/// Most bytes of a leaf: C2SP tlog-tiles, "Log Entries".
constexpr qsizetype maximumLeaf = transparency::maximumEntry;

/// How much of a log is proven when it is opened.
enum class LogCheck {
    Edge,  ///< the tree head from the stored tiles, and the events of the last tiles against them: constant time
    Whole, ///< every event, every tile, every origin's numbers
};

/// The append-only log on the store's connection: events, their tree's tiles, its head and the origins' counts, all in the
/// transaction of whoever appends. Used by the store's thread alone, except head().
class AuditLog
{
public:
    AuditLog() = default;

    /// Reads the tree's edge and proves what `check` says. Error Storage with what does not hold.
    static Result<std::unique_ptr<AuditLog>> open(storage::Database &database, QString origin, LogCheck check);

    /// Numbers the event, stores it and adds its leaf. The event must be within maximumLeaf (leafOf tells).
    Status append(storage::Database &database, AuditEvent &event);
    /// Stores the changed tiles, the head and the counts: once before each commit that follows appends.
    Status seal(storage::Database &database, Instant at);
    /// After the commit: head() tells it from now on.
    void publish();

    /// The last durable head. Any thread.
    LogHead head() const;
    /// With what was appended and not yet committed.
    qint64 size() const { return m_tree.size(); }
    /// The number of the last event of an origin, 0 when it has none.
    qint64 lastOf(const QString &origin) const { return m_origins.value(origin); }

private:
    Status checkEdge(storage::Database &database);
    Status checkWhole(storage::Database &database);
    static Status checkTileOfEvents(storage::Database &database, qint64 tile, QByteArrayView hashes, qint64 size);

    transparency::MerkleTree m_tree;
    QHash<QString, qint64> m_origins;
    QHash<QString, qint64> m_changedOrigins;
    LogHead m_sealed;
    mutable std::mutex m_headLock;
    LogHead m_head;
};

} // namespace parapet::plane
