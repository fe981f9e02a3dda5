// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QVector>

#include <optional>

/// Merkle tree proofs a second time, slow and plain, from the text of RFC 9162 §2.1 alone and with another hash function call
/// (QCryptographicHash): it shares no code with models/transparency, so that a mistake must be made twice to pass.
///
/// Nodes are byte arrays of 32 bytes; trees are lists of leaves.
namespace parapet::slow {

/// HASH(0x00 || d) and HASH(0x01 || left || right).
QByteArray leafHash(const QByteArray &leaf);
QByteArray nodeHash(const QByteArray &left, const QByteArray &right);

/// MTH(D_n): §2.1.1.
QByteArray root(const QVector<QByteArray> &leaves);
/// PATH(m, D_n): §2.1.3.1.
QVector<QByteArray> path(qsizetype m, const QVector<QByteArray> &leaves);
/// PROOF(m, D_n): §2.1.4.1. 0 < m <= n.
QVector<QByteArray> proof(qsizetype m, const QVector<QByteArray> &leaves);

/// The root that an inclusion proof leads to, by undoing the definition of PATH; nothing when the path has another length than the
/// definition gives it.
std::optional<QByteArray> rootOfPath(qint64 m, qint64 n, const QByteArray &leaf, QVector<QByteArray> path);
bool includes(qint64 m, qint64 n, const QByteArray &leaf, const QVector<QByteArray> &path, const QByteArray &root);

/// Whether a consistency proof holds, by undoing the definition of SUBPROOF for both trees. `m` of 0: only the empty path and the
/// root of the empty tree.
bool consistent(qint64 m, qint64 n, const QVector<QByteArray> &path, const QByteArray &firstRoot, const QByteArray &secondRoot);

} // namespace parapet::slow
