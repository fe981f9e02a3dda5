// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transparency/proofbundle.h"

#include "models/core/json.h"
#include "models/transparency/documents.h"

#include <QtCore/QCoreApplication>

namespace parapet::transparency {

using namespace Qt::StringLiterals;

namespace {

const QString &proofBundleType()
{
    static const QString type = u"https://parapet.dev/proof-bundle"_s;
    return type;
}

Result<ProofBundle::Row> proofRowFrom(const QJsonValue &json, qsizetype place)
{
    wire::ObjectReader reader(json.toObject(), u"/rows/%1"_s.arg(place));
    ProofBundle::Row row;
    row.index = reader.integer("index");
    row.leaf = reader.bytes("leaf", maximumEntry);
    row.path = hashesMember(reader, "path", longestProof);
    if (row.index < 0 || row.index >= maximumTreeSize)
        reader.refuse(wire::wrongValue(reader.place("index")));
    if (const auto error = reader.finish(wire::Unknown::Refuse))
        return fail(*error);
    return row;
}

} // namespace

QByteArray ProofBundle::toBytes() const
{
    QJsonArray array;
    for (const Row &row : rows)
        array.append(QJsonObject{{u"index"_s, row.index}, {u"leaf"_s, base64Text(row.leaf)}, {u"path"_s, hashesJson(row.path)}});
    return canonicalJson(QJsonObject{{u"type"_s, proofBundleType()}, {u"version"_s, 1}, {u"log"_s, log},
                                     {u"checkpoint"_s, base64Text(checkpoint)}, {u"query"_s, query}, {u"rows"_s, array}});
}

Result<ProofBundle> ProofBundle::fromBytes(QByteArrayView text)
{
    const Result<QJsonObject> object = documentFrom(text, proofBundleType(), maximumBytes);
    if (!object)
        return fail(object.error());
    wire::ObjectReader reader(*object);
    ProofBundle bundle;
    bundle.log = reader.text("log", wire::Missing::Refuse, 1024);
    bundle.checkpoint = reader.bytes("checkpoint", Note::maximumBytes);
    bundle.query = reader.text("query", wire::Missing::Refuse, wire::maxTextLength);
    const QJsonArray rows = reader.array("rows", maximumRows);
    if (const auto error = reader.finish(wire::Unknown::Refuse))
        return fail(*error);
    for (const QJsonValue &json : rows) {
        Result<Row> row = proofRowFrom(json, bundle.rows.size());
        if (!row)
            return fail(row.error());
        if (!bundle.rows.isEmpty() && row->index <= bundle.rows.last().index)
            return fail(wire::wrongValue(u"/rows/%1/index"_s.arg(bundle.rows.size())));
        bundle.rows.append(*std::move(row));
    }
    return bundle;
}

Result<SignedCheckpoint> ProofBundle::verify(const crypto::NoteVerifier &key, std::span<const crypto::NoteVerifier> witnesses) const
{
    Result<SignedCheckpoint> opened = openCheckpoint(checkpoint, key, witnesses);
    if (!opened)
        return opened;
    for (const Row &row : rows) {
        const Status holds = verifyInclusion(row.index, opened->head().size, leafHash(row.leaf), row.path, opened->head().root);
        if (!holds) {
            return fail(Error::Code::Invalid,
                        QCoreApplication::translate("transparency", "Event %1 is not in the log that the checkpoint signs.").arg(row.index),
                        holds.error().detail);
        }
    }
    return opened;
}

} // namespace parapet::transparency
