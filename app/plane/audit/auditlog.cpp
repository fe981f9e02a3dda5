// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/audit/auditlog.h"

#include "models/storage/fieldrow.h"

#include <QtCore/QCoreApplication>

#include <cstring>

namespace parapet::plane {

using transparency::Hash;
using transparency::MerkleTree;
using transparency::Tile;

namespace {

/// The tiles below the edge whose events are hashed again at each start.
constexpr qint64 edgeTilesChecked = 4;

Failure doesNotVerify(const QString &what)
{
    return fail(Error::Code::Storage, QCoreApplication::translate("audit", "The audit log does not verify: %1").arg(what), what);
}

} // namespace

Result<std::unique_ptr<AuditLog>> AuditLog::open(storage::Database &database, QString origin, LogCheck check)
{
    auto log = std::make_unique<AuditLog>();
    log->m_sealed.origin = std::move(origin);

    auto head = database.prepare(R"(SELECT "size","root","at" FROM head)", false);
    if (!head)
        return fail(head.error());
    Result<bool> row = head->step();
    if (!row)
        return fail(row.error());
    log->m_sealed.size = *row ? head->integer(0) : 0;
    log->m_sealed.rootHash = *row ? head->blob(1) : transparency::toBytes(transparency::emptyRoot());
    log->m_sealed.at = *row ? Instant(Milliseconds(head->integer(2))) : Instant{};

    QVector<Tile> edge;
    auto tile = database.prepare(R"(SELECT "hashes" FROM tiles WHERE "level"=? AND "index"=?)", false);
    if (!tile)
        return fail(tile.error());
    for (const MerkleTree::EdgeTile &needed : MerkleTree::edgeOf(log->m_sealed.size)) {
        row = tile->bind(1, qint64(needed.level)).bind(2, needed.index).step();
        if (!row)
            return fail(row.error());
        if (*row)
            edge.append({needed.level, needed.index, tile->blob(0)});
        tile->reset();
    }
    Result<MerkleTree> tree = MerkleTree::fromEdge(log->m_sealed.size, edge);
    if (!tree)
        return doesNotVerify(tree.error().detail);
    log->m_tree = std::move(*tree);
    if (transparency::toBytes(log->m_tree.root()) != log->m_sealed.rootHash)
        return doesNotVerify(QCoreApplication::translate("audit", "the stored tree has another root than its head."));

    auto origins = database.prepare(R"(SELECT "origin","last" FROM origins)", false);
    if (!origins)
        return fail(origins.error());
    while (true) {
        row = origins->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        log->m_origins.insert(origins->text(0), origins->integer(1));
    }
    if (Status checked = check == LogCheck::Whole ? log->checkWhole(database) : log->checkEdge(database); !checked)
        return fail(checked.error());
    log->m_head = log->m_sealed;
    return log;
}

Status AuditLog::checkTileOfEvents(storage::Database &database, qint64 tile, QByteArrayView hashes, qint64 size)
{
    const qint64 first = tile * MerkleTree::tileWidth;
    const qint64 end = std::min(size, first + MerkleTree::tileWidth);
    auto events = database.prepare(R"(SELECT "index","leaf" FROM events WHERE "index">=? AND "index"<? ORDER BY "index")", false);
    if (!events)
        return fail(events.error());
    events->bind(1, first).bind(2, end);
    for (qint64 index = first; index < end; ++index) {
        const Result<bool> row = events->step();
        if (!row)
            return fail(row.error());
        if (!*row || events->integer(0) != index)
            return doesNotVerify(QCoreApplication::translate("audit", "event %1 is missing.").arg(index));
        const Hash hash = transparency::leafHash(events->blob(1));
        if (hashes.size() < (index - first + 1) * 32 || std::memcmp(hashes.data() + (index - first) * 32, hash.data(), 32) != 0)
            return doesNotVerify(QCoreApplication::translate("audit", "event %1 was altered.").arg(index));
    }
    return {};
}

Status AuditLog::checkEdge(storage::Database &database)
{
    const qint64 size = m_sealed.size;
    auto beyond = database.prepare(R"(SELECT COALESCE(MAX("index"),-1) FROM events)", false);
    if (!beyond)
        return fail(beyond.error());
    const Result<bool> row = beyond->step();
    if (!row)
        return fail(row.error());
    if (beyond->integer(0) != size - 1)
        return doesNotVerify(QCoreApplication::translate("audit", "it holds other events than its head says."));
    if (size == 0)
        return {};
    const qint64 last = (size - 1) / MerkleTree::tileWidth;
    auto tile = database.prepare(R"(SELECT "hashes" FROM tiles WHERE "level"=0 AND "index"=?)", false);
    if (!tile)
        return fail(tile.error());
    for (qint64 index = std::max<qint64>(0, last - edgeTilesChecked + 1); index <= last; ++index) {
        const Result<bool> there = tile->bind(1, index).step();
        if (!there)
            return fail(there.error());
        if (Status checked = checkTileOfEvents(database, index, *there ? tile->blob(0) : QByteArray(), size); !checked)
            return checked;
        tile->reset();
    }
    return {};
}

Status AuditLog::checkWhole(storage::Database &database)
{
    if (Status edge = checkEdge(database); !edge)
        return edge;
    auto tile = database.prepare(R"(SELECT "hashes" FROM tiles WHERE "level"=? AND "index"=?)", false);
    if (!tile)
        return fail(tile.error());
    int level = 0;
    for (qint64 hashes = m_sealed.size; hashes > 0; hashes /= MerkleTree::tileWidth, ++level) {
        const qint64 tiles = (hashes + MerkleTree::tileWidth - 1) / MerkleTree::tileWidth;
        QByteArray above;
        for (qint64 index = 0; index < tiles; ++index) {
            const Result<bool> there = tile->bind(1, qint64(level)).bind(2, index).step();
            if (!there)
                return fail(there.error());
            const QByteArray stored = *there ? tile->blob(0) : QByteArray();
            tile->reset();
            if (level == 0) {
                if (Status checked = checkTileOfEvents(database, index, stored, m_sealed.size); !checked)
                    return checked;
            }
            if (stored.size() != std::min<qint64>(MerkleTree::tileWidth, hashes - index * MerkleTree::tileWidth) * 32)
                return doesNotVerify(QCoreApplication::translate("audit", "tile %1/%2 is incomplete.").arg(level).arg(index));
            if (stored.size() == MerkleTree::tileWidth * 32)
                above += transparency::toBytes(transparency::rootOfHashes(stored));
        }
        // What the tiles of this level say of the level above must be what is stored there.
        for (qint64 index = 0; index * MerkleTree::tileWidth * 32 < above.size(); ++index) {
            const Result<bool> there = tile->bind(1, qint64(level + 1)).bind(2, index).step();
            if (!there)
                return fail(there.error());
            const QByteArray stored = *there ? tile->blob(0) : QByteArray();
            tile->reset();
            if (stored != above.mid(index * MerkleTree::tileWidth * 32, MerkleTree::tileWidth * 32))
                return doesNotVerify(QCoreApplication::translate("audit", "tile %1/%2 was altered.").arg(level + 1).arg(index));
        }
    }
    auto origins = database.prepare(
        R"(SELECT "origin",COUNT(*),COUNT(DISTINCT "originSequence"),MIN("originSequence"),MAX("originSequence") FROM events GROUP BY "origin")", false);
    if (!origins)
        return fail(origins.error());
    while (true) {
        const Result<bool> row = origins->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        const qint64 count = origins->integer(1);
        if (origins->integer(2) != count || origins->integer(3) != 1 || origins->integer(4) != count
            || m_origins.value(origins->text(0)) != count) {
            return doesNotVerify(QCoreApplication::translate("audit", "the numbers of “%1” have a gap.").arg(origins->text(0)));
        }
    }
}

Status AuditLog::append(storage::Database &database, AuditEvent &event)
{
    event.index = m_tree.size();
    auto known = m_origins.find(event.origin);
    event.originSequence = known == m_origins.end() ? 1 : *known + 1;
    const QByteArray leaf = leafOf(event);
    if (leaf.size() > maximumLeaf)
        return fail(Error::Code::Invalid, QCoreApplication::translate("audit", "The event is too long. Shorten its detail."));

    static const QByteArray sql = [] {
        QByteArray names, marks;
        for (const Field<AuditEvent> &field : fieldsOf<AuditEvent>()) {
            names += '"' + QByteArray(field.name) + "\",";
            marks += "?,";
        }
        return "INSERT INTO events(" + names + "\"leaf\") VALUES(" + marks + "?)";
    }();
    auto insert = database.prepare(sql);
    if (!insert)
        return fail(insert.error());
    storage::bindRow(*insert, event);
    insert->bindBlob(int(fieldsOf<AuditEvent>().size()) + 1, leaf);
    if (Status done = insert->run(); !done)
        return done;
    m_origins.insert(event.origin, event.originSequence);
    m_changedOrigins.insert(event.origin, event.originSequence);
    m_tree.append(transparency::leafHash(leaf));
    return {};
}

Status AuditLog::seal(storage::Database &database, Instant at)
{
    if (m_tree.size() == m_sealed.size)
        return {};
    for (const Tile &tile : m_tree.takeChangedTiles()) {
        auto upsert = database.prepare(
            R"(INSERT INTO tiles("level","index","hashes") VALUES(?,?,?) ON CONFLICT("level","index") DO UPDATE SET "hashes"=excluded."hashes")");
        if (!upsert)
            return fail(upsert.error());
        if (Status done = upsert->bind(1, qint64(tile.level)).bind(2, tile.index).bindBlob(3, tile.hashes).run(); !done)
            return done;
    }
    for (auto it = m_changedOrigins.cbegin(); it != m_changedOrigins.cend(); ++it) {
        auto upsert = database.prepare(
            R"(INSERT INTO origins("origin","last") VALUES(?,?) ON CONFLICT("origin") DO UPDATE SET "last"=excluded."last")");
        if (!upsert)
            return fail(upsert.error());
        if (Status done = upsert->bind(1, it.key()).bind(2, it.value()).run(); !done)
            return done;
    }
    m_changedOrigins.clear();
    m_sealed.size = m_tree.size();
    m_sealed.rootHash = transparency::toBytes(m_tree.root());
    m_sealed.at = at;
    auto head = database.prepare(
        R"(INSERT INTO head("one","size","root","at") VALUES(1,?,?,?) ON CONFLICT("one") DO UPDATE SET "size"=excluded."size","root"=excluded."root","at"=excluded."at")");
    if (!head)
        return fail(head.error());
    return head->bind(1, m_sealed.size).bindBlob(2, m_sealed.rootHash).bind(3, qint64(at.time_since_epoch().count())).run();
}

void AuditLog::publish()
{
    const std::scoped_lock guard(m_headLock);
    m_head = m_sealed;
}

LogHead AuditLog::head() const
{
    const std::scoped_lock guard(m_headLock);
    return m_head;
}

} // namespace parapet::plane
