// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/auditmodel.h"
#include "models/query/predicate.h"
#include "tests/support/provenlog.h"
#include "tests/support/waiting.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::support;
using namespace Qt::StringLiterals;

namespace {

struct Store {
    explicit Store(qint64 events) : log(system)
    {
        system.audit.matches = [this](const AuditEvent &event, const QString &filter) {
            const auto predicate = query::predicateFrom<AuditEvent>(filter);
            return predicate && predicate->matches(event, system.world.clock.now());
        };
        log.grow(events);
        watch = system.control.watch();
    }
    bool show(AuditModel &model, int rows)
    {
        model.setQuery({});
        model.setSystem(&system.audit, watch.get());
        return waitUntil([&] { return model.rowCount() == rows && model.rowAt(0); });
    }
    QVariant at(const AuditModel &model, int row, const char *field, int role = Qt::DisplayRole) const
    {
        return model.index(row, AuditModel::columnOf(QLatin1String(field))).data(role);
    }
    Proof proof(const AuditModel &model, int row) const { return Proof(model.index(row, 0).data(ProofRole).toInt()); }

    FakeSystem system;
    ProvenLog log;
    std::unique_ptr<Watch> watch;
    QTemporaryDir folder;
};

} // namespace

class TestAuditModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rowsAreNewestFirst();
    void columnsAreTheFieldTableAndTheProof();
    void rowsAreProvenAsTheyCome();
    void anAlteredRowIsMarked();
    void withoutAFollowerNothingIsClaimed();
    void newEventsComeAndReadsDoNot();
    void aTableThatNobodySeesAsksForNothing();
    void sortingGoesToTheSource();
    void gapsAreMarkedAtTheRowAfterThem();
    void copiesAreSafe();
    void valuesLeadToFilters_data();
    void valuesLeadToFilters();
};

void TestAuditModel::rowsAreNewestFirst()
{
    Store store(250);
    AuditModel model(store.system.world.clock);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QVERIFY(store.show(model, 250));
    QCOMPARE(store.at(model, 0, "index", CopyRole).toString(), u"249"_s);
    QCOMPARE(model.total(), Count::exactly(250));
    (void)store.at(model, 249, "index");
    QTRY_VERIFY(model.rowAt(249));
    QCOMPARE(model.rowAt(249)->index, 0);
}

void TestAuditModel::columnsAreTheFieldTableAndTheProof()
{
    Store store(3);
    AuditModel model(store.system.world.clock);
    QVERIFY(store.show(model, 3));
    QCOMPARE(model.columnCount(), int(fieldsOf<AuditEvent>().size()) + 1);
    QCOMPARE(model.headerData(0, Qt::Horizontal, FieldNameRole).toString(), u"proof"_s);
    for (int i = 1; i < model.columnCount(); ++i)
        QCOMPARE(model.headerData(i, Qt::Horizontal, FieldNameRole).toString(), QLatin1String(fieldsOf<AuditEvent>()[size_t(i - 1)].name));
    QCOMPARE(store.at(model, 0, "actorName", ActorsRole).toInt(), int(HumanActor));
    QCOMPARE(store.at(model, 0, "outcome", SeverityRole).toInt(), int(Severity::None));
    QVERIFY(!store.at(model, 0, "time").toString().isEmpty());
    QVERIFY(store.at(model, 0, "time", Qt::ToolTipRole).toString().endsWith(u"UTC"_s));
    QVERIFY(!model.headerData(99, Qt::Horizontal, Qt::DisplayRole).isValid());
    QVERIFY(!model.headerData(0, Qt::Vertical, Qt::DisplayRole).isValid());
}

void TestAuditModel::rowsAreProvenAsTheyCome()
{
    Store store(250);
    fleet::LogFollower follower(store.folder.path(), store.system.world.clock);
    AuditModel model(store.system.world.clock);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setFollower(&follower);
    QVERIFY(store.show(model, 250));
    QCOMPARE(store.proof(model, 0), Proof::Unchecked);
    follower.setSystem(&store.system.audit, store.watch.get(), u"ca"_s, store.log.key());
    QTRY_COMPARE(follower.state(), fleet::LogState::Verified);
    model.checkHeld();
    QTRY_COMPARE(store.proof(model, 0), Proof::Verified);
    QTRY_COMPARE(store.proof(model, 99), Proof::Verified);
    (void)store.at(model, 240, "index");
    QTRY_COMPARE(store.proof(model, 240), Proof::Verified); // proven when its page came
    QVERIFY(!model.index(0, 0).data(FailedRole).toBool());
    store.log.signedSize = 250;
    store.log.append();
    QTRY_COMPARE(model.rowCount(), 251);
    QTRY_COMPARE(store.proof(model, 0), Proof::Pending);
    QTRY_COMPARE(store.proof(model, 1), Proof::Verified);
}

void TestAuditModel::anAlteredRowIsMarked()
{
    Store store(50);
    fleet::LogFollower follower(store.folder.path(), store.system.world.clock);
    AuditModel model(store.system.world.clock);
    model.setFollower(&follower);
    follower.setSystem(&store.system.audit, store.watch.get(), u"ca"_s, store.log.key());
    QTRY_COMPARE(follower.state(), fleet::LogState::Verified);
    store.system.audit.alter = [](AuditEvent &event) {
        if (event.index == 47)
            event.outcome = Outcome::Failure;
    };
    QVERIFY(store.show(model, 50));
    QTRY_COMPARE(store.proof(model, 2), Proof::Broken);
    QVERIFY(model.index(2, 3).data(FailedRole).toBool());
    QCOMPARE(store.proof(model, 3), Proof::Verified);
    QTRY_VERIFY(!model.index(2, 0).data(Qt::ToolTipRole).toString().isEmpty());
    QCOMPARE(store.at(model, 2, "outcome", SeverityRole).toInt(), int(Severity::Medium));
}

void TestAuditModel::withoutAFollowerNothingIsClaimed()
{
    Store store(5);
    AuditModel model(store.system.world.clock);
    QVERIFY(store.show(model, 5));
    QCOMPARE(store.proof(model, 0), Proof::Unchecked);
    QVERIFY(!model.index(0, 0).data(FailedRole).toBool());
}

void TestAuditModel::newEventsComeAndReadsDoNot()
{
    Store store(5);
    AuditModel model(store.system.world.clock);
    QVERIFY(store.show(model, 5));
    const int before = store.system.audit.script.count(u"events"_s);
    store.log.append(u"event.list"_s);
    store.log.append(u"workspace.stop"_s);
    QTRY_COMPARE(model.rowCount(), 7);
    QCOMPARE(store.system.audit.script.count(u"events"_s), before + 1);
    store.log.append(u"workspace.read"_s);
    QCoreApplication::sendPostedEvents();
    QCOMPARE(store.system.audit.script.count(u"events"_s), before + 1);
}

void TestAuditModel::aTableThatNobodySeesAsksForNothing()
{
    Store store(5);
    AuditModel model(store.system.world.clock);
    QVERIFY(store.show(model, 5));
    model.setLive(false);
    const int before = store.system.audit.script.count(u"events"_s);
    store.log.append();
    QCoreApplication::sendPostedEvents();
    QCOMPARE(store.system.audit.script.count(u"events"_s), before);
    model.setLive(true);
    QTRY_COMPARE(model.rowCount(), 6);
}

void TestAuditModel::sortingGoesToTheSource()
{
    Store store(30);
    AuditModel model(store.system.world.clock);
    QVERIFY(store.show(model, 30));
    model.sort(0, Qt::AscendingOrder); // the proof has no order
    QVERIFY(model.query().sort.isEmpty());
    model.sort(AuditModel::columnOf(QLatin1String("index")), Qt::AscendingOrder);
    QCOMPARE(model.query().sort, u"index"_s);
    QTRY_VERIFY(model.rowAt(0) && model.rowAt(0)->index == 0);
}

void TestAuditModel::gapsAreMarkedAtTheRowAfterThem()
{
    Store store(5);
    store.log.skipped = 4;
    store.log.append(); // number 10 after number 5
    AuditModel model(store.system.world.clock);
    QVERIFY(store.show(model, 6));
    QCOMPARE(store.at(model, 0, "originSequence", SeverityRole).toInt(), int(Severity::None));
    model.setGaps({{u"control"_s, 6, 9}});
    QCOMPARE(store.at(model, 0, "originSequence", SeverityRole).toInt(), int(Severity::Medium));
    QVERIFY(store.at(model, 0, "originSequence", Qt::ToolTipRole).toString().contains(u"4"_s));
    QCOMPARE(store.at(model, 1, "originSequence", SeverityRole).toInt(), int(Severity::None));
}

void TestAuditModel::copiesAreSafe()
{
    Store store(1);
    store.system.world.events.first().target = Untrusted(u"=cmd|' /C calc'!A0\u202e\t"_s);
    AuditModel model(store.system.world.clock);
    QVERIFY(store.show(model, 1));
    const QString row = model.index(0, 0).data(CopyRole).toString();
    QVERIFY(row.contains(u"'=cmd"_s));
    QVERIFY(!row.contains(QChar(0x202e)));
    QVERIFY(!store.at(model, 0, "target").toString().contains(QChar(0x202e)));
}

void TestAuditModel::valuesLeadToFilters_data()
{
    QTest::addColumn<QString>("target");
    QTest::newRow("plain") << u"ws-1"_s;
    QTest::newRow("blanks") << u"a b"_s;
    QTest::newRow("quotes") << u"say \"x\", (y) \\ z"_s;
    QTest::newRow("words") << u"OR"_s;
    QTest::newRow("comma") << u"a,b"_s;
    QTest::newRow("controls") << u"a\u202eb"_s;
}

void TestAuditModel::valuesLeadToFilters()
{
    QFETCH(QString, target);
    AuditEvent event;
    event.index = 7;
    event.time = Instant(std::chrono::seconds(1'773'754'891));
    event.target = Untrusted(target);
    const QString filter = filterByValue(event, u"target"_s);
    const auto predicate = query::predicateFrom<AuditEvent>(filter);
    QVERIFY2(predicate, qPrintable(filter));
    QVERIFY(predicate->matches(event, {}));
    AuditEvent other = event;
    other.target = Untrusted(u"another"_s);
    QVERIFY(!predicate->matches(other, {}));
    QVERIFY(filterByValue(event, u"workspace"_s).isEmpty()); // nothing to share
    QVERIFY(filterByValue(event, u"nonsense"_s).isEmpty());
    const auto around = query::predicateFrom<AuditEvent>(filterAround(event, std::chrono::minutes(5)));
    QVERIFY(around && around->matches(event, {}));
    other.time += std::chrono::minutes(6);
    QVERIFY(!around->matches(other, {}));
}

QTEST_GUILESS_MAIN(TestAuditModel)
#include "tst_auditmodel.moc"
