// SPDX-License-Identifier: GPL-3.0-or-later
// The two verifiers of models/transparency: published proofs, and every proof and mutation beside the slow verifier of tests/support.
#include "models/transparency/proof.h"

#include "tests/models/transparency/ctvectors.h"
#include "tests/support/slowproofs.h"

#include <QtCore/QRandomGenerator>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::transparency;

namespace {

QVector<QByteArray> bytesOf(const QVector<Hash> &hashes)
{
    QVector<QByteArray> all;
    for (const Hash &hash : hashes)
        all.append(toBytes(hash));
    return all;
}

QVector<Hash> hashesOf(const QVector<QByteArray> &all)
{
    QVector<Hash> hashes;
    for (const QByteArray &one : all)
        hashes.append(*hashFromBytes(one));
    return hashes;
}

Hash flipped(Hash hash, quint32 bit)
{
    hash[bit / 8 % 32] ^= uchar(1u << bit % 8);
    return hash;
}

/// A tree with the hashes of all its ranges, by the definition.
struct SlowTree {
    explicit SlowTree(qint64 size, int salt = 0)
    {
        for (qint64 i = 0; i < size; ++i)
            leaves.append(QByteArray("leaf ") + QByteArray::number(i) + char(salt));
    }
    QByteArray root(qint64 size) const { return slow::root(leaves.first(size)); }
    QVector<QByteArray> leaves;
};

} // namespace

class TestProof : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void publishedRoots();
    void rootsOfManyEntries();
    void publishedInclusion();
    void publishedConsistency();
    void publishedRefusals();
    void aPublicLogsProofs();
    void rangesAreThoseOfTheDefinition();
    void everyProofOfSmallTrees();
    void mutationsOfInclusion();
    void mutationsOfConsistency();
    void randomProofsAgree();
    void stepsLeadToTheRoot();
    void boundsAreRefused();
};

void TestProof::publishedRoots()
{
    const QVector<QByteArray> leaves = vectors::leaves();
    for (qsizetype size = 0; size <= leaves.size(); ++size) {
        QVector<QByteArrayView> entries;
        for (const QByteArray &leaf : leaves.first(size))
            entries.append(leaf);
        QCOMPARE(toBytes(rootOfHashes(leafHashes(entries))), toBytes(vectors::roots()[size]));
        QCOMPARE(toBytes(rootOfEntries(entries)), toBytes(vectors::roots()[size]));
        QCOMPARE(slow::root(leaves.first(size)), toBytes(vectors::roots()[size]));
    }
}

// Tile by tile and level by level are the same tree, also where the last tile is not full.
void TestProof::rootsOfManyEntries()
{
    const SlowTree tree(1300);
    QVector<QByteArrayView> entries;
    for (qint64 size = 1; size <= 1300; ++size) {
        entries.append(tree.leaves[size - 1]);
        if (size % 97 == 0 || (size + 1) % 256 < 3)
            QCOMPARE(toBytes(rootOfEntries(entries)), tree.root(size));
    }
}

void TestProof::publishedInclusion()
{
    for (const vectors::PublishedProof &proof : vectors::inclusionProofs()) {
        const Hash leaf = leafHash(vectors::leaves()[proof.first]), root = vectors::roots()[proof.second];
        QVERIFY(verifyInclusion(proof.first, proof.second, leaf, proof.path, root));
        QVERIFY(slow::includes(proof.first, proof.second, toBytes(leaf), bytesOf(proof.path), toBytes(root)));
        QCOMPARE(slow::path(proof.first, vectors::leaves().first(proof.second)), bytesOf(proof.path));
    }
}

void TestProof::publishedConsistency()
{
    for (const vectors::PublishedProof &proof : vectors::consistencyProofs()) {
        const Hash first = vectors::roots()[proof.first], second = vectors::roots()[proof.second];
        QVERIFY(verifyConsistency(proof.first, proof.second, proof.path, first, second));
        QVERIFY(slow::consistent(proof.first, proof.second, bytesOf(proof.path), toBytes(first), toBytes(second)));
        QCOMPARE(slow::proof(proof.first, vectors::leaves().first(proof.second)), bytesOf(proof.path));
    }
}

// What transparency-dev/merkle's verifier must refuse (proof/verify_test.go: corruptInclusionProof, corruptConsistencyProof).
void TestProof::publishedRefusals()
{
    const Hash some = vectors::hex("abacaba000000000000000000000000000000000000000000060061e00123456"), empty = emptyRoot();
    for (const vectors::PublishedProof &proof : vectors::inclusionProofs()) {
        const qint64 index = proof.first, size = proof.second;
        const QVector<Hash> &path = proof.path;
        const Hash leaf = leafHash(vectors::leaves()[index]), root = vectors::roots()[size];
        QVERIFY(!verifyInclusion(index - 1, size, leaf, path, root));
        QVERIFY(!verifyInclusion(index + 1, size, leaf, path, root));
        QVERIFY(!verifyInclusion(index ^ 2, size, leaf, path, root));
        QVERIFY(!verifyInclusion(index, size * 2, leaf, path, root));
        QVERIFY(!verifyInclusion(index, size / 2, leaf, path, root));
        QVERIFY(!verifyInclusion(index, size, some, path, root));
        QVERIFY(!verifyInclusion(index, size, leaf, path, empty));
        QVERIFY(!verifyInclusion(index, size, leaf, path, some));
        QVERIFY(!verifyInclusion(index, size, leaf, QVector<Hash>(path) << root, root));
        QVERIFY(!verifyInclusion(index, size, leaf, QVector<Hash>{root} << path, root));
        for (qsizetype i = 0; i < path.size(); ++i) {
            QVector<Hash> wrong = path;
            wrong[i] = flipped(wrong[i], 3);
            QVERIFY(!verifyInclusion(index, size, leaf, wrong, root));
        }
        if (!path.isEmpty())
            QVERIFY(!verifyInclusion(index, size, leaf, path.first(path.size() - 1), root));
        if (path.size() > 1)
            QVERIFY(!verifyInclusion(index, size, leaf, (QVector<Hash>{path[0], some} << path.mid(1)), root));
    }
    for (const vectors::PublishedProof &proof : vectors::consistencyProofs()) {
        if (proof.path.isEmpty())
            continue;
        const qint64 m = proof.first, n = proof.second;
        const QVector<Hash> &path = proof.path;
        const Hash first = vectors::roots()[m], second = vectors::roots()[n];
        QVERIFY(!verifyConsistency(m - 1, n, path, first, second));
        QVERIFY(!verifyConsistency(m + 1, n, path, first, second));
        QVERIFY(!verifyConsistency(m ^ 2, n, path, first, second));
        QVERIFY(!verifyConsistency(m, n * 2, path, first, second));
        QVERIFY(!verifyConsistency(m, n / 2, path, first, second));
        QVERIFY(!verifyConsistency(m, n, path, some, second));
        QVERIFY(!verifyConsistency(m, n, path, first, some));
        QVERIFY(!verifyConsistency(m, n, path, second, first));
        QVERIFY(!verifyConsistency(m, n, {}, first, second));
        for (const Hash &more : {first, second, path[0]}) {
            QVERIFY(!verifyConsistency(m, n, QVector<Hash>(path) << more, first, second));
            QVERIFY(!verifyConsistency(m, n, QVector<Hash>{more} << path, first, second));
        }
        QVERIFY(!verifyConsistency(m, n, path.first(path.size() - 1), first, second));
    }
    // Sizes alone: TestVerifyConsistency of the same file.
    const Hash one = vectors::roots()[1], two = vectors::roots()[2];
    QVERIFY(verifyConsistency(0, 0, {}, empty, empty));
    QVERIFY(verifyConsistency(0, 1, {}, empty, one));
    QVERIFY(verifyConsistency(1, 1, {}, two, two));
    QVERIFY(!verifyConsistency(0, 0, {}, empty, one));
    QVERIFY(!verifyConsistency(1, 1, {}, one, two));
    QVERIFY(!verifyConsistency(1, 0, {}, one, empty));
    QVERIFY(!verifyConsistency(2, 1, {}, two, one));
    QVERIFY(!verifyConsistency(1, 2, {}, one, two));
    const QVector<Hash> path{empty};
    QVERIFY(!verifyConsistency(0, 0, path, empty, empty));
    QVERIFY(!verifyConsistency(0, 1, path, empty, one));
    QVERIFY(!verifyConsistency(1, 1, path, one, one));
}

void TestProof::aPublicLogsProofs()
{
    const Hash root = *hashFromBase64(vectors::argonRoot), earlier = *hashFromBase64(vectors::argonEarlierRoot);
    const Hash leaf = *hashFromBase64(vectors::argonLeafHash);
    const QVector<Hash> path = vectors::base64s(vectors::argonPath), consistency = vectors::base64s(vectors::argonConsistency);
    QVERIFY(verifyInclusion(vectors::argonLeaf, vectors::argonSize, leaf, path, root));
    QVERIFY(verifyConsistency(vectors::argonEarlier, vectors::argonSize, consistency, earlier, root));
    QVERIFY(slow::includes(vectors::argonLeaf, vectors::argonSize, toBytes(leaf), bytesOf(path), toBytes(root)));
    QVERIFY(slow::consistent(vectors::argonEarlier, vectors::argonSize, bytesOf(consistency), toBytes(earlier), toBytes(root)));
    // 2^29 leaves stand before the last peak: so the ends are refused too.
    QVERIFY(!verifyInclusion(vectors::argonLeaf + 1, vectors::argonSize, leaf, path, root));
    QVERIFY(!verifyInclusion(vectors::argonLeaf, vectors::argonSize, leaf, consistency, root));
    QVERIFY(!verifyConsistency(vectors::argonEarlier + 1, vectors::argonSize, consistency, earlier, root));
    QVERIFY(!verifyConsistency(vectors::argonEarlier, vectors::argonSize, path, earlier, root));
}

void TestProof::rangesAreThoseOfTheDefinition()
{
    const SlowTree tree(70);
    const auto hashOf = [&](LeafRange range) { return slow::root(tree.leaves.mid(range.from, range.to - range.from)); };
    for (qint64 size = 1; size <= 70; ++size) {
        for (qint64 i = 0; i < size; ++i) {
            QVector<QByteArray> made;
            for (const LeafRange range : inclusionRanges(i, size))
                made.append(hashOf(range));
            QCOMPARE(made, slow::path(i, tree.leaves.first(size)));
        }
        for (qint64 first = 1; first <= size; ++first) {
            QVector<QByteArray> made;
            for (const LeafRange range : consistencyRanges(first, size)) {
                made.append(hashOf(range));
                QVector<Hash> nodes;
                for (const Node &node : nodesOf(range))
                    nodes.append(*hashFromBytes(hashOf(node.leaves())));
                QCOMPARE(toBytes(foldNodes(nodes)), made.last());
            }
            QCOMPARE(made, slow::proof(first, tree.leaves.first(size)));
        }
        QVERIFY(consistencyRanges(0, size).isEmpty());
        for (qint64 from = 0; from <= size; ++from) {
            qint64 at = from;
            for (const Node &node : coverOf({from, size})) {
                QCOMPARE(node.leaves().from, at);
                at = node.leaves().to;
            }
            QCOMPARE(at, size);
        }
    }
}

void TestProof::everyProofOfSmallTrees()
{
    const SlowTree tree(33);
    for (qint64 size = 1; size <= 33; ++size) {
        const Hash root = *hashFromBytes(tree.root(size));
        for (qint64 i = 0; i < size; ++i) {
            const QVector<Hash> path = hashesOf(slow::path(i, tree.leaves.first(size)));
            // The right leaf at the right place, and no other claim with the same proof.
            for (qint64 claimed = 0; claimed < size + 2; ++claimed) {
                const Hash leaf = leafHash(tree.leaves[i]);
                const bool holds = verifyInclusion(claimed, size, leaf, path, root).has_value();
                QCOMPARE(holds, claimed == i);
                QCOMPARE(slow::includes(claimed, size, toBytes(leaf), bytesOf(path), toBytes(root)), holds);
            }
        }
        for (qint64 first = 1; first <= size; ++first) {
            const QVector<Hash> path = hashesOf(slow::proof(first, tree.leaves.first(size)));
            for (qint64 claimed = 0; claimed <= size + 1; ++claimed) {
                const Hash then = *hashFromBytes(tree.root(first));
                const bool holds = verifyConsistency(claimed, size, path, then, root).has_value();
                QCOMPARE(holds, claimed == first);
                QCOMPARE(slow::consistent(claimed, size, bytesOf(path), toBytes(then), toBytes(root)), holds);
            }
        }
    }
}

void TestProof::mutationsOfInclusion()
{
    QRandomGenerator random(6962);
    const SlowTree tree(300);
    for (int round = 0; round < 60; ++round) {
        const qint64 size = random.bounded(1, 301), index = random.bounded(size);
        const Hash root = *hashFromBytes(tree.root(size)), leaf = leafHash(tree.leaves[index]);
        const QVector<Hash> path = hashesOf(slow::path(index, tree.leaves.first(size)));
        QVERIFY(verifyInclusion(index, size, leaf, path, root));
        const auto refused = [&](qint64 i, qint64 n, const Hash &l, const QVector<Hash> &p, const Hash &r) {
            const bool mine = verifyInclusion(i, n, l, p, r).has_value();
            const bool other = slow::includes(i, n, toBytes(l), bytesOf(p), toBytes(r));
            return !mine && !other;
        };
        QVERIFY(refused(index, size, flipped(leaf, random.bounded(256u)), path, root));
        QVERIFY(refused(index, size, leaf, path, flipped(root, random.bounded(256u))));
        QVERIFY(refused(index, size, leaf, QVector<Hash>(path) << root, root));
        QVERIFY(refused(index, size, leaf, QVector<Hash>{leaf} << path, root));
        QVERIFY(refused(index, size, root, path, root) || size == 1);
        for (qsizetype i = 0; i < path.size(); ++i) {
            QVector<Hash> wrong = path;
            wrong[i] = flipped(wrong[i], random.bounded(256u));
            QVERIFY(refused(index, size, leaf, wrong, root));
            wrong = path;
            wrong.remove(i);
            QVERIFY(refused(index, size, leaf, wrong, root));
            wrong = path;
            wrong.insert(i, path[random.bounded(path.size())]);
            QVERIFY(refused(index, size, leaf, wrong, root));
            if (i > 0) {
                wrong = path;
                std::swap(wrong[i], wrong[i - 1]);
                QVERIFY(refused(index, size, leaf, wrong, root));
            }
        }
        // A node is no leaf: the pair of a leaf and its neighbour does not pass for one in a tree of half the height.
        if (size % 2 == 0 && size > 1) {
            const Hash pair = index % 2 ? nodeHash(path[0], leaf) : nodeHash(leaf, path[0]);
            QVERIFY(refused(index, size, pair, path.mid(1), root));
        }
    }
}

void TestProof::mutationsOfConsistency()
{
    QRandomGenerator random(9162);
    const SlowTree tree(300), other(300, 1);
    for (int round = 0; round < 60; ++round) {
        const qint64 second = random.bounded(2, 301), first = random.bounded(qint64(1), second);
        const Hash then = *hashFromBytes(tree.root(first)), now = *hashFromBytes(tree.root(second));
        const QVector<Hash> path = hashesOf(slow::proof(first, tree.leaves.first(second)));
        QVERIFY(verifyConsistency(first, second, path, then, now));
        const auto refused = [&](qint64 m, qint64 n, const QVector<Hash> &p, const Hash &a, const Hash &b) {
            const bool mine = verifyConsistency(m, n, p, a, b).has_value();
            const bool slowly = slow::consistent(m, n, bytesOf(p), toBytes(a), toBytes(b));
            return !mine && !slowly;
        };
        QVERIFY(refused(first, second, path, flipped(then, random.bounded(256u)), now));
        QVERIFY(refused(first, second, path, then, flipped(now, random.bounded(256u))));
        QVERIFY(refused(first, second, path, *hashFromBytes(other.root(first)), now));
        QVERIFY(refused(first, second, path, now, now));
        QVERIFY(refused(first, second, path, then, then));
        QVERIFY(refused(first, second, {}, then, now));
        QVERIFY(refused(second, first, path, now, then));
        QVERIFY(refused(0, second, path, emptyRoot(), now));
        for (qsizetype i = 0; i < path.size(); ++i) {
            QVector<Hash> wrong = path;
            wrong[i] = flipped(wrong[i], random.bounded(256u));
            QVERIFY(refused(first, second, wrong, then, now));
            wrong = path;
            wrong.remove(i);
            QVERIFY(refused(first, second, wrong, then, now));
            wrong = path;
            wrong.insert(i, path[random.bounded(path.size())]);
            QVERIFY(refused(first, second, wrong, then, now));
        }
        QVERIFY(refused(first, second, QVector<Hash>(path) << now, then, now));
        QVERIFY(refused(first, second, QVector<Hash>(path) << path, then, now));
    }
}

// Whatever is claimed: both say the same.
void TestProof::randomProofsAgree()
{
    QRandomGenerator random(1);
    const SlowTree tree(40);
    int held = 0;
    for (int round = 0; round < 4000; ++round) {
        const qint64 size = random.bounded(41), index = random.bounded(42) - 1;
        // Hashes of the tree itself, so that some of them fit.
        QVector<Hash> path;
        if (size > 0 && index >= 0 && index < size && random.bounded(3) > 0)
            path = hashesOf(random.bounded(2) ? slow::path(index, tree.leaves.first(size)) : index > 0 ? slow::proof(index, tree.leaves.first(size)) : QVector<QByteArray>());
        while (random.bounded(4) == 0)
            path.insert(random.bounded(path.size() + 1), leafHash(tree.leaves[random.bounded(40)]));
        if (!path.isEmpty() && random.bounded(4) == 0)
            path.remove(random.bounded(path.size()));
        const qint64 other = std::clamp<qint64>(size + random.bounded(3) - 1, 0, 40);
        const Hash root = *hashFromBytes(tree.root(other)), leaf = leafHash(tree.leaves[std::clamp<qint64>(index, 0, 39)]);
        const bool in = verifyInclusion(index, size, leaf, path, root).has_value();
        QCOMPARE(in, slow::includes(index, size, toBytes(leaf), bytesOf(path), toBytes(root)));
        const Hash then = *hashFromBytes(tree.root(std::clamp<qint64>(index, 0, 40)));
        const bool consistent = verifyConsistency(index, size, path, then, root).has_value();
        QCOMPARE(consistent, slow::consistent(index, size, bytesOf(path), toBytes(then), toBytes(root)));
        held += in + consistent;
    }
    QVERIFY2(held > 50, "too few of the random proofs were right ones to say anything");
}

void TestProof::stepsLeadToTheRoot()
{
    const SlowTree tree(21);
    for (qint64 index = 0; index < 21; ++index) {
        const QVector<Hash> path = hashesOf(slow::path(index, tree.leaves));
        const auto steps = stepsOf(index, 21, leafHash(tree.leaves[index]), path);
        QVERIFY(steps);
        QCOMPARE(steps->size(), path.size());
        QCOMPARE(toBytes(steps->last().parent), tree.root(21));
        QCOMPARE(steps->last().parentLeaves, (LeafRange{0, 21}));
        for (const PathStep &step : *steps) {
            QCOMPARE(toBytes(step.sibling), slow::root(tree.leaves.mid(step.siblingLeaves.from, step.siblingLeaves.to - step.siblingLeaves.from)));
            QCOMPARE(step.siblingIsLeft, step.siblingLeaves.to <= index);
        }
    }
    QVERIFY(stepsOf(0, 1, leafHash("x"), {}));
    QVERIFY(!stepsOf(1, 1, leafHash("x"), {}));
    QVERIFY(!stepsOf(0, 2, leafHash("x"), {}));
}

void TestProof::boundsAreRefused()
{
    const Hash hash = leafHash("x");
    const QVector<Hash> endless(10'000, hash);
    QVERIFY(!verifyInclusion(0, 0, hash, {}, hash));
    QVERIFY(!verifyInclusion(-1, 1, hash, {}, hash));
    QVERIFY(!verifyInclusion(0, -1, hash, {}, hash));
    QVERIFY(!verifyInclusion(0, maximumTreeSize + 1, hash, {}, hash));
    QVERIFY(!verifyInclusion(0, std::numeric_limits<qint64>::max(), hash, endless, hash));
    QVERIFY(!verifyInclusion(maximumTreeSize - 1, maximumTreeSize, hash, endless, hash));
    QVERIFY(!verifyConsistency(-1, 1, {}, hash, hash));
    QVERIFY(!verifyConsistency(1, maximumTreeSize + 1, {}, hash, hash));
    QVERIFY(!verifyConsistency(1, maximumTreeSize, endless, hash, hash));
    QVERIFY(!hashFromBytes(QByteArray(31, 'x')));
    QVERIFY(!hashFromBytes(QByteArray(33, 'x')));
    QVERIFY(!hashFromBase64("AAAA"));
    QVERIFY(!hashFromBase64(QByteArray(44, '=')));
    QCOMPARE(toBase64(*hashFromBase64(vectors::argonRoot)), QByteArray(vectors::argonRoot));
}

QTEST_GUILESS_MAIN(TestProof)
#include "tst_proof.moc"
