// SPDX-License-Identifier: GPL-3.0-or-later
// Each system call of an append file fails in turn, in each way that it can; then the file is opened again: nothing
// that was acknowledged is lost, and no half record is shown.
#include "models/core/appendfile.h"

#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <cerrno>

using namespace parapet;
using namespace Qt::StringLiterals;

namespace {

enum class Call { Open, Write, Fsync, Truncate, Folder };

/// Lets one call fail, counted over all calls of its kind; afterwards the rest work, or everything fails like that one.
class FailingCalls final : public FileCalls
{
public:
    Call kind = Call::Open;
    int failAt = -1; ///< which call of that kind: 0 is the first
    int error = EIO;
    qint64 writtenFirst = 0; ///< how many bytes a failing write leaves behind
    bool dead = false;       ///< the disk is gone from then on
    bool failed = false;
    int counts[5] = {};
    qint64 durableSize = 0;
    qint64 size = 0;
    int interruptions = 0; ///< EINTR before each write goes through
    qint64 mostAtOnce = -1;

    int open(const char *path, int flags, int mode) override
    {
        return fails(Call::Open) ? -1 : FileCalls::open(path, flags, mode);
    }
    qint64 write(int fd, const char *data, qint64 count) override
    {
        if (interruptions > 0) {
            --interruptions;
            errno = EINTR;
            return -1;
        }
        if (m_shortLeft) { // the write that fails after having written a part
            m_shortLeft = false;
            return failNow();
        }
        if (fails(Call::Write)) {
            if (writtenFirst <= 0 || writtenFirst >= count)
                return -1;
            failed = false; // this call still succeeds, in part
            m_shortLeft = true;
            return did(FileCalls::write(fd, data, writtenFirst));
        }
        return did(FileCalls::write(fd, data, mostAtOnce > 0 ? qMin(mostAtOnce, count) : count));
    }
    int fsync(int fd) override
    {
        if (fails(Call::Fsync))
            return -1;
        durableSize = size; // no power is cut here: what would be durable is counted, and the disk is left in peace
        Q_UNUSED(fd)
        return 0;
    }
    int ftruncate(int fd, qint64 to) override
    {
        if (fails(Call::Truncate))
            return -1;
        size = to;
        return FileCalls::ftruncate(fd, to);
    }
    int syncFolder(const char *) override { return fails(Call::Folder) ? -1 : 0; }

private:
    qint64 did(qint64 written)
    {
        size += qMax<qint64>(written, 0);
        return written;
    }
    int failNow()
    {
        failed = true;
        errno = error;
        return -1;
    }
    bool fails(Call call)
    {
        const bool now = counts[int(call)]++ == failAt && call == kind;
        if (now || (failed && dead)) {
            failNow();
            return true;
        }
        return false;
    }
    bool m_shortLeft = false;
};

QVector<QByteArray> wanted(int count)
{
    QVector<QByteArray> records;
    for (int i = 0; i < count; ++i)
        records.append("record " + QByteArray::number(i) + QByteArray(i * 37, '.'));
    return records;
}

} // namespace

class TestAppendFileFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachCall_data();
    void eachCall();
    void interruptedAndPartialWrites();
    void lostPages();
    void tornTailThatCannotBeCut();
    void folderIsSyncedAgain();
};

void TestAppendFileFaults::eachCall_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("failAt");
    QTest::addColumn<int>("error");
    QTest::addColumn<qint64>("writtenFirst");
    QTest::addColumn<bool>("dead");
    const auto rows = [](const char *name, Call kind, int calls, int error, qint64 first) {
        for (int at = 0; at < calls; ++at) {
            for (const bool dead : {false, true})
                QTest::addRow("%s, call %d%s", name, at, dead ? ", then everything" : "")
                    << int(kind) << at << error << first << dead;
        }
    };
    rows("open, no space", Call::Open, 1, ENOSPC, 0);
    rows("open, no handles", Call::Open, 1, EMFILE, 0);
    rows("write, disk full", Call::Write, 8, ENOSPC, 0);
    for (const qint64 first : {1, 7, 39, 40, 41, 60})
        rows(qPrintable(u"write of %1 bytes, then full"_s.arg(first)), Call::Write, 8, ENOSPC, first);
    rows("write, error", Call::Write, 8, EIO, 0);
    rows("fsync", Call::Fsync, 8, EIO, 0);
    rows("folder sync", Call::Folder, 1, EIO, 0);
}

void TestAppendFileFaults::eachCall()
{
    QFETCH(int, kind);
    QFETCH(int, failAt);
    QFETCH(int, error);
    QFETCH(qint64, writtenFirst);
    QFETCH(bool, dead);
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"journal"_s);
    const QVector<QByteArray> records = wanted(6);

    FailingCalls calls;
    calls.kind = Call(kind);
    calls.failAt = failAt;
    calls.error = error;
    calls.writtenFirst = writtenFirst;
    calls.dead = dead;
    int acknowledged = 0;
    {
        auto file = AppendFile::open(path, nullptr, calls);
        if (!file) {
            QCOMPARE(file.error().code, Error::Code::Storage);
            QVERIFY(file.error().message.contains(path));
        } else {
            for (const QByteArray &record : records) {
                const Status done = (*file)->append(record);
                if (!done) {
                    QCOMPARE(done.error().code, Error::Code::Storage);
                    QVERIFY(!done.error().message.isEmpty());
                    // It stays refused until it is opened again.
                    QVERIFY(!(*file)->append(record));
                    break;
                }
                ++acknowledged;
            }
        }
    }
    QVERIFY2(calls.failed || acknowledged == records.size(), "the fault never struck");

    QVector<QByteArray> found;
    FailingCalls working;
    auto file = AppendFile::open(path, &found, working);
    QVERIFY2(file, file ? "" : qPrintable(file.error().message));
    QVERIFY2(found.size() >= acknowledged, "an acknowledged record is lost");
    QVERIFY2(found.size() <= acknowledged + 1, "a record was never written, and is there");
    QCOMPARE(found, records.mid(0, found.size()));
    if (!dead)
        QCOMPARE(found.size(), acknowledged); // what failed was taken back

    // And it goes on from there.
    for (qsizetype i = found.size(); i < records.size(); ++i)
        QVERIFY((*file)->append(records[i]));
    file->reset();
    QVERIFY(AppendFile::open(path, &found, working));
    QCOMPARE(found, records);
}

void TestAppendFileFaults::interruptedAndPartialWrites()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"journal"_s);
    const QVector<QByteArray> records = wanted(6);
    FailingCalls calls;
    calls.mostAtOnce = 3;
    {
        auto file = AppendFile::open(path, nullptr, calls);
        QVERIFY(file);
        for (const QByteArray &record : records) {
            calls.interruptions = 2;
            QVERIFY((*file)->append(record));
        }
    }
    QVector<QByteArray> found;
    QVERIFY(AppendFile::open(path, &found));
    QCOMPARE(found, records);
}

void TestAppendFileFaults::lostPages()
{
    // The power fails during the last append: of what was not yet durable any beginning may be there, or zeros of its
    // length.
    const QVector<QByteArray> records = wanted(4);
    for (const bool zeros : {false, true}) {
        for (qint64 lost = 0;; ++lost) {
            const QTemporaryDir folder;
            const QString path = folder.filePath(u"journal"_s);
            FailingCalls calls;
            calls.kind = Call::Fsync;
            calls.failAt = 4; // opening, then three appends
            calls.dead = true;
            auto opened = AppendFile::open(path, nullptr, calls);
            QVERIFY(opened);
            int acknowledged = 0;
            while (acknowledged < records.size() && (*opened)->append(records[acknowledged]))
                ++acknowledged;
            QCOMPARE(acknowledged, 3);
            opened->reset();

            const qint64 pending = calls.size - calls.durableSize;
            QVERIFY(pending > 0);
            if (lost > pending)
                break;
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadWrite));
            QCOMPARE(file.size(), calls.size);
            QVERIFY(file.resize(calls.size - lost));
            if (zeros) {
                QVERIFY(file.seek(calls.size - lost));
                QCOMPARE(file.write(QByteArray(lost, '\0')), lost);
            }
            file.close();

            QVector<QByteArray> found;
            FailingCalls working;
            const auto again = AppendFile::open(path, &found, working);
            QVERIFY2(again, again ? "" : qPrintable(u"%1 bytes lost: %2"_s.arg(lost).arg(again.error().message)));
            QVERIFY(found.size() == 3 || (lost == 0 && found.size() == 4));
            QCOMPARE(found, records.mid(0, found.size()));
        }
    }
}

void TestAppendFileFaults::tornTailThatCannotBeCut()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"journal"_s);
    {
        auto file = AppendFile::open(path, nullptr);
        QVERIFY(file);
        QVERIFY((*file)->append("whole"));
        QVERIFY((*file)->append("torn"));
    }
    QFile(path).resize(QFile(path).size() - 2);

    FailingCalls calls;
    calls.kind = Call::Truncate;
    calls.failAt = 0;
    QVector<QByteArray> found;
    const auto refused = AppendFile::open(path, &found, calls);
    QVERIFY(!refused);
    QVERIFY(found.isEmpty());
    auto file = AppendFile::open(path, &found);
    QVERIFY(file);
    QCOMPARE(found, QVector<QByteArray>{"whole"});
}

void TestAppendFileFaults::folderIsSyncedAgain()
{
    // The name was not durable when the first opening failed; the next one must make it so although the file is there.
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"journal"_s);
    FailingCalls first;
    first.kind = Call::Folder;
    first.failAt = 0;
    QVERIFY(!AppendFile::open(path, nullptr, first));
    FailingCalls second;
    QVERIFY(AppendFile::open(path, nullptr, second));
    QCOMPARE(second.counts[int(Call::Folder)], 1);
    QVERIFY(second.counts[int(Call::Fsync)] >= 1);
}

QTEST_GUILESS_MAIN(TestAppendFileFaults)
#include "tst_appendfile_faults.moc"
