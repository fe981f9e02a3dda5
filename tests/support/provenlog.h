// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/transparency/checkpoint.h"
#include "models/transparency/eventleaf.h"
#include "models/transparency/merkletree.h"
#include "models/wire/codec.h"
#include "tests/support/fakeports.h"

#include <QtCore/QMap>

namespace parapet::support {

/// The log of a FakeWorld's events as a fake audit store publishes it: signed checkpoints, tiles and entries (C2SP tlog-tiles). What
/// it signs can be set back, and what it signs with can be changed, as one who holds the store could.
class ProvenLog
{
public:
    explicit ProvenLog(FakeSystem &system, const QString &origin = QStringLiteral("fake.example/log"))
        : signer(*crypto::NoteSigner::make(origin, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519))), m_system(system)
    {
        system.audit.publish = [this](const QString &path) { return resource(path); };
    }

    QString key() const { return signer.verifier().text(); }

    /// Appends an event of somebody, and tells the watch.
    AuditEvent append(const QString &action = QStringLiteral("workspace.stop"), const QString &actor = QStringLiteral("person-1"))
    {
        FakeWorld &world = m_system.world;
        AuditEvent event;
        event.index = world.events.size();
        event.time = world.clock.now();
        event.actor = PrincipalId(actor);
        event.actorName = Untrusted(QStringLiteral("Name of ") + actor);
        event.actorKind = actor.startsWith(QStringLiteral("agent")) ? ActorKind::Agent : ActorKind::Human;
        event.action = action;
        event.target = Untrusted(QStringLiteral("ws-%1").arg(event.index % 5));
        event.workspace = WorkspaceId(QStringLiteral("ws-%1").arg(event.index % 5));
        event.source = QStringLiteral("10.40.2.8");
        event.requestId = QStringLiteral("req-%1").arg(event.index / 2);
        event.session = SessionId(QStringLiteral("sess-%1").arg(event.index % 3));
        event.origin = QStringLiteral("control");
        event.originSequence = event.index + 1 + skipped;
        world.events.append(event);
        world.announce(QStringLiteral("event"), QString::number(event.index), wire::toJson(event));
        return event;
    }
    void grow(qint64 size)
    {
        while (m_system.world.events.size() < size)
            append();
    }

    std::optional<QByteArray> resource(const QString &path) const
    {
        const qint64 size = signedSize < 0 ? m_system.world.events.size() : signedSize;
        if (withheld.contains(path))
            return std::nullopt;
        const auto replaced = replacement.constFind(path);
        if (replaced != replacement.cend())
            return *replaced;
        transparency::MerkleTree tree;
        QMap<std::pair<int, qint64>, QByteArray> tiles;
        for (qint64 i = 0; i < size; ++i)
            tree.append(transparency::leafHash(leaf(i)));
        for (const transparency::Tile &tile : tree.takeChangedTiles())
            tiles.insert({tile.level, tile.index}, tile.hashes);
        if (path == QStringLiteral("checkpoint"))
            return transparency::signCheckpoint({signer.name, {size, tree.root()}, {}}, signer, more);
        const auto id = transparency::TileId::parse(path);
        if (!id)
            return std::nullopt;
        if (id->isEntries()) {
            QByteArray bundle;
            const qint64 first = id->index * 256;
            if (first + id->width > size)
                return std::nullopt;
            for (qint64 i = first; i < first + id->width; ++i)
                transparency::appendEntry(bundle, storedLeaf(i));
            return bundle;
        }
        const QByteArray hashes = tiles.value({id->level, id->index});
        if (hashes.size() < id->width * 32)
            return std::nullopt;
        return hashes.first(id->width * 32);
    }

    crypto::NoteSigner signer;
    qint64 signedSize = -1;                                  ///< of the checkpoint; -1: all events
    QVector<transparency::NoteSignature> more;               ///< further signatures of the checkpoint
    QSet<QString> withheld;                                  ///< resources that it does not have
    QHash<QString, QByteArray> replacement;                  ///< by resource: instead of its own
    QHash<qint64, QByteArray> stored;                        ///< by index: what its storage holds now in place of what was hashed
    QHash<qint64, QByteArray> hashed;                        ///< by index: what it claims to have hashed
    qint64 skipped = 0;                                      ///< numbers that its source lost

private:
    QByteArray leaf(qint64 index) const
    {
        const auto other = hashed.constFind(index);
        return other != hashed.cend() ? *other : transparency::leafOf(m_system.world.events.at(index));
    }
    QByteArray storedLeaf(qint64 index) const
    {
        const auto other = stored.constFind(index);
        return other != stored.cend() ? *other : leaf(index);
    }

    FakeSystem &m_system;
};

} // namespace parapet::support
