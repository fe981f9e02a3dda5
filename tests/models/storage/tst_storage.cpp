// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/auditevent.h"
#include "models/domain/lease.h"
#include "models/domain/session.h"
#include "models/domain/snapshot.h"
#include "models/domain/workspace.h"
#include "models/storage/fieldrow.h"
#include "models/storage/migrations.h"
#include "models/storage/postgresqltext.h"
#include "tests/support/postgresserver.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::storage;

class TestStorage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { support::DatabasePlaces::addEngines(); }
    void init()
    {
        m_location = m_places.fresh();
        QVERIFY(!m_location.isEmpty());
    }
    void makesAPrivateFile();
    void refusesWhatIsNoDatabase();
    void keepsEachKindOfValue();
    void keepsTextWithZeroes();
    void rollsBackWithoutACommit();
    void rollsBackToASavepoint();
    void tellsConstraintsAsErrors();
    void cachesStatements();
    void readsBesideAWriter();
    void readersCannotWrite();
    void migratesStepByStep();
    void leavesAFailedStepUndone();
    void refusesANewerFile();
    void keepsDomainValues_data();
    void keepsDomainValues();
    void refusesUnknownNames();
    void onlyOneWrites();
    void keepsRowsThatAnotherStatementInterrupts();
    void survivesAnAbandonedScan();
    void spellsSqlForTheServer_data();
    void spellsSqlForTheServer();
    void tellsWhyTheServerIsNotReached();

private:
    std::unique_ptr<Database> open(Database::Mode mode = Database::Mode::ReadWrite)
    {
        auto database = Database::open(m_location, mode);
        return database ? std::move(*database) : nullptr;
    }
    template<class T> void roundTrip(const T &value, const char *columns);

    support::DatabasePlaces m_places;
    QString m_location;
};

void TestStorage::makesAPrivateFile()
{
    if (m_places.isServer())
        return; // the server keeps its own files
    const auto database = open();
    QVERIFY(database);
    QVERIFY(database->execute("CREATE TABLE t(a INTEGER)"));
    const auto others = QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther;
    for (const QString &name : {u"a.sqlite"_s, u"a.sqlite-wal"_s, u"a.sqlite-shm"_s}) {
        QVERIFY(QFile::exists(QFileInfo(m_location).dir().filePath(name)));
        QVERIFY(!(QFile::permissions(QFileInfo(m_location).dir().filePath(name)) & others));
    }
}

void TestStorage::refusesWhatIsNoDatabase()
{
    if (m_places.isServer())
        return;
    QFile file(m_location);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(8192, 'x'));
    file.close();
    const auto opened = Database::open(file.fileName());
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, Error::Code::Storage);
    QVERIFY(opened.error().message.contains(u"damaged"_s));
    QVERIFY(!Database::open(m_location + u"/b.sqlite"_s));
    QVERIFY(!Database::open(m_location + u".none"_s, Database::Mode::ReadOnly));
}

void TestStorage::keepsEachKindOfValue()
{
    const auto database = open();
    QVERIFY(database->execute(database->schema("CREATE TABLE t(i INTEGER, r REAL, t TEXT, b BLOB, n TEXT)").constData()));
    auto insert = database->prepare("INSERT INTO t VALUES(?,?,?,?,?)");
    QVERIFY(insert);
    insert->bind(1, std::numeric_limits<qint64>::min()).bind(2, 0.1).bind(3, u"žluťoučký 🐎"_s).bindBlob(4, QByteArray("\0\xff", 2)).bindNull(5);
    QVERIFY(insert->run());
    QCOMPARE(database->changes(), 1);
    auto row = database->prepare("SELECT * FROM t");
    QVERIFY(row->step().value());
    QCOMPARE(row->columns(), 5);
    QCOMPARE(row->integer(0), std::numeric_limits<qint64>::min());
    QCOMPARE(row->real(1), 0.1);
    QCOMPARE(row->text(2), u"žluťoučký 🐎"_s);
    QCOMPARE(row->blob(3), QByteArray("\0\xff", 2));
    QVERIFY(row->isNull(4));
    QVERIFY(!row->step().value());
}

void TestStorage::keepsTextWithZeroes()
{
    const auto database = open();
    QVERIFY(database->execute(database->schema("CREATE TABLE t(t TEXT NOT NULL, b BLOB NOT NULL)").constData()));
    const QString text = u"a\0b"_s;
    auto insert = database->prepare("INSERT INTO t VALUES(?,?)");
    QVERIFY(insert->bind(1, text).bindBlob(2, {}).run()); // empty is a value, not NULL
    auto row = database->prepare("SELECT t,b FROM t");
    QVERIFY(row->step().value());
    QCOMPARE(row->text(0), m_places.isServer() ? u"a\u2400b"_s : text); // what the server cannot hold is made visible
    QVERIFY(!row->isNull(1));
    QVERIFY(row->blob(1).isEmpty());
}

void TestStorage::rollsBackWithoutACommit()
{
    const auto database = open();
    QVERIFY(database->execute("CREATE TABLE t(a INTEGER)"));
    {
        auto transaction = Transaction::begin(*database);
        QVERIFY(transaction);
        QVERIFY(database->inTransaction());
        QVERIFY(database->execute("INSERT INTO t VALUES(1)"));
    }
    QVERIFY(!database->inTransaction());
    {
        auto transaction = Transaction::begin(*database);
        QVERIFY(database->execute("INSERT INTO t VALUES(2)"));
        QVERIFY(transaction->commit());
    }
    auto row = database->prepare("SELECT COUNT(*),SUM(a) FROM t");
    QVERIFY(row->step().value());
    QCOMPARE(row->integer(0), 1);
    QCOMPARE(row->integer(1), 2);
}

void TestStorage::rollsBackToASavepoint()
{
    const auto database = open();
    QVERIFY(database->execute("CREATE TABLE t(a INTEGER)"));
    auto transaction = Transaction::begin(*database);
    for (int i = 0; i < 4; ++i) {
        auto savepoint = Savepoint::begin(*database);
        QVERIFY(savepoint);
        QVERIFY(database->execute(("INSERT INTO t VALUES(" + QByteArray::number(i) + ")").constData()));
        if (i % 2 == 0)
            QVERIFY(savepoint->release());
    }
    QVERIFY(transaction->commit());
    auto row = database->prepare("SELECT COUNT(*),SUM(a) FROM t");
    QVERIFY(row->step().value());
    QCOMPARE(row->integer(0), 2);
    QCOMPARE(row->integer(1), 2); // 0 and 2
}

void TestStorage::tellsConstraintsAsErrors()
{
    const auto database = open();
    QVERIFY(database->execute("CREATE TABLE t(a TEXT PRIMARY KEY); INSERT INTO t VALUES('secret value')"));
    auto insert = database->prepare("INSERT INTO t VALUES(?)");
    const Status again = insert->bind(1, u"secret value"_s).run();
    QVERIFY(!again);
    QCOMPARE(again.error().code, Error::Code::Storage);
    QVERIFY(!again.error().isTransient());
    QVERIFY(!again.error().detail.contains(u"secret value"_s));
    QVERIFY(!database->execute("SELECT nonsense"));
    auto broken = database->prepare("SELEKT 1", false);
    QVERIFY(!broken || !broken->step());
    auto outOfRange = database->prepare("SELECT CAST(? AS BIGINT)");
    QVERIFY(!outOfRange->bind(2, qint64(1)).step());
    // It goes on after each of them.
    auto row = database->prepare("SELECT COUNT(*) FROM t");
    QVERIFY(row->step().value());
    QCOMPARE(row->integer(0), 1);
}

void TestStorage::cachesStatements()
{
    const auto database = open();
    for (qint64 i = 0; i < 3; ++i) {
        auto row = database->prepare("SELECT CAST(? AS BIGINT)");
        row->bindNull(1);
        QVERIFY(row->step().value());
        QVERIFY(row->isNull(0));
        row->reset();
        row->bind(1, i);
        QVERIFY(row->step().value());
        QCOMPARE(row->integer(0), i);
    }
}

void TestStorage::readsBesideAWriter()
{
    const auto writer = open();
    QVERIFY(writer->execute("CREATE TABLE t(a INTEGER); INSERT INTO t VALUES(1)"));
    const auto reader = open(Database::Mode::ReadOnly);
    QVERIFY(reader);
    auto transaction = Transaction::begin(*writer);
    QVERIFY(writer->execute("INSERT INTO t VALUES(2)"));
    auto count = reader->prepare("SELECT COUNT(*) FROM t");
    QVERIFY(count->step().value());
    QCOMPARE(count->integer(0), 1); // not what is not committed
    count->reset();
    QVERIFY(transaction->commit());
    QVERIFY(count->step().value());
    QCOMPARE(count->integer(0), 2);
    count->reset();
    QVERIFY(writer->checkpoint());
    if (!m_places.isServer())
        QCOMPARE(QFile(m_location + u"-wal"_s).size(), 0);
}

void TestStorage::readersCannotWrite()
{
    QVERIFY(open()->execute("CREATE TABLE t(a INTEGER)"));
    const auto reader = open(Database::Mode::ReadOnly);
    QVERIFY(!reader->execute("INSERT INTO t VALUES(1)"));
}

void TestStorage::migratesStepByStep()
{
    const char *const steps[] = {"CREATE TABLE a(x INTEGER); INSERT INTO a VALUES(1)", "ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 5"};
    {
        const auto database = open();
        QCOMPARE(schemaVersion(*database).value(), 0);
        QVERIFY(migrate(*database, std::span(steps).first(1)));
        QCOMPARE(schemaVersion(*database).value(), 1);
    }
    const auto database = open();
    QVERIFY(migrate(*database, steps));
    QVERIFY(migrate(*database, steps)); // nothing left to do
    QCOMPARE(schemaVersion(*database).value(), 2);
    auto row = database->prepare("SELECT x,y FROM a");
    QVERIFY(row->step().value());
    QCOMPARE(row->integer(1), 5);
    QVERIFY(!row->step().value());
}

void TestStorage::leavesAFailedStepUndone()
{
    const auto database = open();
    const char *const steps[] = {"CREATE TABLE a(x INTEGER)", "CREATE TABLE b(x INTEGER); CREATE TABLE a(x INTEGER)"};
    QVERIFY(!migrate(*database, steps));
    QCOMPARE(schemaVersion(*database).value(), 1);
    QVERIFY(!database->inTransaction());
    QVERIFY(database->execute("SELECT * FROM a"));
    QVERIFY(!database->execute("SELECT * FROM b"));
}

void TestStorage::refusesANewerFile()
{
    const auto database = open();
    QCOMPARE(schemaVersion(*database).value(), 0);
    QVERIFY(database->execute(m_places.isServer() ? "INSERT INTO schema_version VALUES(7)" : "PRAGMA user_version=7"));
    const char *const steps[] = {"CREATE TABLE a(x INTEGER)"};
    const Status migrated = migrate(*database, steps);
    QVERIFY(!migrated);
    QVERIFY(migrated.error().message.contains(u"newer"_s));
    QCOMPARE(schemaVersion(*database).value(), 7);
}

/// A value whose every member differs from its default, by the field table alone.
template<class T>
T differentFromDefault()
{
    T value;
    int number = 3;
    for (const Field<T> &field : fieldsOf<T>()) {
        ++number;
        const FieldValue now = field.get(value);
        if (!field.values.empty())
            field.set(value, QString::fromLatin1(field.values.back()));
        else if (std::holds_alternative<QString>(now))
            field.set(value, u"text-%1"_s.arg(number));
        else if (std::holds_alternative<Untrusted>(now))
            field.set(value, Untrusted(u"hostile \u202e'; DROP TABLE t; -- %1"_s.arg(number)));
        else if (std::holds_alternative<qint64>(now))
            field.set(value, qint64(number));
        else if (std::holds_alternative<double>(now))
            field.set(value, double(number) / 8);
        else if (std::holds_alternative<bool>(now))
            field.set(value, !std::get<bool>(now));
        else
            field.set(value, Instant(Milliseconds(1773754891000 + number)));
    }
    return value;
}

template<class T>
void TestStorage::roundTrip(const T &value, const char *table)
{
    const auto database = open();
    QByteArray columns;
    for (const Field<T> &field : fieldsOf<T>()) {
        const bool whole = field.number && field.kind != FieldKind::Enumeration;
        const char *type = whole ? " INTEGER" : field.text || field.number ? " TEXT" : " REAL";
        columns += (columns.isEmpty() ? "\"" : ",\"") + QByteArray(field.name) + '"' + type + (columns.isEmpty() ? " PRIMARY KEY" : "");
    }
    QVERIFY(database->execute(database->schema(("CREATE TABLE " + QByteArray(table) + '(' + columns + ')').constData()).constData()));
    const QByteArray sql = upsertSql<T>(table);
    for (int turn = 0; turn < 2; ++turn) { // inserted, then replaced
        auto insert = database->prepare(sql, false);
        QVERIFY(insert);
        bindRow(*insert, value);
        QVERIFY(insert->run());
    }
    auto rows = database->prepare(selectSql<T>(table), false);
    QVERIFY(rows->step().value());
    const Result<T> read = readRow<T>(*rows);
    QVERIFY(read);
    for (const Field<T> &field : fieldsOf<T>())
        QVERIFY2(field.get(*read) == field.get(value), field.name);
    QVERIFY(!rows->step().value());
}

void TestStorage::keepsDomainValues_data()
{
    QTest::addColumn<int>("kind");
    const char *const names[] = {"workspace", "session", "lease", "principal", "snapshot", "event"};
    for (int kind = 0; kind < 12; ++kind)
        QTest::addRow("%s, %s", names[kind / 2], kind % 2 ? "all different" : "default") << kind;
}

void TestStorage::keepsDomainValues()
{
    QFETCH(int, kind);
    const bool different = kind % 2;
    switch (kind / 2) {
    case 0: return roundTrip(different ? differentFromDefault<Workspace>() : Workspace(), "a");
    case 1: return roundTrip(different ? differentFromDefault<Session>() : Session(), "b");
    case 2: return roundTrip(different ? differentFromDefault<Lease>() : Lease(), "c");
    case 3: return roundTrip(different ? differentFromDefault<Principal>() : Principal(), "d");
    case 4: return roundTrip(different ? differentFromDefault<Snapshot>() : Snapshot(), "e");
    case 5: return roundTrip(different ? differentFromDefault<AuditEvent>() : AuditEvent(), "f");
    }
}

void TestStorage::refusesUnknownNames()
{
    const auto database = open();
    auto row = database->prepare(R"(SELECT 'id','name','robot','team','',CAST(0 AS BIGINT),CAST(1 AS BIGINT))", false);
    QVERIFY(row->step().value());
    const Result<Principal> read = readRow<Principal>(*row);
    QVERIFY(!read);
    QVERIFY(read.error().detail.contains(u"kind"_s));
}

void TestStorage::onlyOneWrites()
{
    if (!m_places.isServer())
        return; // a file's readers and writers wait for each other; the data folder's lock keeps a second plane away
    const auto first = open();
    QVERIFY(first);
    const auto second = Database::open(m_location);
    QVERIFY(!second);
    QVERIFY2(second.error().message.contains(u"in use"_s), qPrintable(second.error().message));
    QVERIFY(open(Database::Mode::ReadOnly)); // readers come in
}

void TestStorage::keepsRowsThatAnotherStatementInterrupts()
{
    const auto database = open();
    QVERIFY(database->execute("CREATE TABLE t(a INTEGER); INSERT INTO t VALUES(1),(2),(3)"));
    auto outer = database->prepare("SELECT a FROM t ORDER BY a");
    QVector<qint64> seen;
    while (outer->step().value()) {
        seen << outer->integer(0);
        auto inner = database->prepare("SELECT SUM(a) FROM t WHERE a<=?");
        QVERIFY(inner->bind(1, seen.last()).step().value());
        QCOMPARE(inner->integer(0), seen.last() * (seen.last() + 1) / 2);
    }
    QCOMPARE(seen, QVector<qint64>({1, 2, 3}));
}

void TestStorage::survivesAnAbandonedScan()
{
    const auto database = open();
    QVERIFY(database->execute("CREATE TABLE t(a INTEGER)"));
    {
        auto transaction = Transaction::begin(*database);
        auto insert = database->prepare("INSERT INTO t VALUES(?)");
        for (qint64 i = 0; i < 5000; ++i)
            QVERIFY(insert->bind(1, i).run());
        QVERIFY(transaction->commit());
    }
    {
        auto scan = database->prepare("SELECT x.a FROM t x, t y");
        QVERIFY(scan->step().value()); // 25 million rows that nobody reads
    }
    auto count = database->prepare("SELECT COUNT(*) FROM t");
    QVERIFY(count->step().value());
    QCOMPARE(count->integer(0), 5000);
}

void TestStorage::spellsSqlForTheServer_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QByteArray>("marks");
    QTest::addColumn<QByteArray>("schema");
    const auto row = [](const char *name, const char *sql, const char *marks, const char *schema) {
        QTest::newRow(name) << QByteArray(sql) << QByteArray(marks) << QByteArray(schema);
    };
    row("marks in order", "a=? AND b=?", "a=$1 AND b=$2", "a=? AND b=?");
    row("numbered marks", "a=?2 AND b=?1 AND c=?2", "a=$2 AND b=$1 AND c=$2", "a=?2 AND b=?1 AND c=?2");
    row("marks in text", R"('it''s ?' "who?" ?)", R"('it''s ?' "who?" $1)", R"('it''s ?' "who?" ?)");
    row("text without an end", "'?", "'?", "'?");
    row("types", R"("a" INTEGER,"TEXT" TEXT,b BLOB,r REAL)", R"("a" INTEGER,"TEXT" TEXT,b BLOB,r REAL)",
        R"("a" BIGINT,"TEXT" TEXT COLLATE "C",b BYTEA,r DOUBLE PRECISION)");
    row("only whole words", "INTEGERS TEXTURE", "INTEGERS TEXTURE", "INTEGERS TEXTURE");
    row("comments", "a -- it's TEXT\n,b TEXT", "a -- it's TEXT\n,b TEXT", "a \n,b TEXT COLLATE \"C\"");
}

void TestStorage::spellsSqlForTheServer()
{
    QFETCH(QByteArray, sql);
    QTEST(postgresqlMarks(sql), "marks");
    QTEST(postgresqlSchema(sql), "schema");
}

void TestStorage::tellsWhyTheServerIsNotReached()
{
    const auto nobody = Database::open(u"postgresql:///nothing?host=/nonexistent&password=geheim"_s);
    QVERIFY(!nobody);
    QVERIFY2(nobody.error().message.contains(u"reached"_s), qPrintable(nobody.error().message));
    QVERIFY(!nobody.error().detail.contains(u"geheim"_s));
}

QTEST_GUILESS_MAIN(TestStorage)
#include "tst_storage.moc"
