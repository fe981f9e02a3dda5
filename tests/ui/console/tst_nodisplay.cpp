// SPDX-License-Identifier: GPL-3.0-or-later
// The program itself where there is no display to connect to.
#include <QtCore/QProcess>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;

class TestNoDisplay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itTellsWhatNeedsNone_data();
    void itTellsWhatNeedsNone();
};

void TestNoDisplay::itTellsWhatNeedsNone_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("version") << QStringList{u"--version"_s} << QByteArray("parapet " PARAPET_VERSION "\n");
    QTest::newRow("short version") << QStringList{u"-v"_s} << QByteArray("parapet " PARAPET_VERSION "\n");
    QTest::newRow("help") << QStringList{u"--help"_s} << QByteArray("--profile <name>");
    QTest::newRow("short help") << QStringList{u"-h"_s} << QByteArray("--profile <name>");
}

void TestNoDisplay::itTellsWhatNeedsNone()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, said);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove(u"DISPLAY"_s);
    environment.remove(u"WAYLAND_DISPLAY"_s);
    environment.insert(u"QT_QPA_PLATFORM"_s, u"xcb"_s); // a QApplication would end the program with a signal
    QProcess program;
    program.setProcessEnvironment(environment);
    program.start(QStringLiteral(PARAPET_BINARY_DIR "/bin/parapet"), arguments);
    QVERIFY2(program.waitForFinished(), qPrintable(program.errorString()));
    QCOMPARE(program.exitStatus(), QProcess::NormalExit);
    QCOMPARE(program.exitCode(), 0);
    const QByteArray output = program.readAllStandardOutput();
    QVERIFY2(output.contains(said), output.constData());
}

QTEST_GUILESS_MAIN(TestNoDisplay)
#include "tst_nodisplay.moc"
