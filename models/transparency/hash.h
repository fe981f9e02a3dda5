// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QVector>

#include <array>
#include <span>

namespace parapet::transparency {

/// A node of the Merkle tree: SHA-256, 32 bytes.
using Hash = std::array<unsigned char, 32>;

/// The largest tree that is read or written here: 2^53 − 1 leaves, so that every index is an integer of our JSON.
constexpr qint64 maximumTreeSize = (qint64(1) << 53) - 1;

/// Most bytes of a leaf: C2SP tlog-tiles, "Log Entries".
constexpr qsizetype maximumEntry = 65535;

/// SHA-256(0x00 ‖ entry): RFC 6962 §2.1, RFC 9162 §2.1.1.
Hash leafHash(QByteArrayView entry);
/// SHA-256(0x01 ‖ left ‖ right): RFC 6962 §2.1, RFC 9162 §2.1.1.
Hash nodeHash(const Hash &left, const Hash &right);
/// SHA-256 of the empty string: the root of the empty tree.
Hash emptyRoot();

QByteArray toBytes(const Hash &hash);
/// Base64 with padding (RFC 4648 §4): 44 characters.
QByteArray toBase64(const Hash &hash);
/// From exactly 32 bytes. Invalid otherwise.
Result<Hash> hashFromBytes(QByteArrayView bytes);
/// From strict base64 of 32 bytes. Invalid otherwise.
Result<Hash> hashFromBase64(QByteArrayView text);

/// The root over the hashes of one tree level, 32 bytes each, by the definition of RFC 6962 §2.1 applied to nodes; the empty root
/// for none. Many nodes are hashed at once (models/crypto/sha256many.h).
Hash rootOfHashes(QByteArrayView hashes);

/// The leaf hashes of many entries, 32 bytes each, in order: many at once.
QByteArray leafHashes(std::span<const QByteArrayView> entries);

/// The root of the tree of these entries (RFC 6962 §2.1), tile by tile, so that the hashes stay in the processor's cache.
Hash rootOfEntries(std::span<const QByteArrayView> entries);

} // namespace parapet::transparency
