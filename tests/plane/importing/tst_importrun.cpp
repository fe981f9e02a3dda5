// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/importing/importrun.h"
#include "app/plane/importing/linereader.h"
#include "models/core/json.h"
#include "models/formats/jsonmapping.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QJsonObject>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <fcntl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::plane;

namespace {

QByteArray appLine(int n)
{
    return "{\"t\":" + QByteArray::number(1773754891 + n) + ",\"a\":\"app.event\",\"u\":\"u-" + QByteArray::number(n % 7) + "\"}\n";
}

} // namespace

class TestImportRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void readsLines_data();
    void readsLines();
    void importsAndAddsUp();
    void theSameFileIsImportedOnce();
    void aFileThatGrewGoesOn();
    void anUnfinishedLineIsReadAgain();
    void linesBehindTheLastCommitLeaveTheAsideFile();
    void otherFilesThatBeginAlikeAreOthers();
    void refusesWhatIsNoFile();

private:
    std::unique_ptr<Store> open();
    Result<ImportReport> run(Store &store, const QString &name = u"app.log"_s, int batch = 16);
    void write(const QByteArray &bytes, const QString &name = u"app.log"_s)
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }
    QString path(const QString &name) const { return m_folder->filePath(name); }
    static qint64 countOf(Store &store, const QString &origin = u"import:json"_s)
    {
        qint64 last = 0;
        (void)store.perform([&](Unit &) { last = store.log().lastOf(origin); });
        return last;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestImportRun::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

std::unique_ptr<Store> TestImportRun::open()
{
    Store::Options options;
    options.path = path(u"plane.sqlite"_s);
    options.origin = u"test"_s;
    options.check = LogCheck::Whole; // each opening proves what was imported
    auto store = Store::open(std::move(options));
    return store ? std::move(*store) : nullptr;
}

Result<ImportReport> TestImportRun::run(Store &store, const QString &name, int batch)
{
    ImportRun::Options options;
    options.asideFolder = path(u"imports"_s);
    options.origin = u"import:json"_s;
    options.by = u"tester"_s;
    options.batch = batch;
    const auto mapping = formats::JsonMapping::fromJson(
        R"({"fields":{"time":{"pointer":"/t","format":"epoch-seconds"},"action":{"pointer":"/a"},"actor":{"pointer":"/u"}}})");
    const auto importer = formats::makeJsonImporter(*mapping);
    return ImportRun(store, options).importFile(path(name), *importer);
}

void TestImportRun::readsLines_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QList<qint64>>("lengths");
    const qint64 most = formats::longestLine;
    QTest::newRow("nothing") << QByteArray() << QList<qint64>{};
    QTest::newRow("one") << QByteArray("a\n") << QList<qint64>{1};
    QTest::newRow("no break") << QByteArray("a\nbc") << QList<qint64>{1, 2};
    QTest::newRow("blank") << QByteArray("\n\r\n\n") << QList<qint64>{0, 0, 0};
    QTest::newRow("longest") << QByteArray(most, 'x') + "\ny\n" << QList<qint64>{most, 1};
    QTest::newRow("too long") << QByteArray(most + 1, 'x') + "\ny\n" << QList<qint64>{most + 1, 1};
    QTest::newRow("much too long") << QByteArray(5 * most, 'x') + "\ny" << QList<qint64>{5 * most, 1};
    QTest::newRow("endless") << QByteArray(5 * most, 'x') << QList<qint64>{5 * most};
    QTest::newRow("many") << QByteArray("abc\n").repeated(800'000) << QList<qint64>(800'000, 3);
}

void TestImportRun::readsLines()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QList<qint64>, lengths);
    write(bytes);
    const int file = ::open(QFile::encodeName(path(u"app.log"_s)).constData(), O_RDONLY);
    LineReader reader(file, 0);
    LineReader::Line line;
    QList<qint64> seen;
    qint64 end = 0;
    while (reader.next(line).value_or(false)) {
        QCOMPARE(line.start, end);
        end = line.end;
        seen << line.length;
        QCOMPARE(line.bytes.size(), std::min<qint64>(line.length, formats::longestLine));
        QCOMPARE(line.isWhole(), line.length <= formats::longestLine);
    }
    QCOMPARE(seen, lengths);
    QCOMPARE(end, bytes.size());
    QCOMPARE(reader.sha256(), crypto::sha256(bytes));
    ::close(file);
}

void TestImportRun::importsAndAddsUp()
{
    QByteArray text;
    for (int i = 0; i < 100; ++i)
        text += appLine(i);
    text += "\nnot json\n{\"t\":1,\"a\":\"\xff\"}\n" + QByteArray(formats::longestLine + 10, 'x') + '\n' + appLine(100);
    write(text);
    auto store = open();
    QVERIFY(store);
    const auto report = run(*store);
    QVERIFY2(report, report ? "" : qPrintable(report.error().message + report.error().detail));
    QCOMPARE(report->totals.lines, 105);
    QCOMPARE(report->totals.imported, 101);
    QCOMPARE(report->totals.aside, 3);
    QCOMPARE(report->totals.skipped.value("blank"), 1);
    QVERIFY(report->totals.addUp());
    QCOMPARE(report->to, text.size());
    QCOMPARE(report->sha256, crypto::sha256(text).toHex());
    QCOMPARE(countOf(*store), 101);
    QCOMPARE(countOf(*store, u"control"_s), 1); // the import itself
    QFile aside(report->asideFile);
    QVERIFY(aside.open(QIODevice::ReadOnly));
    QCOMPARE(aside.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    const QList<QByteArray> lines = aside.readAll().trimmed().split('\n');
    QCOMPARE(lines.size(), 3);
    const QJsonObject damaged = parseJson(lines[0])->toObject();
    QCOMPARE(damaged.value("line"_L1).toInt(), 102);
    QCOMPARE(damaged.value("text"_L1).toString(), u"not json"_s);
    QVERIFY(!damaged.value("reason"_L1).toString().isEmpty());
    QCOMPARE(QByteArray::fromBase64(parseJson(lines[1])->toObject().value("base64"_L1).toString().toLatin1()), QByteArray("{\"t\":1,\"a\":\"\xff\"}"));
    const QJsonObject tooLong = parseJson(lines[2])->toObject();
    QCOMPARE(tooLong.value("length"_L1).toInteger(), formats::longestLine + 10);
    QCOMPARE(tooLong.value("text"_L1).toString().size(), 8192);
    QVERIFY(tooLong.value("cut"_L1).toBool());
    store.reset();
    QVERIFY(open()); // the whole tree holds
}

void TestImportRun::theSameFileIsImportedOnce()
{
    write(appLine(1) + appLine(2));
    auto store = open();
    QCOMPARE(run(*store)->totals.imported, 2);
    const qint64 size = store->log().head().size;
    const auto again = run(*store);
    QCOMPARE(again->totals.lines, 0);
    QCOMPARE(again->before, 2);
    QVERIFY(QFile::rename(path(u"app.log"_s), path(u"app.log.1"_s)));
    QCOMPARE(run(*store, u"app.log.1"_s)->totals.lines, 0);
    QCOMPARE(store->log().head().size, size);
}

void TestImportRun::aFileThatGrewGoesOn()
{
    write(appLine(1) + appLine(2));
    auto store = open();
    QVERIFY(run(*store));
    write(appLine(1) + appLine(2) + appLine(3) + "?\n");
    const auto report = run(*store);
    QCOMPARE(report->before, 2);
    QCOMPARE(report->totals.imported, 1);
    QCOMPARE(report->totals.aside, 1);
    QCOMPARE(countOf(*store), 3);
    QFile aside(report->asideFile);
    QVERIFY(aside.open(QIODevice::ReadOnly));
    QCOMPARE(parseJson(aside.readAll().trimmed())->toObject().value("line"_L1).toInt(), 4);
}

void TestImportRun::anUnfinishedLineIsReadAgain()
{
    write(appLine(1) + appLine(2).left(10));
    auto store = open();
    const auto first = run(*store);
    QCOMPARE(first->totals.imported, 1);
    QCOMPARE(first->totals.aside, 1);
    QVERIFY(first->totals.addUp());
    write(appLine(1) + appLine(2));
    const auto second = run(*store);
    QCOMPARE(second->totals.imported, 1);
    QCOMPARE(second->totals.aside, 0);
    QCOMPARE(countOf(*store), 2);
}

void TestImportRun::linesBehindTheLastCommitLeaveTheAsideFile()
{
    write(appLine(1) + "?\n");
    auto store = open();
    const auto first = run(*store);
    QFile aside(first->asideFile);
    QVERIFY(aside.open(QIODevice::Append));
    aside.write("{\"of\":\"an import that was killed\"}\n");
    aside.close();
    write(appLine(1) + "?\n" + "!\n");
    QVERIFY(run(*store));
    QVERIFY(aside.open(QIODevice::ReadOnly));
    const QByteArray kept = aside.readAll();
    QCOMPARE(kept.count('\n'), 2);
    QVERIFY(!kept.contains("killed"));
}

void TestImportRun::otherFilesThatBeginAlikeAreOthers()
{
    auto store = open();
    write(appLine(1) + appLine(2), u"a"_s);
    write(appLine(1) + appLine(3), u"b"_s);
    QCOMPARE(run(*store, u"a"_s)->totals.imported, 2);
    QCOMPARE(run(*store, u"b"_s)->totals.imported, 2);
    QCOMPARE(run(*store, u"a"_s)->totals.imported, 0);
    QCOMPARE(run(*store, u"b"_s)->totals.imported, 0);
}

void TestImportRun::refusesWhatIsNoFile()
{
    auto store = open();
    QCOMPARE(run(*store, u"missing"_s).error().code, Error::Code::Storage);
    QDir(m_folder->path()).mkdir(u"folder"_s);
    QCOMPARE(run(*store, u"folder"_s).error().code, Error::Code::Invalid);
    QCOMPARE(store->log().head().size, 0);
}

QTEST_GUILESS_MAIN(TestImportRun)
#include "tst_importrun.moc"
