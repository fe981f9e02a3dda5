// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/appendfile.h"

#include "models/core/crc32c.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QTemporaryDir>
#include <QtCore/QtEndian>
#include <QtTest/QTest>

using namespace parapet;
using namespace Qt::StringLiterals;

namespace {

/// The bytes of a file, written from resources/formats/append-file.md alone.
QByteArray expectedBytes(const QVector<QByteArray> &records)
{
    QByteArray bytes = "PRPTLOG1";
    QByteArray chain = QCryptographicHash::hash("PRPTLOG1", QCryptographicHash::Sha256);
    for (const QByteArray &record : records) {
        chain = QCryptographicHash::hash(chain + record, QCryptographicHash::Sha256);
        QByteArray head(8, '\0');
        qToLittleEndian(quint32(record.size()), head.data());
        qToLittleEndian(Crc32c::of(record), head.data() + 4);
        bytes += head + chain + record;
    }
    return bytes;
}

} // namespace

class TestAppendFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void writesTheFormat();
    void keepsWhatItHeld();
    void headIsTheChain();
    void isPrivate();
    void hasOneWriter();
    void readsWithoutTheLock();
    void refusesBadRecords();
    void refusesOtherFiles_data();
    void refusesOtherFiles();
    void cutsATornTail();
    void cutsATailOfZeros();
    void namesDamage();
    void namesADamagedLength();
    void namesReorderedRecords();
    void readingChangesNothing();

private:
    QByteArray content() const
    {
        QFile file(m_path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void setContent(const QByteArray &bytes) const
    {
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
    const QVector<QByteArray> m_three{"{\"a\":1}", QByteArray("\0\xff\n", 3), QByteArray(5000, 'x')};
};

void TestAppendFile::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"journal"_s);
}

void TestAppendFile::writesTheFormat()
{
    auto file = AppendFile::open(m_path, nullptr);
    QVERIFY(file);
    for (const QByteArray &record : m_three)
        QVERIFY((*file)->append(record));
    QCOMPARE(content(), expectedBytes(m_three));
}

void TestAppendFile::keepsWhatItHeld()
{
    for (const QByteArray &record : m_three) {
        auto file = AppendFile::open(m_path, nullptr);
        QVERIFY(file);
        QVERIFY((*file)->append(record));
    }
    QVector<QByteArray> records;
    auto file = AppendFile::open(m_path, &records);
    QVERIFY(file);
    QCOMPARE(records, m_three);
    QCOMPARE((*file)->cutBytes(), 0);
    QCOMPARE((*file)->path(), m_path);
}

void TestAppendFile::headIsTheChain()
{
    auto file = AppendFile::open(m_path, nullptr);
    QVERIFY(file);
    QByteArray chain = QCryptographicHash::hash("PRPTLOG1", QCryptographicHash::Sha256);
    QCOMPARE((*file)->head(), chain);
    QVERIFY((*file)->append("one"));
    chain = QCryptographicHash::hash(chain + "one", QCryptographicHash::Sha256);
    QCOMPARE((*file)->head(), chain);
    file->reset();
    file = AppendFile::open(m_path, nullptr);
    QVERIFY(file);
    QCOMPARE((*file)->head(), chain);
}

void TestAppendFile::isPrivate()
{
    QVERIFY(AppendFile::open(m_path, nullptr));
    QCOMPARE(QFileInfo(m_path).permissions() &
                 (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
             QFile::Permissions());
}

void TestAppendFile::hasOneWriter()
{
    auto first = AppendFile::open(m_path, nullptr);
    QVERIFY(first);
    const auto second = AppendFile::open(m_path, nullptr);
    QVERIFY(!second);
    QCOMPARE(second.error().code, Error::Code::Conflict);
    first->reset();
    QVERIFY(AppendFile::open(m_path, nullptr));
}

void TestAppendFile::readsWithoutTheLock()
{
    auto file = AppendFile::open(m_path, nullptr);
    QVERIFY(file);
    QVERIFY((*file)->append("one"));
    const auto records = AppendFile::read(m_path);
    QVERIFY(records);
    QCOMPARE(*records, QVector<QByteArray>{"one"});
    const auto missing = AppendFile::read(m_path + u"x"_s);
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, Error::Code::NotFound);
}

void TestAppendFile::refusesBadRecords()
{
    auto file = AppendFile::open(m_path, nullptr);
    QVERIFY(file);
    QCOMPARE((*file)->append({}).error().code, Error::Code::Invalid);
    QCOMPARE((*file)->append(QByteArray(AppendFile::longestRecord + 1, 'x')).error().code, Error::Code::Invalid);
    QVERIFY((*file)->append("still works"));
}

void TestAppendFile::refusesOtherFiles_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("text") << QByteArray("hello, this is some text");
    QTest::newRow("short text") << QByteArray("hello");
    QTest::newRow("another version") << QByteArray("PRPTLOG2");
}

void TestAppendFile::refusesOtherFiles()
{
    QFETCH(QByteArray, bytes);
    setContent(bytes);
    const auto file = AppendFile::open(m_path, nullptr);
    QVERIFY(!file);
    QCOMPARE(file.error().code, Error::Code::Storage);
    QVERIFY(file.error().message.contains(m_path));
    QVERIFY(!AppendFile::read(m_path));
    QCOMPARE(content(), bytes);
}

void TestAppendFile::cutsATornTail()
{
    const QByteArray whole = expectedBytes(m_three);
    const qsizetype kept = expectedBytes(m_three.mid(0, 2)).size();
    // Every place inside the header, and a sample of the places inside the payload.
    for (qsizetype size = kept; size < whole.size(); size += size < kept + 60 ? 1 : 487) {
        setContent(whole.left(size));
        QVector<QByteArray> records;
        auto file = AppendFile::open(m_path, &records);
        QVERIFY2(file, qPrintable(u"cut at %1"_s.arg(size)));
        QCOMPARE(records, m_three.mid(0, 2));
        QCOMPARE((*file)->cutBytes(), size - kept);
        QVERIFY((*file)->append(m_three[2]));
        QCOMPARE(content(), whole);
    }
    // Whole in length, but the last pages never arrived.
    QByteArray torn = whole;
    std::fill(torn.end() - 1000, torn.end(), '\0');
    setContent(torn);
    QVector<QByteArray> records;
    QVERIFY(AppendFile::open(m_path, &records));
    QCOMPARE(records, m_three.mid(0, 2));
    // An unfinished beginning.
    for (qsizetype size = 0; size < 8; ++size) {
        setContent(whole.left(size));
        QVERIFY(AppendFile::open(m_path, &records));
        QVERIFY(records.isEmpty());
    }
}

void TestAppendFile::cutsATailOfZeros()
{
    const QByteArray two = expectedBytes(m_three.mid(0, 2));
    for (const qsizetype zeros : {1, 39, 40, 41, 4096}) {
        setContent(two + QByteArray(zeros, '\0'));
        QVector<QByteArray> records;
        auto file = AppendFile::open(m_path, &records);
        QVERIFY(file);
        QCOMPARE(records, m_three.mid(0, 2));
        QCOMPARE((*file)->cutBytes(), zeros);
    }
}

void TestAppendFile::namesDamage()
{
    const QVector<QByteArray> records{"first record", "second record", "third record"};
    const QByteArray whole = expectedBytes(records);
    const qsizetype first = 8;
    const qsizetype second = expectedBytes(records.mid(0, 1)).size();
    const qsizetype third = expectedBytes(records.mid(0, 2)).size();
    // Each byte of the first two records in turn, each bit of it: never shown, never cut, always named.
    for (qsizetype at = first; at < third; ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            QByteArray damaged = whole;
            damaged[at] = char(damaged[at] ^ (1 << bit));
            setContent(damaged);
            const auto file = AppendFile::open(m_path, nullptr);
            QVERIFY2(!file, qPrintable(u"byte %1 bit %2"_s.arg(at).arg(bit)));
            QCOMPARE(file.error().code, Error::Code::Storage);
            QVERIFY2(file.error().message.contains(at < second ? u"Record 1 "_s : u"Record 2 "_s),
                     qPrintable(file.error().message));
            QVERIFY(!AppendFile::read(m_path));
            QCOMPARE(content(), damaged);
        }
    }
}

void TestAppendFile::namesADamagedLength()
{
    // The last record's length grows: cutting it as torn would lose what was acknowledged.
    const QVector<QByteArray> records{"first record", "second record"};
    QByteArray damaged = expectedBytes(records);
    const qsizetype second = expectedBytes(records.mid(0, 1)).size();
    qToLittleEndian(quint32(1) << 30, damaged.data() + second);
    setContent(damaged);
    const auto file = AppendFile::open(m_path, nullptr);
    QVERIFY(!file);
    QVERIFY(file.error().message.contains(u"Record 2 "));
}

void TestAppendFile::namesReorderedRecords()
{
    const QVector<QByteArray> records{"aaaa", "bbbb", "cccc"};
    QByteArray bytes = expectedBytes(records);
    const qsizetype size = 40 + 4;
    const QByteArray second = bytes.mid(8 + size, size);
    bytes.remove(8 + size, size);
    bytes += second;
    setContent(bytes);
    const auto file = AppendFile::open(m_path, nullptr);
    QVERIFY(!file);
    QVERIFY(file.error().message.contains(u"Record 2 "));
    // A record taken out of the middle
    bytes = expectedBytes(records);
    bytes.remove(8 + size, size);
    setContent(bytes);
    QVERIFY(!AppendFile::open(m_path, nullptr));
}

void TestAppendFile::readingChangesNothing()
{
    const QByteArray torn = expectedBytes(m_three).chopped(10);
    setContent(torn);
    const auto records = AppendFile::read(m_path);
    QVERIFY(records);
    QCOMPARE(*records, m_three.mid(0, 2));
    QCOMPARE(content(), torn);
}

QTEST_GUILESS_MAIN(TestAppendFile)
#include "tst_appendfile.moc"
