// SPDX-License-Identifier: GPL-3.0-or-later
// The console put together: what the command line asks for, and where it begins.
#include "app/console/console.h"

#include "tests/support/certificatefactory.h"
#include "tests/ui/pages/desk.h"

#include <QtCore/QTemporaryDir>

using namespace parapet;
using namespace parapet::console;
using namespace parapet::support;
using namespace Qt::StringLiterals;

class TestConsole : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void argumentsAreRead_data();
    void argumentsAreRead();
    void itBeginsWhereItShould_data();
    void itBeginsWhereItShould();
    void whatIsNotThereIsSaid_data();
    void whatIsNotThereIsSaid();
    void theDataFolderIsPrivate();
    void withoutAConnectionCommandsSaySo();
};

void TestConsole::argumentsAreRead_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("error"); ///< what the sentence must hold; empty: it is right
    QTest::newRow("nothing") << QStringList{} << QString();
    QTest::newRow("local with a page") << QStringList{u"--local"_s, u"--page"_s, u"workspaces?filter=state:running"_s} << QString();
    QTest::newRow("a tour") << QStringList{u"--local"_s, u"--tour"_s, u"/tmp/pictures"_s} << QString();
    QTest::newRow("both") << QStringList{u"--local"_s, u"--profile"_s, u"x"_s} << u"--profile"_s;
    QTest::newRow("unknown option") << QStringList{u"--nonsense"_s} << u"nonsense"_s;
    QTest::newRow("a word too many") << QStringList{u"file.txt"_s} << u"file.txt"_s;
    QTest::newRow("a tour to nowhere") << QStringList{u"--tour"_s, QString()} << u"folder"_s;
    QTest::newRow("unknown theme") << QStringList{u"--theme"_s, u"pink"_s} << u"pink"_s;
}

void TestConsole::argumentsAreRead()
{
    QFETCH(QStringList, words);
    QFETCH(QString, error);
    const Result<Arguments> arguments = parseArguments(QStringList{u"parapet"_s} + words);
    QCOMPARE(arguments.has_value(), error.isEmpty());
    if (!arguments) {
        QCOMPARE(arguments.error().code, Error::Code::Invalid);
        QVERIFY2(arguments.error().message.contains(error), qPrintable(arguments.error().message));
        QVERIFY(arguments.error().message.contains(u"--help"_s));
    }
}

namespace {

struct Program {
    Program() : console(settings.store(), testTheme(), folder.filePath(u"data"_s), secrets, nullptr) {}

    QTemporaryDir folder;
    TemporarySettings settings;
    fleet::MemorySecretStore secrets;
    Console console;
};

} // namespace

void TestConsole::itBeginsWhereItShould_data()
{
    QTest::addColumn<QString>("asked");
    QTest::addColumn<bool>("hasProfile");
    QTest::addColumn<QString>("page");
    QTest::newRow("first run") << QString() << false << u"connections"_s;
    QTest::newRow("a known fleet") << QString() << true << u"overview"_s;
    QTest::newRow("a place") << u"workspaces?filter=state:running"_s << true << u"workspaces"_s;
    QTest::newRow("a place without a fleet") << u"settings"_s << false << u"settings"_s;
}

void TestConsole::itBeginsWhereItShould()
{
    QFETCH(QString, asked);
    QFETCH(bool, hasProfile);
    QFETCH(QString, page);
    Program program;
    const CertificateFactory certificates;
    if (hasProfile) {
        const QUrl url(u"https://127.0.0.1:1"_s);
        QVERIFY(program.console.switchboard().profiles().save({u"prod"_s, url, url, url, certificates.caPath(), certificates.caSha256(), {},
                                                               certificates.clientFile(u"operator"_s), {}, {}}));
        program.console.switchboard().profiles().setPreferred(u"prod"_s);
    }
    Arguments arguments;
    arguments.page = asked;
    const Status started = program.console.start(arguments);
    QVERIFY2(started, why(started));
    QVERIFY(program.console.window().isVisible());
    QCOMPARE(program.console.window().location().page, page);
    QCOMPARE(program.console.switchboard().connection() != nullptr, hasProfile);
}

void TestConsole::whatIsNotThereIsSaid_data()
{
    QTest::addColumn<QString>("profile");
    QTest::addColumn<QString>("page");
    QTest::addColumn<Error::Code>("code");
    QTest::newRow("no such connection") << u"nobody"_s << QString() << Error::Code::NotFound;
    QTest::newRow("no place") << QString() << u"work spaces"_s << Error::Code::Invalid;
}

void TestConsole::whatIsNotThereIsSaid()
{
    QFETCH(QString, profile);
    QFETCH(QString, page);
    QFETCH(Error::Code, code);
    Program program;
    Arguments arguments;
    arguments.profile = profile;
    arguments.page = page;
    const Status started = program.console.start(arguments);
    QVERIFY(!started);
    QCOMPARE(started.error().code, code);
    QVERIFY(!started.error().message.isEmpty());
    QVERIFY(!program.console.window().isVisible());
}

void TestConsole::theDataFolderIsPrivate()
{
    Program program;
    const QFileInfo folder(program.folder.filePath(u"data"_s));
    QVERIFY(folder.isDir());
    const auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ExeGroup | QFileDevice::ReadOther | QFileDevice::WriteOther | QFileDevice::ExeOther;
    QVERIFY(!(folder.permissions() & others));
}

void TestConsole::withoutAConnectionCommandsSaySo()
{
    Program program;
    QVERIFY(program.console.start({}));
    shell::CommandRegistry &commands = program.console.context().commands();
    program.console.window().goTo({u"workspaces"_s, {}});
    for (const QString &id : {u"workspace.revoke"_s, u"workspaces.refresh"_s, u"console.disconnect"_s, u"console.start-local"_s}) {
        const shell::Command *command = commands.find(id);
        QVERIFY2(command, qPrintable(id));
        const shell::Availability availability = commands.availability(*command);
        QVERIFY2(!availability.enabled && !availability.reason.isEmpty(), qPrintable(id));
        QVERIFY(!commands.trigger(id).enabled);
    }
    QVERIFY(!program.console.sheet());
}

QTEST_MAIN(TestConsole)
#include "tst_console.moc"
