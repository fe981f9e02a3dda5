// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/json.h"
#include "models/crypto/digest.h"
#include "tests/plane/runtime/archivereader.h"
#include "tests/plane/runtime/hostfixture.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>

using namespace parapet;
using namespace parapet::runtimetest;
using namespace Qt::StringLiterals;

namespace {

/// A snapshot taken to its end.
struct Taken {
    Status started;
    Snapshot snapshot;
    QByteArray archive;
    QByteArray manifest;
};

Taken take(const HostFixture &fixture, const WorkspaceId &id, const QString &name)
{
    Taken taken;
    const QString folder = fixture.folder.filePath(u"evidence"_s);
    const SnapshotId snapshot(name);
    std::mutex mutex;
    bool done = false;
    taken.started = fixture.host->takeSnapshot({id, snapshot, folder}, [&](const Snapshot &result) {
        const std::lock_guard lock(mutex);
        taken.snapshot = result;
        done = true;
    });
    if (!taken.started)
        return taken;
    const bool came = support::waitUntil(
        [&] {
            const std::lock_guard lock(mutex);
            return done;
        },
        60'000);
    if (!came)
        qFatal("The snapshot did not come.");
    taken.archive = QFile::encodeName(plane::RuntimeHost::archivePath(folder, snapshot));
    taken.manifest = QFile::encodeName(plane::RuntimeHost::manifestPath(folder, snapshot));
    return taken;
}

QByteArray whole(const QByteArray &path)
{
    QFile file(QFile::decodeName(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestHostSnapshot : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void preservesAndGoesOn_data();
    void preservesAndGoesOn();
    void leavesTheFrozenFrozen();
    void readsWhatHasEnded();
    void readsWhatAnEarlierPlaneLeft();
    void saysWhyNot();
    void destructionWhileReading();

private:
    const WorkspaceId m_id{u"ws-1"_s};
};

void TestHostSnapshot::preservesAndGoesOn_data()
{
    QTest::addColumn<bool>("useCgroups");
    QTest::newRow("as the machine has it") << true;
    QTest::newRow("signals only") << false;
}

void TestHostSnapshot::preservesAndGoesOn()
{
    QFETCH(bool, useCgroups);
    const HostFixture fixture(useCgroups);
    // Two files that always grow together: only in a frozen workspace can both be read as they stand at one moment.
    plane::Launch launch = fixture.launch(m_id.value, "mkdir -p src; while :; do echo x >>src/a; echo x >>src/b; done",
                                          "exec tail -f /dev/null");
    launch.secrets.append({u"git"_s, "TOP-SECRET"});
    QVERIFY(fixture.host->start(launch));
    TRY_REAL(fixture.size(m_id.value, u"src/b"_s) > 100);

    const Taken taken = take(fixture, m_id, u"snap-1"_s);
    QVERIFY2(taken.started, support::why(taken.started));
    QVERIFY2(taken.snapshot.complete, qPrintable(taken.snapshot.failure));
    QCOMPARE(taken.snapshot.id.value, u"snap-1"_s);
    QCOMPARE(taken.snapshot.workspace, m_id);
    QVERIFY(isKnown(taken.snapshot.taken) && taken.snapshot.failure.isEmpty());
    QCOMPARE(taken.snapshot.archiveSha256, crypto::sha256Hex(whole(taken.archive)));
    QCOMPARE(taken.snapshot.manifestSha256, crypto::sha256Hex(whole(taken.manifest)));
    QCOMPARE(taken.snapshot.bytes, whole(taken.archive).size());
    QVERIFY(!whole(taken.archive).contains("TOP-SECRET"));

    const auto entries = readArchive(taken.archive);
    const qsizetype a = entries["home/src/a"].content.size();
    const qsizetype b = entries["home/src/b"].content.size();
    QVERIFY2(a > 0 && (a == b || a == b + 2), qPrintable(u"%1 %2"_s.arg(a).arg(b)));
    const auto processes = parseJson(entries[".parapet/processes.json"].content);
    QVERIFY(processes);
    QVERIFY((*processes)[u"items"_s].toArray().size() >= 3);
    const auto state = parseJson(entries[".parapet/state.json"].content);
    QVERIFY(state);
    QCOMPARE((*state)[u"frozen"_s].toBool(), true);
    QVERIFY(parseJson(entries[".parapet/flows.json"].content));

    TRY_REAL(!fixture.host->state(m_id).frozen);
    const qint64 size = fixture.size(m_id.value, u"src/a"_s);
    TRY_REAL(fixture.size(m_id.value, u"src/a"_s) > size);
}

void TestHostSnapshot::leavesTheFrozenFrozen()
{
    const HostFixture fixture;
    QVERIFY(fixture.host->start(fixture.launch(m_id.value, "echo x >a; exec tail -f /dev/null")));
    TRY_REAL(fixture.size(m_id.value, u"a"_s) == 2);
    QVERIFY(fixture.host->setFrozen(m_id, true));
    TRY_REAL(fixture.host->state(m_id).frozen);
    QVERIFY(take(fixture, m_id, u"snap-1"_s).snapshot.complete);
    QVERIFY(fixture.host->state(m_id).frozen);
}

void TestHostSnapshot::readsWhatHasEnded()
{
    const HostFixture fixture;
    QVERIFY(fixture.host->start(fixture.launch(m_id.value, "echo evidence >a; exit 0")));
    TRY_REAL(fixture.exits().size() == 1);
    const Taken taken = take(fixture, m_id, u"snap-1"_s);
    QVERIFY2(taken.snapshot.complete, qPrintable(taken.snapshot.failure));
    QCOMPARE(readArchive(taken.archive)["home/a"].content, "evidence\n");
}

void TestHostSnapshot::readsWhatAnEarlierPlaneLeft()
{
    const HostFixture fixture;
    QVERIFY(QDir().mkpath(fixture.home(m_id.value)));
    QFile left(fixture.home(m_id.value) + u"/a"_s);
    QVERIFY(left.open(QIODevice::WriteOnly) && left.write("evidence\n") == 9);
    left.close();
    QVERIFY(QDir().mkpath(fixture.home(m_id.value) + u"/src/empty"_s));
    QVERIFY(QFile::link(u"/etc/shadow"_s, fixture.home(m_id.value) + u"/src/link"_s));
    std::atomic<int> complete = -1;
    Snapshot told;
    const SnapshotId snapshot(u"snap-1"_s);
    const QString folder = fixture.folder.filePath(u"evidence"_s);
    const auto done = [&](const Snapshot &taken) {
        told = taken;
        complete = taken.complete;
    };
    QVERIFY(fixture.host->takeSnapshot({m_id, snapshot, folder, fixture.home(m_id.value)}, done));
    TRY_REAL(complete >= 0);
    QCOMPARE(complete, 1);
    const auto entries = readArchive(QFile::encodeName(plane::RuntimeHost::archivePath(folder, snapshot)));
    QCOMPARE(entries["home/a"].content, "evidence\n");
    const auto state = parseJson(entries[".parapet/state.json"].content);
    QVERIFY(state);
    QCOMPARE((*state)[u"exists"_s].toBool(true), false);
    // What is told of it is so, and each line of the manifest is what the archive holds.
    const QByteArray manifest = whole(QFile::encodeName(plane::RuntimeHost::manifestPath(folder, snapshot)));
    const QByteArray archive = whole(QFile::encodeName(plane::RuntimeHost::archivePath(folder, snapshot)));
    QCOMPARE(told.manifestSha256, crypto::sha256Hex(manifest));
    QCOMPARE(told.archiveSha256, crypto::sha256Hex(archive));
    QCOMPARE(told.bytes, archive.size());
    qint64 lines = 0;
    for (const QByteArray &line : manifest.split('\n')) {
        if (line.isEmpty())
            continue;
        ++lines;
        const auto entry = parseJson(line);
        QVERIFY2(entry, line.constData());
        const QByteArray path = (*entry)[u"path"_s].toString().toUtf8();
        QVERIFY2(entries.contains(path), path.constData());
        const QString kind = (*entry)[u"mode"_s].toString();
        const QByteArray content = kind.startsWith(u"100"_s) ? entries[path].content : kind.startsWith(u"120"_s) ? entries[path].link : QByteArray();
        QCOMPARE((*entry)[u"size"_s].toInteger(), content.size());
        QCOMPARE((*entry)[u"sha256"_s].toString(), kind.startsWith(u"4"_s) ? QString() : QString(crypto::sha256Hex(content)));
    }
    QCOMPARE(lines, told.files);
    QCOMPARE(entries["home/src/link"].link, "/etc/shadow"); // as a link, never what it leads to
    QVERIFY(!fixture.host->takeSnapshot({m_id, snapshot, folder, fixture.home(u"nowhere"_s)}, done));
}

void TestHostSnapshot::saysWhyNot()
{
    HostFixture::adjustment = [](plane::RuntimeHost::Options &options) { options.snapshotFiles = 20; };
    const HostFixture fixture;
    HostFixture::adjustment = nullptr;
    QVERIFY(fixture.host->start(fixture.launch(
        m_id.value,
        "i=0; while [ $i -lt 50 ]; do echo x >$i; i=$((i + 1)); done; echo done >done; exec tail -f /dev/null")));
    TRY_REAL(fixture.size(m_id.value, u"done"_s) == 5);
    const Taken taken = take(fixture, m_id, u"snap-1"_s);
    QVERIFY(taken.started);
    QVERIFY(!taken.snapshot.complete);
    QVERIFY(taken.snapshot.failure.contains("20"_L1));
    QVERIFY(taken.snapshot.archiveSha256.isEmpty());
    QVERIFY(!QFile::exists(QFile::decodeName(taken.archive)) && !QFile::exists(QFile::decodeName(taken.manifest)));
    TRY_REAL(!fixture.host->state(m_id).frozen);
    QVERIFY(!take(fixture, m_id, u"../snap"_s).started);
}

void TestHostSnapshot::destructionWhileReading()
{
    std::atomic<int> answers = 0;
    HostFixture fixture;
    QVERIFY(fixture.host->start(
        fixture.launch(m_id.value, "head -c 50000000 /dev/zero >a; echo x >done; exec tail -f /dev/null")));
    TRY_REAL(fixture.size(m_id.value, u"done"_s) == 2);
    for (int i = 0; i < 3; ++i)
        QVERIFY(
            fixture.host->takeSnapshot({m_id, SnapshotId(u"snap-%1"_s.arg(i)), fixture.folder.filePath(u"evidence"_s)},
                                       [&](const Snapshot &) { ++answers; }));
    fixture.host.reset();
    QCOMPARE(answers, 3);
}

QTEST_GUILESS_MAIN(TestHostSnapshot)
#include "tst_hostsnapshot.moc"
