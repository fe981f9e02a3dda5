// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/transparency/hash.h"

namespace parapet::transparency {

/// A stretch of leaves [from, to) whose Merkle tree hash is asked for: MTH(D[from:to]) of RFC 9162 §2.1.1.
struct LeafRange {
    qint64 from = 0;
    qint64 to = 0;
    friend bool operator==(const LeafRange &, const LeafRange &) = default;
};

/// A perfect subtree: level 0 is a leaf; it covers the leaves [index·2^level, (index+1)·2^level).
struct Node {
    int level = 0;
    qint64 index = 0;
    LeafRange leaves() const { return {index << level, (index + 1) << level}; }
    friend bool operator==(const Node &, const Node &) = default;
};

/// The perfect subtrees that a range of leaves consists of, from left to right. `range.from` must be a multiple of the largest
/// power of two within the range's length, as it is for every range that proofs ask for; then the range's hash is
/// foldNodes() of theirs.
QVector<Node> nodesOf(LeafRange range);
/// The fewest perfect subtrees that make up any range, from left to right.
QVector<Node> coverOf(LeafRange range);
/// The hash over neighbouring perfect subtrees, the largest first: MTH of the range that they are. emptyRoot() for none.
Hash foldNodes(std::span<const Hash> hashes);

/// The ranges whose hashes are the inclusion proof of leaf `index` in a tree of `size`, in the proof's order
/// (RFC 9162 §2.1.3.1). Empty for a tree of one leaf. `index` must be within the tree.
QVector<LeafRange> inclusionRanges(qint64 index, qint64 size);
/// The ranges whose hashes are the consistency proof from a tree of `first` leaves to one of `second`, in the proof's order
/// (RFC 9162 §2.1.4.1). Empty when the sizes are equal, or `first` is 0. 0 ≤ first ≤ second.
QVector<LeafRange> consistencyRanges(qint64 first, qint64 second);

/// The longest proof that can be right: one hash a level.
constexpr qsizetype longestProof = 64;

/// RFC 9162 §2.1.3.2. Invalid, with what does not hold in `detail`, unless `path` proves that `leaf` is the hash of the leaf
/// `index` of the tree of `size` leaves with that root.
Status verifyInclusion(qint64 index, qint64 size, const Hash &leaf, std::span<const Hash> path, const Hash &root);

/// RFC 9162 §2.1.4.2. Invalid, with what does not hold in `detail`, unless `path` proves that the tree of `second` leaves begins
/// with that of `first`. Equal sizes need equal roots and an empty path; from the empty tree (whose root is emptyRoot()) the path
/// is empty, as C2SP tlog-witness has it.
Status verifyConsistency(qint64 first, qint64 second, std::span<const Hash> path, const Hash &firstRoot, const Hash &secondRoot);

/// One step of an inclusion proof on the way up: for drawing it. `parent` is hashed from this step's two children.
struct PathStep {
    Hash sibling{};
    bool siblingIsLeft = false;
    LeafRange siblingLeaves; ///< which leaves the sibling stands for
    Hash parent{};
    LeafRange parentLeaves;
};
/// The steps from the leaf to the root. Invalid when verifyInclusion() of the same proof against the last parent would be.
Result<QVector<PathStep>> stepsOf(qint64 index, qint64 size, const Hash &leaf, std::span<const Hash> path);

} // namespace parapet::transparency
