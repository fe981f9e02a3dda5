// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transparency/conflictbundle.h"

#include "models/core/json.h"
#include "models/transparency/documents.h"

#include <QtCore/QCoreApplication>

namespace parapet::transparency {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype conflictNodes = 128;
constexpr qsizetype conflictTileBytes = 16384; ///< more than a tile has, so that one that is too long is kept as it came

const QString &conflictBundleType()
{
    static const QString type = u"https://parapet.dev/conflict-bundle"_s;
    return type;
}

Failure showsNothing(const char *why)
{
    return fail(Error::Code::Invalid, QCoreApplication::translate("transparency", "The bundle does not show the conflict that it states."),
                QString::fromLatin1(why));
}

/// MTH over the leaves [from, to) of RFC 9162 §2.1.1 from subtrees that cover them in order; `at` walks through them.
std::optional<Hash> conflictRoot(const QVector<ConflictBundle::ProvenNode> &nodes, qsizetype &at, LeafRange range)
{
    if (at >= nodes.size())
        return std::nullopt;
    const LeafRange covered = nodes[at].node.leaves();
    if (covered == range)
        return nodes[at++].hash;
    if (range.to - range.from < 2 || covered.from != range.from || covered.to > range.to)
        return std::nullopt;
    qint64 split = 1;
    while (split * 2 < range.to - range.from)
        split *= 2;
    const std::optional<Hash> left = conflictRoot(nodes, at, {range.from, range.from + split});
    const std::optional<Hash> right = left ? conflictRoot(nodes, at, {range.from + split, range.to}) : std::nullopt;
    return right ? std::optional<Hash>(nodeHash(*left, *right)) : std::nullopt;
}

Status forkIsShown(const ConflictBundle &bundle, const TreeHead &kept, const TreeHead &seen)
{
    const TreeHead &older = kept.size <= seen.size ? kept : seen;
    const TreeHead &newer = kept.size <= seen.size ? seen : kept;
    if (older.size == newer.size)
        return older.root != newer.root ? Status() : showsNothing("both checkpoints have the same root");
    // The newer tree's subtrees make its signed root, so they are its own; those of its first part then make what its root
    // was at the older size. That is not what was signed.
    qsizetype at = 0;
    const std::optional<Hash> then = conflictRoot(bundle.nodes, at, {0, older.size});
    qsizetype all = 0;
    const std::optional<Hash> now = conflictRoot(bundle.nodes, all, {0, newer.size});
    if (!then || !now || all != bundle.nodes.size())
        return showsNothing("the nodes do not cover the tree");
    if (*now != newer.root)
        return showsNothing("the nodes are not of the newer tree");
    if (*then == older.root)
        return showsNothing("the newer tree begins with the older one");
    return {};
}

Status unprovenIsShown(const ConflictBundle &bundle, const TreeHead &seen)
{
    TileReader reader(seen);
    bool withheld = false;
    QVector<TileId> tiles;
    for (const ConflictBundle::Fetched &fetched : bundle.fetched) {
        const Result<TileId> id = TileId::parse(fetched.path);
        if (!id || id->isEntries())
            return showsNothing("something else than hash tiles was fetched");
        if (fetched.bytes.isEmpty()) {
            withheld = true;
            continue;
        }
        if (!reader.add(*id, fetched.bytes))
            return {}; // a tile of the wrong length
        tiles.append(*id);
    }
    if (const Status edge = reader.proveEdge(); !edge)
        return edge.error().code == Error::Code::Protocol || withheld ? Status() : showsNothing("tiles are missing");
    for (const TileId &id : tiles) {
        if (const Status proven = reader.proveTile(id); !proven && proven.error().code == Error::Code::Protocol)
            return {};
    }
    return withheld ? Status() : showsNothing("the tiles are what the checkpoint says");
}

Status alterationIsShown(const ConflictBundle &bundle, const TreeHead &seen)
{
    if (!bundle.altered)
        return showsNothing("there is no event in it");
    const ConflictBundle::AlteredEvent &event = *bundle.altered;
    if (!verifyInclusion(event.index, seen.size, event.leaf, event.path, seen.root))
        return showsNothing("the leaf is not in the tree");
    if (leafHash(event.served) == event.leaf)
        return showsNothing("the event is what the log signed");
    return {};
}

Result<ConflictBundle::AlteredEvent> alteredFrom(const QJsonObject &json)
{
    wire::ObjectReader reader(json, u"/altered"_s);
    ConflictBundle::AlteredEvent event;
    event.index = reader.integer("index");
    event.served = reader.bytes("served", maximumEntry);
    event.leaf = hashMember(reader, "leaf");
    event.path = hashesMember(reader, "path", longestProof);
    if (event.index < 0 || event.index >= maximumTreeSize)
        reader.refuse(wire::wrongValue(reader.place("index")));
    if (const auto error = reader.finish(wire::Unknown::Refuse))
        return fail(*error);
    return event;
}

} // namespace

QByteArray ConflictBundle::toBytes() const
{
    QJsonArray nodeArray, fetchedArray;
    for (const ProvenNode &node : nodes) {
        nodeArray.append(QJsonObject{{u"level"_s, node.node.level}, {u"index"_s, node.node.index},
                                     {u"hash"_s, QString::fromLatin1(toBase64(node.hash))}});
    }
    for (const Fetched &tile : fetched)
        fetchedArray.append(QJsonObject{{u"path"_s, tile.path}, {u"bytes"_s, base64Text(tile.bytes)}});
    QJsonObject object{{u"type"_s, conflictBundleType()}, {u"version"_s, 1}, {u"verdict"_s, nameOf(verdict)}, {u"log"_s, log},
                                     {u"kept"_s, base64Text(kept)}, {u"keptAt"_s, timeJson(keptAt)}, {u"seen"_s, base64Text(seen)},
                                     {u"seenAt"_s, timeJson(seenAt)}, {u"nodes"_s, nodeArray}, {u"fetched"_s, fetchedArray}, {u"words"_s, words}};
    if (altered) {
        object.insert(u"altered"_s, QJsonObject{{u"index"_s, altered->index}, {u"served"_s, base64Text(altered->served)},
                                                {u"leaf"_s, QString::fromLatin1(toBase64(altered->leaf))}, {u"path"_s, hashesJson(altered->path)}});
    }
    return canonicalJson(object);
}

Result<ConflictBundle> ConflictBundle::fromBytes(QByteArrayView text)
{
    const Result<QJsonObject> object = documentFrom(text, conflictBundleType(), maximumBytes);
    if (!object)
        return fail(object.error());
    wire::ObjectReader reader(*object);
    ConflictBundle bundle;
    bundle.verdict = Verdict(reader.enumeration("verdict", EnumNames<Verdict>::names));
    bundle.log = reader.text("log", wire::Missing::Refuse, 1024);
    bundle.kept = reader.bytes("kept", Note::maximumBytes);
    bundle.keptAt = reader.time("keptAt");
    bundle.seen = reader.bytes("seen", Note::maximumBytes);
    bundle.seenAt = reader.time("seenAt");
    bundle.words = reader.text("words", wire::Missing::Refuse, 4096);
    const QJsonArray nodes = reader.array("nodes", conflictNodes);
    const QJsonArray fetched = reader.array("fetched", maximumTiles);
    // A member of its own kind of conflict only, so that there is one spelling of each.
    if (bundle.verdict == Verdict::Altered) {
        Result<AlteredEvent> event = alteredFrom(reader.object("altered"));
        if (!event)
            return fail(event.error());
        bundle.altered = std::move(*event);
    }
    if (const auto error = reader.finish(wire::Unknown::Refuse))
        return fail(*error);
    for (const QJsonValue &json : nodes) {
        wire::ObjectReader inner(json.toObject(), u"/nodes/%1"_s.arg(bundle.nodes.size()));
        ProvenNode node;
        const qint64 level = inner.integer("level");
        node.node.index = inner.integer("index");
        node.hash = hashMember(inner, "hash");
        if (level < 0 || level > 52 || node.node.index < 0 || node.node.index > (maximumTreeSize >> std::clamp<qint64>(level, 0, 52)))
            inner.refuse(wire::wrongValue(inner.place("index")));
        node.node.level = int(level);
        if (const auto error = inner.finish(wire::Unknown::Refuse))
            return fail(*error);
        bundle.nodes.append(node);
    }
    for (const QJsonValue &json : fetched) {
        wire::ObjectReader inner(json.toObject(), u"/fetched/%1"_s.arg(bundle.fetched.size()));
        Fetched tile{inner.text("path", wire::Missing::Refuse, 64), inner.bytes("bytes", conflictTileBytes)};
        if (const auto error = inner.finish(wire::Unknown::Refuse))
            return fail(*error);
        bundle.fetched.append(std::move(tile));
    }
    return bundle;
}

Result<ConflictBundle::Weight> ConflictBundle::verify(const crypto::NoteVerifier &key) const
{
    const ExaminedCheckpoint now = examineCheckpoint(seen, key);
    const auto faultIs = [&](CheckpointFault fault) -> Result<Weight> {
        return now.fault == fault ? Result<Weight>(Weight::StatedByTheObserver) : showsNothing("the checkpoint has another fault");
    };
    switch (verdict) {
    case Verdict::First:
    case Verdict::Consistent:
    case Verdict::SameSize:
        return showsNothing("it states no conflict");
    case Verdict::BadSignature:
        return faultIs(CheckpointFault::BadSignature);
    case Verdict::KeySwapped:
        return faultIs(CheckpointFault::KeySwapped);
    case Verdict::Garbage:
        if (now.fault == CheckpointFault::OtherOrigin)
            return Weight::StatedByTheObserver;
        return faultIs(CheckpointFault::Garbage);
    case Verdict::Unproven: {
        if (!now.opened)
            return fail(Error::Code::Unauthorized, now.words);
        const Status shown = unprovenIsShown(*this, now.opened->head());
        return shown ? Result<Weight>(Weight::StatedByTheObserver) : Result<Weight>(fail(shown.error()));
    }
    case Verdict::Altered: {
        if (!now.opened)
            return fail(Error::Code::Unauthorized, now.words);
        const Status shown = alterationIsShown(*this, now.opened->head());
        return shown ? Result<Weight>(Weight::StatedByTheObserver) : Result<Weight>(fail(shown.error()));
    }
    case Verdict::RolledBack:
    case Verdict::Forked:
        break;
    }
    const ExaminedCheckpoint before = examineCheckpoint(kept, key);
    if (!now.opened || !before.opened)
        return fail(Error::Code::Unauthorized, now.opened ? before.words : now.words);
    if (verdict == Verdict::RolledBack) {
        if (now.opened->head().size >= before.opened->head().size)
            return showsNothing("the log did not become shorter");
        return Weight::StatedByTheObserver;
    }
    const Status shown = forkIsShown(*this, before.opened->head(), now.opened->head());
    return shown ? Result<Weight>(Weight::ProvenByTheLog) : Result<Weight>(fail(shown.error()));
}

} // namespace parapet::transparency
