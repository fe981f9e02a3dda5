// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/slowproofs.h"

#include <QtCore/QCryptographicHash>

namespace parapet::slow {

namespace {

QByteArray sha256(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
}

/// "Let k be the largest power of two smaller than n."
qint64 largestPowerBelow(qint64 n)
{
    qint64 k = 1;
    while (k * 2 < n)
        k = k * 2;
    return k;
}

QVector<QByteArray> subproof(qsizetype m, const QVector<QByteArray> &leaves, bool whole)
{
    const qsizetype n = leaves.size();
    if (m == n)
        return whole ? QVector<QByteArray>() : QVector<QByteArray>{root(leaves)};
    const qsizetype k = largestPowerBelow(n);
    if (m <= k)
        return subproof(m, leaves.mid(0, k), whole) << root(leaves.mid(k));
    return subproof(m - k, leaves.mid(k), false) << root(leaves.mid(0, k));
}

/// What SUBPROOF says of one subtree: its hash, and that of its first m leaves.
struct Both {
    QByteArray first;
    QByteArray second;
};

std::optional<Both> undone(qint64 m, qint64 n, bool whole, QVector<QByteArray> path, const QByteArray &firstRoot)
{
    if (m == n) {
        if (whole)
            return path.isEmpty() ? std::optional<Both>({firstRoot, firstRoot}) : std::nullopt;
        return path.size() == 1 ? std::optional<Both>({path[0], path[0]}) : std::nullopt;
    }
    if (path.isEmpty())
        return std::nullopt;
    const qint64 k = largestPowerBelow(n);
    const QByteArray last = path.takeLast();
    if (m <= k) {
        const auto left = undone(m, k, whole, path, firstRoot);
        if (!left)
            return std::nullopt;
        return Both{left->first, nodeHash(left->second, last)};
    }
    const auto right = undone(m - k, n - k, false, path, firstRoot);
    if (!right)
        return std::nullopt;
    return Both{nodeHash(last, right->first), nodeHash(last, right->second)};
}

bool areHashes(const QVector<QByteArray> &path)
{
    for (const QByteArray &hash : path) {
        if (hash.size() != 32)
            return false;
    }
    return true;
}

} // namespace

QByteArray leafHash(const QByteArray &leaf)
{
    return sha256(QByteArray(1, '\0') + leaf);
}

QByteArray nodeHash(const QByteArray &left, const QByteArray &right)
{
    return sha256(QByteArray(1, '\1') + left + right);
}

QByteArray root(const QVector<QByteArray> &leaves)
{
    const qsizetype n = leaves.size();
    if (n == 0)
        return sha256({});
    if (n == 1)
        return leafHash(leaves[0]);
    const qsizetype k = largestPowerBelow(n);
    return nodeHash(root(leaves.mid(0, k)), root(leaves.mid(k)));
}

QVector<QByteArray> path(qsizetype m, const QVector<QByteArray> &leaves)
{
    const qsizetype n = leaves.size();
    if (n == 1)
        return {};
    const qsizetype k = largestPowerBelow(n);
    if (m < k)
        return path(m, leaves.mid(0, k)) << root(leaves.mid(k));
    return path(m - k, leaves.mid(k)) << root(leaves.mid(0, k));
}

QVector<QByteArray> proof(qsizetype m, const QVector<QByteArray> &leaves)
{
    return subproof(m, leaves, true);
}

std::optional<QByteArray> rootOfPath(qint64 m, qint64 n, const QByteArray &leaf, QVector<QByteArray> path)
{
    if (m < 0 || m >= n)
        return std::nullopt;
    if (n == 1)
        return path.isEmpty() ? std::optional<QByteArray>(leaf) : std::nullopt;
    if (path.isEmpty())
        return std::nullopt;
    const qint64 k = largestPowerBelow(n);
    const QByteArray last = path.takeLast();
    if (m < k) {
        const auto left = rootOfPath(m, k, leaf, path);
        return left ? std::optional<QByteArray>(nodeHash(*left, last)) : std::nullopt;
    }
    const auto right = rootOfPath(m - k, n - k, leaf, path);
    return right ? std::optional<QByteArray>(nodeHash(last, *right)) : std::nullopt;
}

bool includes(qint64 m, qint64 n, const QByteArray &leaf, const QVector<QByteArray> &path, const QByteArray &root)
{
    return areHashes(path) && rootOfPath(m, n, leaf, path) == root;
}

bool consistent(qint64 m, qint64 n, const QVector<QByteArray> &path, const QByteArray &firstRoot, const QByteArray &secondRoot)
{
    if (m < 0 || m > n || !areHashes(path))
        return false;
    if (m == 0)
        return path.isEmpty() && firstRoot == sha256({}) && (n > 0 || secondRoot == firstRoot);
    const auto both = undone(m, n, true, path, firstRoot);
    return both && both->first == firstRoot && both->second == secondRoot;
}

} // namespace parapet::slow
