// SPDX-License-Identifier: GPL-3.0-or-later
// How this room's JSON documents are read. Included by its .cpp files only.
#pragma once

#include "models/transparency/hash.h"
#include "models/wire/reader.h"

namespace parapet::transparency {

/// The object of a document whose members "type" and "version" are these, canonical (RFC 8785) byte for byte, duplicates refused.
Result<QJsonObject> documentFrom(QByteArrayView text, const QString &type, qsizetype limit);

/// A SHA-256 in base64; notes an error in the reader when it is none.
Hash hashMember(wire::ObjectReader &reader, const char *name);
/// An array of at most `limit` of them.
QVector<Hash> hashesMember(wire::ObjectReader &reader, const char *name, qsizetype limit);
QJsonArray hashesJson(std::span<const Hash> hashes);
QString base64Text(const QByteArray &bytes);
QJsonValue timeJson(Instant at);

} // namespace parapet::transparency
