// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transparency/proof.h"

#include <QtCore/QCoreApplication>

#include <bit>

namespace parapet::transparency {

namespace {

/// The largest power of two smaller than n > 1: where RFC 9162 §2.1.1 splits.
qint64 proofSplit(qint64 n)
{
    return qint64(std::bit_floor(quint64(n - 1)));
}

Failure doesNotProve(const char *why)
{
    return fail(Error::Code::Invalid, QCoreApplication::translate("transparency", "The proof does not hold."), QString::fromLatin1(why));
}

bool isTreeSize(qint64 size)
{
    return size >= 0 && size <= maximumTreeSize;
}

} // namespace

QVector<Node> nodesOf(LeafRange range)
{
    QVector<Node> nodes;
    qint64 at = range.from;
    while (at < range.to) {
        const int level = std::bit_width(quint64(range.to - at)) - 1;
        nodes.append({level, at >> level});
        at += qint64(1) << level;
    }
    return nodes;
}

QVector<Node> coverOf(LeafRange range)
{
    QVector<Node> nodes;
    qint64 at = range.from;
    while (at < range.to) {
        const int fits = std::bit_width(quint64(range.to - at)) - 1;
        const int level = at == 0 ? fits : std::min(fits, std::countr_zero(quint64(at)));
        nodes.append({level, at >> level});
        at += qint64(1) << level;
    }
    return nodes;
}

Hash foldNodes(std::span<const Hash> hashes)
{
    if (hashes.empty())
        return emptyRoot();
    Hash hash = hashes.back();
    for (size_t i = hashes.size() - 1; i-- > 0;)
        hash = nodeHash(hashes[i], hash);
    return hash;
}

QVector<LeafRange> inclusionRanges(qint64 index, qint64 size)
{
    Q_ASSERT(index >= 0 && index < size);
    QVector<LeafRange> ranges;
    LeafRange here{0, size};
    while (here.to - here.from > 1) {
        const qint64 split = here.from + proofSplit(here.to - here.from);
        ranges.append(index < split ? LeafRange{split, here.to} : LeafRange{here.from, split});
        here = index < split ? LeafRange{here.from, split} : LeafRange{split, here.to};
    }
    std::reverse(ranges.begin(), ranges.end());
    return ranges;
}

QVector<LeafRange> consistencyRanges(qint64 first, qint64 second)
{
    Q_ASSERT(first >= 0 && first <= second);
    QVector<LeafRange> ranges;
    if (first == 0 || first == second)
        return ranges;
    LeafRange here{0, second};
    while (first < here.to) {
        const qint64 split = here.from + proofSplit(here.to - here.from);
        ranges.append(first <= split ? LeafRange{split, here.to} : LeafRange{here.from, split});
        here = first <= split ? LeafRange{here.from, split} : LeafRange{split, here.to};
    }
    // What is left ends where the first tree ends. Where it is that whole tree its hash is known to the one who asks.
    if (here.from != 0)
        ranges.append(here);
    std::reverse(ranges.begin(), ranges.end());
    return ranges;
}

Status verifyInclusion(qint64 index, qint64 size, const Hash &leaf, std::span<const Hash> path, const Hash &root)
{
    // RFC 9162 §2.1.3.2, step by step.
    if (index < 0 || !isTreeSize(size) || index >= size)
        return doesNotProve("the leaf is not within the tree");
    quint64 fn = quint64(index), sn = quint64(size - 1);
    Hash r = leaf;
    for (const Hash &p : path) {
        if (sn == 0)
            return doesNotProve("the path is too long");
        if ((fn & 1) || fn == sn) {
            r = nodeHash(p, r);
            while (!(fn & 1) && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            r = nodeHash(r, p);
        }
        fn >>= 1;
        sn >>= 1;
    }
    if (sn != 0)
        return doesNotProve("the path is too short");
    if (r != root)
        return doesNotProve("the path leads to another root");
    return {};
}

Status verifyConsistency(qint64 first, qint64 second, std::span<const Hash> path, const Hash &firstRoot, const Hash &secondRoot)
{
    if (first < 0 || !isTreeSize(second) || first > second)
        return doesNotProve("the first tree is larger than the second");
    if (first == second || first == 0) {
        if (!path.empty())
            return doesNotProve("the path must be empty");
        if (first == second && firstRoot != secondRoot)
            return doesNotProve("two roots of one size");
        if (first == 0 && firstRoot != emptyRoot())
            return doesNotProve("the empty tree has another root");
        return {};
    }
    // RFC 9162 §2.1.4.2, step by step.
    if (path.empty())
        return doesNotProve("the path is empty");
    if (path.size() > size_t(longestProof))
        return doesNotProve("the path is too long");
    QVector<Hash> hashes(path.begin(), path.end());
    if (std::has_single_bit(quint64(first)))
        hashes.prepend(firstRoot);
    quint64 fn = quint64(first - 1), sn = quint64(second - 1);
    while (fn & 1) {
        fn >>= 1;
        sn >>= 1;
    }
    Hash fr = hashes.first(), sr = hashes.first();
    for (qsizetype i = 1; i < hashes.size(); ++i) {
        const Hash &c = hashes[i];
        if (sn == 0)
            return doesNotProve("the path is too long");
        if ((fn & 1) || fn == sn) {
            fr = nodeHash(c, fr);
            sr = nodeHash(c, sr);
            while (!(fn & 1) && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            sr = nodeHash(sr, c);
        }
        fn >>= 1;
        sn >>= 1;
    }
    if (sn != 0)
        return doesNotProve("the path is too short");
    if (fr != firstRoot)
        return doesNotProve("the path leads to another first root");
    if (sr != secondRoot)
        return doesNotProve("the path leads to another second root");
    return {};
}

Result<QVector<PathStep>> stepsOf(qint64 index, qint64 size, const Hash &leaf, std::span<const Hash> path)
{
    if (index < 0 || !isTreeSize(size) || index >= size)
        return doesNotProve("the leaf is not within the tree");
    const QVector<LeafRange> ranges = inclusionRanges(index, size);
    if (ranges.size() != qsizetype(path.size()))
        return doesNotProve("the path is of the wrong length");
    QVector<PathStep> steps;
    Hash here = leaf;
    LeafRange leaves{index, index + 1};
    for (qsizetype i = 0; i < ranges.size(); ++i) {
        PathStep step;
        step.sibling = path[size_t(i)];
        step.siblingLeaves = ranges[i];
        step.siblingIsLeft = ranges[i].to == leaves.from;
        step.parent = step.siblingIsLeft ? nodeHash(step.sibling, here) : nodeHash(here, step.sibling);
        step.parentLeaves = {std::min(leaves.from, ranges[i].from), std::max(leaves.to, ranges[i].to)};
        here = step.parent;
        leaves = step.parentLeaves;
        steps.append(step);
    }
    return steps;
}

} // namespace parapet::transparency
