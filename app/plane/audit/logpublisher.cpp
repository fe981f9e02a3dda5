// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/audit/logpublisher.h"

#include "app/plane/control/unit.h"
#include "models/wire/writer.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>

namespace parapet::plane {

using namespace Qt::StringLiterals;
using transparency::Checkpoint;
using transparency::NoteSignature;
using transparency::TileId;
using transparency::TileReader;
using transparency::TreeHead;

namespace {

constexpr qsizetype witnessFileBytes = 64 * 1024;
constexpr qsizetype witnessesKnown = 64;
/// How many sizes a witness's cosignatures are kept for.
constexpr qint64 cosignaturesKept = 1000;
/// How far a witness's clock may be ahead.
constexpr auto cosignatureAhead = std::chrono::minutes(5);

QString publishText(const char *text)
{
    return QCoreApplication::translate("audit", text);
}

Failure noSuchTile(const TileId &id)
{
    return fail(Error::Code::NotFound, publishText("The log has no tile “%1”.").arg(id.path()));
}

Result<QByteArray> storedTile(storage::Database &database, int level, qint64 index)
{
    auto row = database.prepare(R"(SELECT "hashes" FROM tiles WHERE "level"=? AND "index"=?)");
    if (!row)
        return fail(row.error());
    const Result<bool> there = row->bind(1, qint64(level)).bind(2, index).step();
    if (!there)
        return fail(there.error());
    return *there ? row->blob(0) : QByteArray();
}

} // namespace

LogPublisher::LogPublisher(EventQueries &queries, const AuditLog &log, crypto::NoteSigner signer, QString witnessFile)
    : m_queries(queries), m_log(log), m_signer(std::move(signer)), m_witnessFile(std::move(witnessFile))
{
}

Result<TreeHead> LogPublisher::headAt(storage::Database &database, qint64 size) const
{
    const LogHead newest = m_log.head();
    const auto root = transparency::hashFromBytes(newest.rootHash);
    if (size < 0 || size > newest.size || !root)
        return fail(Error::Code::NotFound, publishText("The log has no checkpoint of %1 events; it has %2.").arg(size).arg(newest.size));
    const TreeHead head{newest.size, *root};
    if (size == newest.size)
        return head;
    // From the stored tiles, each proven against the durable head: what is signed is never another history than what was.
    TileReader reader(head);
    for (const TileId &id : reader.missingForRoot(size)) {
        const Result<QByteArray> hashes = storedTile(database, id.level, id.index);
        if (!hashes)
            return fail(hashes.error());
        if (const Status added = reader.add(id, hashes->first(std::min<qsizetype>(hashes->size(), id.width * 32))); !added)
            return fail(Error::Code::Storage, added.error().message, added.error().detail);
    }
    const auto then = reader.rootAt(size);
    if (!then)
        return fail(Error::Code::Storage, then.error().message, then.error().detail);
    return TreeHead{size, *then};
}

Result<QByteArray> LogPublisher::sign(storage::Database &database, const TreeHead &head) const
{
    QVector<NoteSignature> more;
    auto rows = database.prepare(R"(SELECT "line" FROM cosignatures WHERE "size"=? AND "root"=? ORDER BY "witness","keyHash")");
    if (!rows)
        return fail(rows.error());
    rows->bind(1, head.size).bindBlob(2, transparency::toBytes(head.root));
    while (true) {
        const Result<bool> there = rows->step();
        if (!there)
            return fail(there.error());
        if (!*there)
            break;
        const auto signature = NoteSignature::fromLine(rows->text(0).toUtf8() + '\n');
        if (signature && more.size() < transparency::Note::maximumSignatures - 1)
            more.append(*signature);
    }
    return transparency::signCheckpoint(Checkpoint{m_signer.name, head, {}}, m_signer, more);
}

Result<QByteArray> LogPublisher::checkpoint()
{
    return checkpointAt(m_log.head().size);
}

Result<QByteArray> LogPublisher::checkpointAt(qint64 size)
{
    Result<EventQueries::Borrowed> borrowed = m_queries.borrow();
    if (!borrowed)
        return fail(borrowed.error());
    const Result<TreeHead> head = headAt(**borrowed, size);
    return head ? sign(**borrowed, *head) : Result<QByteArray>(fail(head.error()));
}

Result<QByteArray> LogPublisher::tile(const TileId &id)
{
    if (id.width > transparency::tileWidth(id.level, id.index, m_log.head().size))
        return noSuchTile(id);
    Result<EventQueries::Borrowed> borrowed = m_queries.borrow();
    if (!borrowed)
        return fail(borrowed.error());
    if (!id.isEntries()) {
        // A tile only grows: what it was at an earlier size is its beginning.
        Result<QByteArray> hashes = storedTile(**borrowed, id.level, id.index);
        if (hashes && hashes->size() < id.width * 32)
            return fail(Error::Code::Storage, publishText("The tile “%1” is incomplete in the store.").arg(id.path()));
        return hashes ? Result<QByteArray>(hashes->first(id.width * 32)) : hashes;
    }
    const qint64 first = id.index * TileId::fullWidth;
    auto rows = (*borrowed)->prepare(R"(SELECT "leaf" FROM events WHERE "index">=? AND "index"<? ORDER BY "index")");
    if (!rows)
        return fail(rows.error());
    rows->bind(1, first).bind(2, first + id.width);
    QByteArray bundle;
    for (int entries = 0; entries < id.width; ++entries) {
        const Result<bool> there = rows->step();
        if (!there)
            return fail(there.error());
        const QByteArray leaf = *there ? rows->blob(0) : QByteArray();
        if (!*there || leaf.size() > maximumLeaf)
            return fail(Error::Code::Storage, publishText("Event %1 is missing in the store.").arg(first + entries));
        transparency::appendEntry(bundle, leaf);
    }
    return bundle;
}

Result<QVector<crypto::NoteVerifier>> LogPublisher::witnesses() const
{
    QVector<crypto::NoteVerifier> known;
    QFile file(m_witnessFile);
    if (!file.exists())
        return known;
    if (!file.open(QIODevice::ReadOnly) || file.size() > witnessFileBytes)
        return fail(Error::Code::Storage, publishText("The list of witnesses cannot be read."), m_witnessFile);
    const QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n');
    for (const QString &line : lines) {
        const QString text = line.trimmed();
        if (text.isEmpty() || text.startsWith(u'#'))
            continue;
        Result<crypto::NoteVerifier> witness = crypto::NoteVerifier::parse(text, crypto::NoteAlgorithm::Cosignature);
        if (!witness || known.size() == witnessesKnown)
            return fail(Error::Code::Storage, publishText("The list of witnesses holds a line that is not a witness's verifier key."), m_witnessFile);
        known.append(*std::move(witness));
    }
    return known;
}

Result<LogPublisher::Cosignature> LogPublisher::addCosignature(Unit &unit, qint64 size, const QString &line, const QString &principal)
{
    const auto signature = NoteSignature::fromLine(line.toUtf8() + '\n');
    if (!signature)
        return fail(Error::Code::Invalid, publishText("That is not a signature line of a checkpoint."), signature.error().detail);
    const auto known = witnesses();
    if (!known)
        return fail(known.error());
    const auto witness = std::find_if(known->begin(), known->end(), [&](const crypto::NoteVerifier &one) {
        return one.name == signature->name && one.keyHash() == signature->keyHash;
    });
    if (witness == known->end()) {
        return fail(Error::Code::Forbidden, publishText("“%1” is not a witness that this plane knows. Add its verifier key to the list of witnesses first.")
                                                .arg(Untrusted(signature->name).inert(128)));
    }
    const Result<TreeHead> head = headAt(unit.database(), size);
    if (!head)
        return fail(head.error());
    if (!transparency::isSignatureOf(*witness, Checkpoint{m_signer.name, *head, {}}.text(), *signature))
        return fail(Error::Code::Invalid, publishText("The cosignature is not one of this checkpoint."));
    const Instant at = transparency::cosignedAt(*signature).value_or(Instant{});
    if (at > unit.now() + cosignatureAhead)
        return fail(Error::Code::Invalid, publishText("The cosignature is of a time that has not come."));

    Cosignature cosignature{size, transparency::toBytes(head->root), *signature, at, unit.now(), principal};
    unit.sql([cosignature](storage::Database &database) -> Status {
        // A witness may sign the same head again: the latest time stands.
        auto upsert = database.prepare(
            R"(INSERT INTO cosignatures("size","root","witness","keyHash","line","at","received","principal") VALUES(?,?,?,?,?,?,?,?)
ON CONFLICT("size","witness","keyHash") DO UPDATE SET "root"=excluded."root","line"=excluded."line","at"=excluded."at",
"received"=excluded."received","principal"=excluded."principal" WHERE excluded."at">=cosignatures."at")");
        if (!upsert)
            return fail(upsert.error());
        const auto milliseconds = [](Instant moment) { return qint64(moment.time_since_epoch().count()); };
        upsert->bind(1, cosignature.size).bindBlob(2, cosignature.rootHash).bind(3, cosignature.signature.name).bind(4, qint64(cosignature.signature.keyHash));
        upsert->bind(5, QString::fromUtf8(cosignature.signature.line().chopped(1))).bind(6, milliseconds(cosignature.at));
        if (Status done = upsert->bind(7, milliseconds(cosignature.received)).bind(8, cosignature.principal).run(); !done)
            return done;
        auto prune = database.prepare(R"(DELETE FROM cosignatures WHERE "witness"=?1 AND "keyHash"=?2 AND "size"<
(SELECT MIN("size") FROM (SELECT "size" FROM cosignatures WHERE "witness"=?1 AND "keyHash"=?2 ORDER BY "size" DESC LIMIT ?3) AS newest))");
        if (!prune)
            return fail(prune.error());
        return prune->bind(1, cosignature.signature.name).bind(2, qint64(cosignature.signature.keyHash)).bind(3, cosignaturesKept).run();
    });
    return cosignature;
}

QByteArray LogPublisher::Cosignature::json() const
{
    QByteArray out = "{";
    wire::appendName(out, "size");
    wire::appendInteger(out, size);
    wire::appendName(out, "rootHash");
    wire::appendString(out, QString::fromLatin1(rootHash.toBase64()));
    wire::appendName(out, "witness");
    wire::appendString(out, signature.name);
    wire::appendName(out, "line");
    wire::appendString(out, QString::fromUtf8(signature.line().chopped(1)));
    wire::appendName(out, "at");
    wire::appendTime(out, at);
    wire::appendName(out, "received");
    wire::appendTime(out, received);
    wire::appendName(out, "principal");
    wire::appendString(out, principal);
    return out + '}';
}

Result<QByteArray> LogPublisher::cosignatures(int limit)
{
    Result<EventQueries::Borrowed> borrowed = m_queries.borrow();
    if (!borrowed)
        return fail(borrowed.error());
    auto rows = (*borrowed)->prepare(
        R"(SELECT "size","root","line","at","received","principal" FROM cosignatures ORDER BY "size" DESC,"witness","keyHash" LIMIT ?)");
    if (!rows)
        return fail(rows.error());
    rows->bind(1, qint64(limit));
    QByteArray out = "{\"items\":[";
    for (int items = 0;; ++items) {
        const Result<bool> there = rows->step();
        if (!there)
            return fail(there.error());
        if (!*there)
            return out + "]}";
        const auto signature = NoteSignature::fromLine(rows->text(2).toUtf8() + '\n');
        if (!signature)
            return fail(Error::Code::Storage, publishText("A stored cosignature is damaged."));
        const Cosignature one{rows->integer(0), rows->blob(1), *signature, Instant(Milliseconds(rows->integer(3))),
                              Instant(Milliseconds(rows->integer(4))), rows->text(5)};
        out += items ? "," : "";
        out += one.json();
    }
}

} // namespace parapet::plane
