// SPDX-License-Identifier: GPL-3.0-or-later
// The child process, with small programs of the test's own in the plane's place (tests/integration has the real one).
#include "models/fleet/localplane.h"

#include "tests/support/waiting.h"

#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace parapet;
using namespace Qt::StringLiterals;
using fleet::LocalPlane;

namespace {

const QByteArray announcement =
    R"({"control":"https://127.0.0.1:1","audit":"https://127.0.0.1:2","agent":"https://127.0.0.1:3","ca":"/x/ca.pem",)"
    R"("ca_sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","identity":"/x/operator.pem","log_key":""})";

} // namespace

class TestLocalPlane : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itStartsAndStops();
    void itEndsWithItsOwner();
    void anEndIsSaid_data();
    void anEndIsSaid();
    void nonsenseIsRefused();
    void aMissingProgramIsSaid();
    void aFolderThatCannotBeMadeIsSaid();
    void dyingWhileRunningIsSaid();
    void aStubbornPlaneIsKilled();

private:
    QString script(const QByteArray &body);
    QString dataFolder() const { return m_folder.filePath(u"data/plane"_s); }
    QTemporaryDir m_folder;
    int m_scripts = 0;
};

QString TestLocalPlane::script(const QByteArray &body)
{
    const QString path = m_folder.filePath(u"plane-%1"_s.arg(++m_scripts));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        qFatal("cannot write the test's script");
    file.write("#!/bin/sh\n" + body + '\n');
    file.close();
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    return path;
}

void TestLocalPlane::itStartsAndStops()
{
    LocalPlane plane(script("echo 'Making keys.' >&2\necho '" + announcement + "'\nexec cat"), dataFolder());
    QSignalSpy ready(&plane, &LocalPlane::profileReady);
    QSignalSpy progress(&plane, &LocalPlane::progressed);
    QCOMPARE(plane.state(), LocalPlane::State::Stopped);
    plane.start();
    QCOMPARE(plane.state(), LocalPlane::State::Starting);
    QTRY_COMPARE_WITH_TIMEOUT(plane.state(), LocalPlane::State::Running, support::patience);
    QCOMPARE(ready.size(), 1);
    QVERIFY(progress.size() >= 2);
    QCOMPARE(plane.profile()->control, QUrl(u"https://127.0.0.1:1"_s));
    QCOMPARE(plane.profile()->localData, dataFolder());
    QVERIFY(plane.profile()->isLocal());
    constexpr auto foreign = QFileDevice::ReadGroup | QFileDevice::ReadOther | QFileDevice::ExeOther;
    QVERIFY(!(QFileInfo(dataFolder()).permissions() & foreign));
    plane.start(); // runs already
    plane.stop();
    QCOMPARE(plane.state(), LocalPlane::State::Stopping);
    QTRY_COMPARE_WITH_TIMEOUT(plane.state(), LocalPlane::State::Stopped, support::patience);
    QVERIFY(!plane.profile());
    QVERIFY(!plane.error());
    plane.start();
    QTRY_COMPARE_WITH_TIMEOUT(plane.state(), LocalPlane::State::Running, support::patience);
}

void TestLocalPlane::itEndsWithItsOwner()
{
    const QString mark = m_folder.filePath(u"ended"_s);
    {
        // Ends when its standard input closes, and says so, whatever else it was told.
        LocalPlane plane(script("trap '' TERM\necho '" + announcement + "'\ncat\necho > " + mark.toUtf8()),
                         dataFolder());
        plane.start();
        QTRY_COMPARE_WITH_TIMEOUT(plane.state(), LocalPlane::State::Running, support::patience);
    }
    QVERIFY(QFile::exists(mark));
}

void TestLocalPlane::anEndIsSaid_data()
{
    QTest::addColumn<int>("exit");
    QTest::addColumn<Error::Code>("code");
    QTest::newRow("another plane holds the folder") << 3 << Error::Code::Conflict;
    QTest::newRow("others can read it") << 4 << Error::Code::Storage;
    QTest::newRow("its log does not verify") << 5 << Error::Code::Storage;
    QTest::newRow("it cannot listen") << 7 << Error::Code::Invalid;
    QTest::newRow("something else") << 1 << Error::Code::Server;
}

void TestLocalPlane::anEndIsSaid()
{
    QFETCH(int, exit);
    QFETCH(Error::Code, code);
    LocalPlane plane(
        script("echo 'first line' >&2; echo 'Close the other plane first.' >&2; exit " + QByteArray::number(exit)),
        dataFolder());
    plane.start();
    QTRY_COMPARE_WITH_TIMEOUT(plane.state(), LocalPlane::State::Failed, support::patience);
    QCOMPARE(plane.error()->code, code);
    QCOMPARE(plane.message(), u"Close the other plane first."_s);
    QVERIFY(plane.error()->detail.contains(QString::number(exit)));
}

void TestLocalPlane::nonsenseIsRefused()
{
    for (const QByteArray &line :
         {QByteArray("hello"), QByteArray(R"({"control":"http://127.0.0.1:1"})"), QByteArray("{}")}) {
        LocalPlane plane(script("echo '" + line + "'\nexec cat"), dataFolder());
        plane.start();
        QTRY_COMPARE_WITH_TIMEOUT(plane.state(), LocalPlane::State::Failed, support::patience);
        QCOMPARE(plane.error()->code, Error::Code::Protocol);
        QTRY_COMPARE_WITH_TIMEOUT(plane.processId(), 0, support::patience);
        QCOMPARE(plane.error()->code, Error::Code::Protocol); // the first reason stays
    }
}

void TestLocalPlane::aMissingProgramIsSaid()
{
    LocalPlane plane(m_folder.filePath(u"missing"_s), dataFolder());
    plane.start();
    QTRY_COMPARE_WITH_TIMEOUT(plane.state(), LocalPlane::State::Failed, support::patience);
    QVERIFY(plane.message().contains(u"missing"_s));
}

void TestLocalPlane::aFolderThatCannotBeMadeIsSaid()
{
    QFile file(m_folder.filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    LocalPlane plane(script("exec cat"), m_folder.filePath(u"file/plane"_s));
    plane.start();
    QCOMPARE(plane.state(), LocalPlane::State::Failed);
    QCOMPARE(plane.error()->code, Error::Code::Storage);
}

void TestLocalPlane::dyingWhileRunningIsSaid()
{
    LocalPlane plane(script("echo '" + announcement + "'\nread line\nkill -9 $$"), dataFolder());
    plane.start();
    QTRY_COMPARE_WITH_TIMEOUT(plane.state(), LocalPlane::State::Running, support::patience);
    QVERIFY(QProcess::execute(u"kill"_s, {u"-9"_s, QString::number(plane.processId())}) == 0);
    QTRY_COMPARE_WITH_TIMEOUT(plane.state(), LocalPlane::State::Failed, support::patience);
    QVERIFY(!plane.profile());
    QVERIFY(plane.error()->detail.contains(u"signal"_s));
}

void TestLocalPlane::aStubbornPlaneIsKilled()
{
    LocalPlane plane(script("trap '' TERM\necho '" + announcement + "'\nwhile :; do read line || exec sleep 600; done"),
                     dataFolder());
    plane.start();
    QTRY_COMPARE_WITH_TIMEOUT(plane.state(), LocalPlane::State::Running, support::patience);
    plane.stop();
    QTRY_COMPARE_WITH_TIMEOUT(plane.state(), LocalPlane::State::Stopped, support::patience);
}

QTEST_GUILESS_MAIN(TestLocalPlane)
#include "tst_localplane.moc"
