// SPDX-License-Identifier: GPL-3.0-or-later
// The operating system's keychain as Secret Service: a session bus and a gnome-keyring of the test's own, and what is said where
// neither runs.
#include "app/console/keychainstore.h"

#include "tests/support/waiting.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QProcess>
#include <QtCore/QStandardPaths>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::console;
using namespace parapet::support;
using namespace Qt::StringLiterals;

namespace {

/// A session bus of its own; gone with the object.
class SessionBus
{
public:
    bool start()
    {
        m_bus.start(u"dbus-daemon"_s, {u"--session"_s, u"--nofork"_s, u"--nopidfile"_s, u"--print-address=1"_s});
        if (!m_bus.waitForStarted() || !m_bus.waitForReadyRead(patience))
            return false;
        qputenv("DBUS_SESSION_BUS_ADDRESS", m_bus.readLine().trimmed());
        return true;
    }
    /// A keyring daemon on it, its login keyring made and unlocked.
    bool startKeyring(const QString &home)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"HOME"_s, home);
        environment.insert(u"XDG_DATA_HOME"_s, home + u"/data"_s);
        environment.insert(u"XDG_RUNTIME_DIR"_s, home);
        m_keyring.setProcessEnvironment(environment);
        m_keyring.start(u"gnome-keyring-daemon"_s, {u"--foreground"_s, u"--unlock"_s, u"--components=secrets"_s, u"--control-directory="_s + home});
        if (!m_keyring.waitForStarted())
            return false;
        m_keyring.write("keyring of a test");
        m_keyring.closeWriteChannel();
        // The bus answers once somebody owns the name.
        return waitUntil([this] {
            QProcess ask;
            ask.start(u"dbus-send"_s, {u"--session"_s, u"--print-reply"_s, u"--dest=org.freedesktop.DBus"_s, u"/org/freedesktop/DBus"_s,
                                       u"org.freedesktop.DBus.NameHasOwner"_s, u"string:org.freedesktop.secrets"_s});
            ask.waitForFinished();
            return ask.readAllStandardOutput().contains("boolean true") || m_keyring.state() != QProcess::Running;
        }) && m_keyring.state() == QProcess::Running;
    }
    ~SessionBus()
    {
        for (QProcess *process : {&m_keyring, &m_bus}) {
            process->kill();
            process->waitForFinished();
        }
    }
    QByteArray said() { return m_keyring.readAllStandardError(); }

private:
    QProcess m_bus;
    QProcess m_keyring;
};

} // namespace

/// One process, one keychain: libsecret keeps the bus that it found. The test calls itself for each.
class TestKeychainStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSecretService();
    void noSecretService();

private:
    static bool isInner() { return qEnvironmentVariableIsSet("PARAPET_TEST_KEYCHAIN"); }
    static void callInner(const char *function);
};

void TestKeychainStore::callInner(const char *function)
{
    QProcess inner;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"PARAPET_TEST_KEYCHAIN"_s, u"1"_s);
    // No desktop: the Secret Service is what is looked for.
    for (const char *name : {"XDG_CURRENT_DESKTOP", "DESKTOP_SESSION", "KDE_FULL_SESSION", "GNOME_DESKTOP_SESSION_ID", "KDE_SESSION_VERSION"})
        environment.remove(QLatin1String(name));
    inner.setProcessEnvironment(environment);
    inner.setProcessChannelMode(QProcess::MergedChannels);
    inner.start(QCoreApplication::applicationFilePath(), {QLatin1String(function)});
    QVERIFY(inner.waitForFinished(60'000));
    QVERIFY2(inner.exitStatus() == QProcess::NormalExit && inner.exitCode() == 0, inner.readAll().constData());
}

void TestKeychainStore::aSecretService()
{
    if (!isInner()) {
        for (const QString &program : {u"dbus-daemon"_s, u"dbus-send"_s, u"gnome-keyring-daemon"_s}) {
            if (QStandardPaths::findExecutable(program).isEmpty())
                QFAIL(qPrintable(program + u" is not installed here; packaging/setup installs it."_s));
        }
        QTemporaryDir home;
        SessionBus bus;
        QVERIFY(bus.start());
        QVERIFY2(bus.startKeyring(home.path()), bus.said().constData());
        callInner("aSecretService");
        return;
    }
    KeychainStore store;
    const QString key = u"identity:/keys/operator.pem"_s;
    const auto none = await(store.read(key));
    QVERIFY(!none);
    QVERIFY2(none.error().code == Error::Code::NotFound, why(none));
    QVERIFY(none.error().message.size() > 10);
    // Any bytes: a passphrase need not be text.
    const QByteArray secret = QByteArray("open \xff\x01 sesame \xc3\xa9");
    const auto written = await(store.write(key, secret));
    QVERIFY2(written, why(written));
    const auto kept = await(store.read(key));
    QVERIFY2(kept, why(kept));
    QCOMPARE(*kept, secret);
    QVERIFY(!await(store.read(key + u"x"_s)));
    QVERIFY(await(store.write(key, "another")));
    QCOMPARE(await(store.read(key)).value(), QByteArray("another"));
    KeychainStore other; // another start of the program
    QCOMPARE(await(other.read(key)).value(), QByteArray("another"));
    const auto removed = await(store.remove(key));
    QVERIFY2(removed, why(removed));
    QCOMPARE(await(store.read(key)).error().code, Error::Code::NotFound);
}

void TestKeychainStore::noSecretService()
{
    if (!isInner()) {
        // A bus on which nobody offers the service, and none that could be started.
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/parapet-bus");
        callInner("noSecretService");
        return;
    }
    KeychainStore store;
    const auto read = await(store.read(u"identity:x"_s));
    const auto written = await(store.write(u"identity:x"_s, "secret"));
    for (const Error &error : {read.error(), written.error()}) {
        QVERIFY2(error.code == Error::Code::Storage, qPrintable(nameOf(error.code) + error.message + error.detail));
        QVERIFY2(error.message.contains(u"Type the passphrase"_s), qPrintable(error.message));
    }
}

QTEST_GUILESS_MAIN(TestKeychainStore)
#include "tst_keychainstore.moc"
