// SPDX-License-Identifier: GPL-3.0-or-later
// parapet-verify --log URL: a published log over HTTPS, through what networks and servers do to it.
#include "tests/support/faultproxy.h"
#include "tests/verify/servedlog.h"

#include <QtCore/QScopeGuard>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

using namespace parapet;
using namespace parapet::verify;
using namespace Qt::StringLiterals;

namespace {

ServedLog::Answer answerOf(int status, const QByteArray &body = {}, const QVector<std::pair<QByteArray, QByteArray>> &headers = {})
{
    ServedLog::Answer answer;
    answer.status = status;
    answer.body = body;
    answer.contentType = "text/plain";
    answer.headers = headers;
    return answer;
}

qint64 stated(const Ran &outcome, const char *name)
{
    return outcome.json().value(u"states"_s).toObject().value(QLatin1String(name)).toInteger(-1);
}

QString verdictOf(const Ran &outcome)
{
    return outcome.json().value(u"states"_s).toObject().value(u"verdict"_s).toString();
}

} // namespace

class TestVerifyRemote : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void holds_data();
    void holds();
    void prefixWithASlash();
    void partialTakenAway();
    void fewAtATime();
    void separateKeyFile();
    void lockedKeyWithoutATerminal();
    void lockedKeyOnATerminal_data();
    void lockedKeyOnATerminal();
    void strangers_data();
    void strangers();
    void failsForNow_data();
    void failsForNow();
    void failsForGood_data();
    void failsForGood();
    void throughAFaultyNetwork_data();
    void throughAFaultyNetwork();
    void altered_data();
    void altered();
    void contradictionWithWhatWasKept_data();
    void contradictionWithWhatWasKept();
    void bundleStaysWhereItIs();
    void interrupted();
    void brokenOff();

private:
    Ran check(const QStringList &more = {}) { return runBeside(m_served->arguments(m_log->key()) + more); }
    QStringList state() const { return {u"--state"_s, m_folder->filePath(u"state"_s)}; }
    /// That a stranger with nothing but the bundle and the key comes to the same conclusion.
    void checkBundleElsewhere(const Ran &outcome, const QString &verdict, bool byTheLog);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<FolderLog> m_log;
    std::unique_ptr<ServedLog> m_served;
};

void TestVerifyRemote::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const QString folder = m_folder->filePath(u"log"_s);
    m_log = std::make_unique<FolderLog>(folder);
    m_log->grow(700);
    m_log->publish();
    m_served = std::make_unique<ServedLog>(folder);
}

void TestVerifyRemote::holds_data()
{
    QTest::addColumn<qint64>("size");
    for (const qint64 size : {0, 1, 256, 700, 66000})
        QTest::newRow(qPrintable(QString::number(size))) << size;
}

void TestVerifyRemote::holds()
{
    QFETCH(qint64, size);
    FolderLog log(m_folder->filePath(u"other"_s));
    log.growPlain(size - 300);
    log.grow(size);
    log.publish();
    ServedLog served(m_folder->filePath(u"other"_s));
    const Ran outcome = runBeside(served.arguments(log.key()));
    QVERIFY2(outcome.code == 0, qPrintable(outcome.out + outcome.err));
    QCOMPARE(stated(outcome, "entriesRead"), size);
    for (const QString &id : {u"signature"_s, u"tiles"_s, u"entries"_s, u"events"_s, u"sequences"_s})
        QCOMPARE(outcome.state(id), u"holds"_s);
    QVERIFY(!outcome.json().contains(u"conflictBundle"_s));
    for (const ServedLog::Request &request : served.server.requests())
        QCOMPARE(request.client, u"p-verifier"_s);
}

void TestVerifyRemote::prefixWithASlash()
{
    const Ran outcome = runBeside(m_served->arguments(m_log->key(), m_served->url() + u'/'));
    QVERIFY2(outcome.code == 0, qPrintable(outcome.out));
    QCOMPARE(m_served->server.count(u"/log/checkpoint"_s), 1);
}

void TestVerifyRemote::partialTakenAway()
{
    const QByteArray older = m_log->note();
    m_log->grow(900);
    m_log->publish();
    writeFile(m_log->path(u"checkpoint"_s), older);
    QFile::remove(m_log->path(u"tile/0/002.p/188"_s));
    QFile::remove(m_log->path(u"tile/entries/002.p/188"_s));
    const Ran outcome = check();
    QVERIFY2(outcome.code == 0, qPrintable(outcome.out));
    QCOMPARE(stated(outcome, "entriesRead"), 700);
}

void TestVerifyRemote::fewAtATime()
{
    m_log->grow(256 * 40);
    m_log->publish();
    const Ran outcome = check();
    QVERIFY2(outcome.code == 0, qPrintable(outcome.out));
    // Each thing once, over few connections.
    QCOMPARE(m_served->server.requests().size(), 1 + 41 + 40);
    QVERIFY2(m_served->server.connections() <= 9, qPrintable(QString::number(m_served->server.connections())));
}

void TestVerifyRemote::separateKeyFile()
{
    const auto identity = m_served->factory.client(u"p-apart"_s);
    const QString certificate = m_folder->filePath(u"c.pem"_s), key = m_folder->filePath(u"k.pem"_s);
    writeFile(certificate, identity.certificate.toPem());
    QVERIFY(identity.key.save(key));
    const QStringList arguments{u"--log"_s, m_served->url(), u"--key"_s, m_log->key(), u"--ca"_s, m_served->factory.caPath(),
                                u"--certificate"_s, certificate, u"--private-key"_s, key, u"--json"_s};
    const Ran outcome = runBeside(arguments);
    QVERIFY2(outcome.code == 0, qPrintable(outcome.out));
    QCOMPARE(m_served->server.requests().first().client, u"p-apart"_s);
    // A key that others can read is no secret.
    QFile::setPermissions(key, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup);
    const Ran shared = runBeside(arguments);
    QCOMPARE(shared.code, 3);
    QVERIFY(shared.json().value(u"error"_s).toString().contains(key));
}

void TestVerifyRemote::lockedKeyWithoutATerminal()
{
    const QString locked = m_served->factory.clientFile(u"p-locked"_s, "a passphrase");
    RunningVerify running({u"--log"_s, m_served->url(), u"--key"_s, m_log->key(), u"--ca"_s, m_served->factory.caPath(), u"--certificate"_s, locked, u"--json"_s},
                          [] { ::setsid(); });
    const Ran outcome = running.finish();
    QCOMPARE(outcome.code, 3);
    QVERIFY2(outcome.json().value(u"error"_s).toString().contains(u"passphrase"_s), qPrintable(outcome.out));
    QCOMPARE(m_served->server.requests().size(), 0);
}

void TestVerifyRemote::lockedKeyOnATerminal_data()
{
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<int>("code");
    QTest::newRow("right") << QByteArray("a passphrase\n") << 0;
    QTest::newRow("wrong") << QByteArray("another passphrase\n") << 3;
    QTest::newRow("interrupted") << QByteArray("a pass\x03") << 3;
}

void TestVerifyRemote::lockedKeyOnATerminal()
{
    QFETCH(QByteArray, typed);
    QFETCH(int, code);
    const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    QVERIFY(terminal >= 0 && ::grantpt(terminal) == 0 && ::unlockpt(terminal) == 0);
    const auto closed = qScopeGuard([terminal] { ::close(terminal); });
    const QByteArray name = ::ptsname(terminal);
    const QString locked = m_served->factory.clientFile(u"p-locked"_s, "a passphrase");
    RunningVerify running({u"--log"_s, m_served->url(), u"--key"_s, m_log->key(), u"--ca"_s, m_served->factory.caPath(), u"--certificate"_s, locked, u"--json"_s},
                          [name] {
                              ::setsid();
                              (void)::open(name.constData(), O_RDWR); // the terminal of the new session
                          });
    QByteArray shown;
    const auto read = [&] {
        char buffer[512];
        const ssize_t got = ::read(terminal, buffer, sizeof buffer);
        shown.append(buffer, std::max<ssize_t>(got, 0));
    };
    QVERIFY(support::waitUntil([&] {
        read();
        return shown.contains("Passphrase of ") && shown.endsWith(": ");
    }));
    QCOMPARE(::write(terminal, typed.constData(), size_t(typed.size())), ssize_t(typed.size()));
    const Ran outcome = running.finish();
    read();
    QVERIFY2(outcome.code == code, qPrintable(outcome.out + outcome.err));
    QVERIFY2(!shown.contains("a pass"), shown.constData());
    QVERIFY(!outcome.out.contains(u"a pass"_s) && !outcome.err.contains(u"a pass"_s));
}

void TestVerifyRemote::strangers_data()
{
    QTest::addColumn<QString>("who");
    QTest::addColumn<QString>("says");
    QTest::newRow("no client certificate") << u"nobody"_s << u"--certificate"_s;
    QTest::newRow("another's client certificate") << u"otherClient"_s << QString();
    QTest::newRow("another authority") << u"otherAuthority"_s << u"not vouched for"_s;
    QTest::newRow("this machine's authorities") << u"machine"_s << u"--ca"_s;
}

void TestVerifyRemote::strangers()
{
    QFETCH(QString, who);
    QFETCH(QString, says);
    const support::CertificateFactory other(u"Another authority"_s);
    QStringList arguments{u"--log"_s, m_served->url(), u"--key"_s, m_log->key(), u"--json"_s, u"--retries"_s, u"0"_s};
    if (who != u"machine")
        arguments += {u"--ca"_s, who == u"otherAuthority" ? other.caPath() : m_served->factory.caPath()};
    if (who != u"nobody")
        arguments += {u"--certificate"_s, who == u"otherClient" ? other.clientFile(u"p-other"_s) : m_served->identity};
    const Ran outcome = runBeside(arguments);
    QCOMPARE(outcome.code, 3);
    const QString error = outcome.json().value(u"error"_s).toString();
    QVERIFY2(!error.isEmpty() && error.contains(says), qPrintable(error));
    QCOMPARE(m_served->server.requests().size(), 0);
}

void TestVerifyRemote::failsForNow_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("retryAfter");
    QTest::newRow("too many requests") << 429 << QByteArray("1");
    QTest::newRow("unavailable") << 503 << QByteArray();
    QTest::newRow("a gateway") << 502 << QByteArray();
    QTest::newRow("half an answer") << 200 << QByteArray();
}

void TestVerifyRemote::failsForNow()
{
    QFETCH(int, status);
    QFETCH(QByteArray, retryAfter);
    QSet<QString> failed;
    m_served->spoil = [&](const QString &path) -> std::optional<ServedLog::Answer> {
        if (failed.contains(path) || failed.size() >= 3)
            return std::nullopt;
        failed.insert(path);
        ServedLog::Answer answer = answerOf(status, "some");
        if (!retryAfter.isEmpty())
            answer.headers.append({"Retry-After", retryAfter});
        if (status == 200) {
            answer.announcedLength = 100;
            answer.close = true;
        }
        return answer;
    };
    const Ran outcome = check();
    QVERIFY2(outcome.code == 0, qPrintable(outcome.out + outcome.err));
    QCOMPARE(failed.size(), 3);
    QCOMPARE(stated(outcome, "entriesRead"), 700);
}

void TestVerifyRemote::failsForGood_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    QTest::newRow("no checkpoint") << u"checkpoint"_s << 404 << u"NotFound"_s;
    QTest::newRow("not allowed") << u"checkpoint"_s << 403 << u"Forbidden"_s;
    QTest::newRow("elsewhere") << u"checkpoint"_s << 302 << u"Protocol"_s;
    QTest::newRow("broken") << u"tile/0/001"_s << 500 << u"Server"_s;
    QTest::newRow("unavailable, each time") << u"tile/entries/001"_s << 503 << u"Server"_s;
    QTest::newRow("unavailable for a day") << u"checkpoint"_s << 429 << u"RateLimited"_s;
    QTest::newRow("too much") << u"checkpoint"_s << 200 << u"Protocol"_s;
}

void TestVerifyRemote::failsForGood()
{
    QFETCH(QString, path);
    QFETCH(int, status);
    QFETCH(QString, code);
    m_served->spoil = [&](const QString &asked) -> std::optional<ServedLog::Answer> {
        if (asked != path)
            return std::nullopt;
        if (status == 302)
            return answerOf(status, {}, {{"Location", "https://127.0.0.1:1/"}});
        if (status == 429)
            return answerOf(status, {}, {{"Retry-After", "3600"}});
        return answerOf(status, status == 200 ? QByteArray(1 << 20, 'x') : QByteArray("no"));
    };
    const Ran outcome = check(QStringList{u"--retries"_s, status == 503 ? u"1"_s : u"5"_s} + state());
    QCOMPARE(outcome.code, 3);
    QCOMPARE(outcome.json().value(u"readable"_s).toBool(true), false);
    QCOMPARE(outcome.json().value(u"code"_s).toString(), code);
    QVERIFY2(outcome.json().value(u"error"_s).toString().contains(u"127.0.0.1"_s), qPrintable(outcome.out));
    QVERIFY(!outcome.json().contains(u"conflictBundle"_s)); // that a log cannot be read proves nothing about it
}

void TestVerifyRemote::throughAFaultyNetwork_data()
{
    QTest::addColumn<int>("fault");
    QTest::newRow("cut at once") << int(support::FaultProxy::Mode::Reset);
    QTest::newRow("cut after some bytes") << int(support::FaultProxy::Mode::Truncate);
    QTest::newRow("a byte at a time") << int(support::FaultProxy::Mode::Drip);
    QTest::newRow("late") << int(support::FaultProxy::Mode::Pass);
}

void TestVerifyRemote::throughAFaultyNetwork()
{
    QFETCH(int, fault);
    const auto mode = support::FaultProxy::Mode(fault);
    const bool isSlow = mode == support::FaultProxy::Mode::Drip;
    if (isSlow) { // a short log: 20 events are some ten thousand bytes already
        FolderLog log(m_folder->filePath(u"log"_s));
        log.signer = m_log->signer;
        log.grow(20);
        log.publish();
    }
    support::FaultProxy proxy(m_served->server.port());
    proxy.setMode(mode);
    proxy.setTruncateAfter(9000);
    if (mode == support::FaultProxy::Mode::Pass)
        proxy.setLatency(5);
    RunningVerify running(m_served->arguments(m_log->key(), u"https://127.0.0.1:%1/log"_s.arg(proxy.port())));
    // What cuts lets up after a while.
    if (mode == support::FaultProxy::Mode::Reset || mode == support::FaultProxy::Mode::Truncate) {
        QVERIFY(support::waitUntil([&] { return proxy.connections() >= 2; }));
        proxy.setMode(support::FaultProxy::Mode::Pass);
    }
    const Ran outcome = running.finish();
    QVERIFY2(outcome.code == 0, qPrintable(outcome.out + outcome.err));
    QCOMPARE(stated(outcome, "entriesRead"), isSlow ? 20 : 700);
}

void TestVerifyRemote::checkBundleElsewhere(const Ran &outcome, const QString &verdict, bool byTheLog)
{
    const QByteArray bundle = bundleOf(outcome);
    QVERIFY2(!bundle.isEmpty(), qPrintable(outcome.out + outcome.err));
    const Ran elsewhere = runVerify({u"-"_s, u"--key"_s, m_log->key(), u"--json"_s}, bundle);
    QVERIFY2(elsewhere.code == 0, qPrintable(elsewhere.out + elsewhere.err));
    QCOMPARE(elsewhere.json().value(u"kind"_s).toString(), u"conflictBundle"_s);
    QCOMPARE(verdictOf(elsewhere), verdict);
    QCOMPARE(elsewhere.state(u"provenByTheLog"_s), byTheLog ? u"holds"_s : u"notChecked"_s);
    // Against another key it shows nothing.
    QCOMPARE(runVerify({u"-"_s, u"--key"_s, FolderLog(QString()).key()}, bundle).code, 1);
}

void TestVerifyRemote::altered_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("place");
    QTest::addColumn<QString>("finding");
    QTest::addColumn<QString>("verdict");
    QTest::newRow("an event") << u"tile/entries/001"_s << 40 << u"entries"_s << u"altered"_s;
    QTest::newRow("the last event") << u"tile/entries/002.p/188"_s << -3 << u"entries"_s << u"altered"_s;
    QTest::newRow("a leaf tile") << u"tile/0/001"_s << 7 << u"tiles"_s << u"unproven"_s;
    QTest::newRow("the edge") << u"tile/1/000.p/2"_s << 7 << u"tiles"_s << u"unproven"_s;
    QTest::newRow("a leaf tile that is gone") << u"tile/0/001"_s << -1000000 << u"tiles"_s << u"unproven"_s;
    QTest::newRow("a length: no single event can be shown") << u"tile/entries/001"_s << 0 << u"entries"_s << QString();
    QTest::newRow("an event that is gone") << u"tile/entries/001"_s << -1000000 << u"entries"_s << QString();
    QTest::newRow("the signature: anyone can have made that") << u"checkpoint"_s << -9 << u"signature"_s << QString();
}

void TestVerifyRemote::altered()
{
    QFETCH(QString, file);
    QFETCH(int, place);
    QFETCH(QString, finding);
    QFETCH(QString, verdict);
    if (place == -1000000)
        QVERIFY(QFile::remove(m_log->path(file)));
    else
        flip(m_log->path(file), place);
    const Ran outcome = check();
    QVERIFY2(outcome.code == 1, qPrintable(outcome.out + outcome.err));
    QCOMPARE(outcome.state(finding), u"fails"_s);
    if (verdict.isEmpty())
        QVERIFY(!outcome.json().contains(u"conflictBundle"_s));
    else
        checkBundleElsewhere(outcome, verdict, false);
}

void TestVerifyRemote::contradictionWithWhatWasKept_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addColumn<QString>("verdict");
    QTest::addColumn<bool>("byTheLog");
    QTest::newRow("shorter") << qint64(400) << u"rolledBack"_s << false;
    QTest::newRow("as long") << qint64(700) << u"forked"_s << true;
    QTest::newRow("longer") << qint64(1000) << u"forked"_s << true;
}

void TestVerifyRemote::contradictionWithWhatWasKept()
{
    QFETCH(qint64, size);
    QFETCH(QString, verdict);
    QFETCH(bool, byTheLog);
    QCOMPARE(check(state()).code, 0);
    const QByteArray kept = readFile(state().last());
    FolderLog other(m_folder->filePath(u"log"_s));
    other.signer = m_log->signer;
    other.grow(250);
    AuditEvent event = other.event();
    event.actor = PrincipalId(u"p-other"_s);
    other.append(event);
    other.grow(size);
    other.publish();
    const Ran outcome = check(state());
    QVERIFY2(outcome.code == 1, qPrintable(outcome.out + outcome.err));
    QCOMPARE(outcome.state(u"consistency"_s), u"fails"_s);
    QCOMPARE(readFile(state().last()), kept);
    checkBundleElsewhere(outcome, verdict, byTheLog);
}

void TestVerifyRemote::bundleStaysWhereItIs()
{
    flip(m_log->path(u"tile/entries/001"_s), 40);
    const QString out = m_folder->filePath(u"evidence.json"_s);
    const Ran first = check({u"--bundle-out"_s, out});
    QCOMPARE(first.code, 1);
    QCOMPARE(first.json().value(u"conflictBundle"_s).toString(), out);
    const QByteArray written = readFile(out);
    // Never written over; what was found stays what was found.
    const Ran second = check({u"--bundle-out"_s, out});
    QCOMPARE(second.code, 1);
    QVERIFY(second.err.contains(out));
    QVERIFY(!second.json().contains(u"conflictBundle"_s));
    QCOMPARE(readFile(out), written);
    // In words, too.
    const Ran inWords = runVerify({u"--log"_s, m_log->path({}), u"--key"_s, m_log->key()});
    QVERIFY2(inWords.out.contains(u"conflict bundle"_s), qPrintable(inWords.out));
    // What anybody can have made is written down when it is asked for.
    writeFile(m_log->path(u"checkpoint"_s), "nothing\n");
    const Ran garbage = check({u"--bundle-out"_s, m_folder->filePath(u"garbage.json"_s)});
    QCOMPARE(garbage.code, 1);
    QVERIFY(!bundleOf(garbage).isEmpty());
}

void TestVerifyRemote::interrupted()
{
    m_log->grow(256 * 30);
    m_log->publish();
    m_served->spoil = [](const QString &path) -> std::optional<ServedLog::Answer> {
        if (path != u"tile/entries/020")
            return std::nullopt;
        ServedLog::Answer answer;
        answer.stall = true;
        return answer;
    };
    RunningVerify running(m_served->arguments(m_log->key()) + state());
    // By then the twenty before it are there, or come without further doing.
    QVERIFY(support::waitUntil([&] { return m_served->server.count(u"/log/tile/entries/025"_s) == 1; }));
    QVERIFY(::kill(pid_t(running.process().processId()), SIGINT) == 0);
    const Ran ended = running.finish();
    QCOMPARE(ended.code, 3);
    QCOMPARE(ended.json().value(u"code"_s).toString(), u"Cancelled"_s);
    QVERIFY2(ended.json().value(u"error"_s).toString().contains(state().last()), qPrintable(ended.out));

    m_served->spoil = {};
    const Ran rest = check(state());
    QVERIFY2(rest.code == 0, qPrintable(rest.out));
    QVERIFY2(stated(rest, "verifiedBefore") >= 256 && stated(rest, "verifiedBefore") <= 256 * 20, qPrintable(rest.out));
    QCOMPARE(stated(rest, "verifiedBefore") + stated(rest, "entriesRead"), 256 * 30);
}

void TestVerifyRemote::brokenOff()
{
    m_log->grow(256 * 30);
    m_log->publish();
    bool broken = true;
    m_served->spoil = [&](const QString &path) -> std::optional<ServedLog::Answer> {
        return broken && path == u"tile/entries/011" ? std::optional(answerOf(500)) : std::nullopt;
    };
    const Ran ended = check(state());
    QCOMPARE(ended.code, 3);
    broken = false;
    // What was kept is of a log that grew meanwhile.
    m_log->grow(256 * 31 + 5);
    m_log->publish();
    const Ran rest = check(state());
    QVERIFY2(rest.code == 0, qPrintable(rest.out));
    QCOMPARE(rest.state(u"consistency"_s), u"holds"_s);
    QCOMPARE(stated(rest, "verifiedBefore"), 256 * 11);
    QCOMPARE(stated(rest, "entriesRead"), 256 * 20 + 5);
}

QTEST_GUILESS_MAIN(TestVerifyRemote)
#include "tst_verify_remote.moc"
