// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/formats/auditdrecord.h"
#include "tests/models/formats/collectsink.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::formats;

namespace {

// The example of the RHEL Security Guide, "Understanding Audit Log Files".
const QByteArray auditdOpen = R"(type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e syscall=2 success=no exit=-13 a0=7fffd19c5592 a1=0 a2=7fffd19c4b50 a3=a items=1 ppid=2686 pid=3538 auid=1000 uid=1000 gid=1000 euid=1000 suid=1000 fsuid=1000 egid=1000 sgid=1000 fsgid=1000 tty=pts0 ses=1 comm="cat" exe="/bin/cat" subj=unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023 key="sshd_config"
type=CWD msg=audit(1364481363.243:24287):  cwd="/home/shadowman"
type=PATH msg=audit(1364481363.243:24287): item=0 name="/etc/ssh/sshd_config" inode=409248 dev=fd:00 mode=0100600 ouid=0 ogid=0 rdev=00:00 obj=system_u:object_r:etc_t:s0  nametype=NORMAL cap_fp=none cap_fi=none cap_fe=0 cap_fver=0
type=PROCTITLE msg=audit(1364481363.243:24287): proctitle=636174002F6574632F7373682F737368645F636F6E666967)";
const QByteArray auditdLogin = "type=USER_LOGIN msg=audit(1364481400.001:24300): pid=99 uid=0 auid=1000 ses=3 msg='op=login acct=\"alice\" exe=\"/usr/sbin/sshd\" hostname=h addr=10.0.0.9 terminal=ssh res=success'\x1dUID=\"root\" AUID=\"alice\"";

} // namespace

class TestAuditd : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsRecords();
    void joinsTheRecordsOfOneSerial();
    void readsUserMessages();
    void interleavedEventsStayApart();
    void closesByTimeAndEnd();
    void waitsAcrossAResume();
    void deniesByTheAccessVectorCache();
    void commandsComeFromTheirArguments();
    void machinesAreApart();
    void keepsAside_data();
    void keepsAside();
};

void TestAuditd::readsRecords()
{
    AuditdRecord record;
    const QByteArray line = auditdOpen.split('\n').at(3); // the record looks into it
    QVERIFY(readAuditdRecord(line, record));
    QCOMPARE(record.value("proctitle"), std::string_view("cat /etc/ssh/sshd_config"));
    QCOMPARE(toRfc3339(record.time), u"2013-03-28T14:36:03.243Z"_s);
    AuditdRecord login;
    QVERIFY(readAuditdRecord(auditdLogin, login));
    QCOMPARE(login.value("acct"), std::string_view("alice"));
    QCOMPARE(login.value("UID"), std::string_view()); // the interpretation is not the record
    AuditdRecord plain;
    QVERIFY(readAuditdRecord("type=SYSCALL msg=audit(1.0:1): a0=6162 comm=6C73 key=(null)", plain));
    QCOMPARE(plain.value("a0"), std::string_view("6162")); // a number of the call, not text
    QCOMPARE(plain.value("comm"), std::string_view("ls"));
    QCOMPARE(plain.value("key"), std::string_view());
    QCOMPARE(auditdSyscall("c000003e", "59"), std::string_view("execve"));
    QCOMPARE(auditdSyscall("c00000b7", "221"), std::string_view("execve"));
    QCOMPARE(auditdSyscall("c000003e", "437"), std::string_view("openat2"));
    QCOMPARE(auditdSyscall("c000003e", "99999"), std::string_view());
    QCOMPARE(auditdSyscall("40000003", "11"), std::string_view());
}

void TestAuditd::joinsTheRecordsOfOneSerial()
{
    CollectSink sink;
    const auto importer = makeImporter(ImportFormat::Auditd);
    sink.feedAll(*importer, auditdOpen);
    QCOMPARE(sink.events.size(), 1);
    QCOMPARE(sink.joined(), 3);
    const AuditEvent &event = sink.events[0];
    QCOMPARE(event.action, u"auditd.open"_s);
    QCOMPARE(event.target.raw(), u"/etc/ssh/sshd_config"_s);
    QCOMPARE(event.outcome, Outcome::Denied); // EACCES
    QCOMPARE(event.actor.value, u"uid:1000"_s);
    QCOMPARE(event.actorKind, ActorKind::Human);
    QCOMPARE(event.session.value, u"ses:1"_s);
    const QJsonObject detail = sink.detail(0);
    QCOMPARE(detail.value("command"_L1).toString(), u"cat /etc/ssh/sshd_config"_s);
    QCOMPARE(detail.value("key"_L1).toString(), u"sshd_config"_s);
    QCOMPARE(detail.value("cwd"_L1).toString(), u"/home/shadowman"_s);
}

void TestAuditd::readsUserMessages()
{
    CollectSink sink;
    const auto importer = makeImporter(ImportFormat::Auditd);
    sink.feed(*importer, auditdLogin); // complete without an end
    QCOMPARE(sink.events.size(), 1);
    const AuditEvent &event = sink.events[0];
    QCOMPARE(event.action, u"auditd.user_login"_s);
    QCOMPARE(event.actorName.raw(), u"alice"_s);
    QCOMPARE(event.source, u"10.0.0.9"_s);
    QCOMPARE(event.outcome, Outcome::Success);
    sink.feedAll(*importer, QByteArray(auditdLogin).replace("res=success", "res=failed"));
    QCOMPARE(sink.events[1].outcome, Outcome::Denied);
}

void TestAuditd::interleavedEventsStayApart()
{
    CollectSink sink;
    const auto importer = makeImporter(ImportFormat::Auditd);
    sink.feedAll(*importer,
                 "type=SYSCALL msg=audit(100.000:1): arch=c000003e syscall=59 success=yes exit=0 auid=1\n"
                 "type=SYSCALL msg=audit(100.001:2): arch=c000003e syscall=87 success=yes exit=0 auid=2\n"
                 "type=EXECVE msg=audit(100.000:1): argc=2 a0=\"ls\" a1=\"-l\"\n"
                 "type=PATH msg=audit(100.001:2): item=0 name=\"/tmp\" nametype=PARENT\n"
                 "type=PATH msg=audit(100.001:2): item=1 name=2F746D702F61206222 nametype=DELETE\n"
                 "type=EOE msg=audit(100.001:2): \n"
                 "type=EOE msg=audit(100.000:1): ");
    QCOMPARE(sink.events.size(), 2);
    QCOMPARE(sink.lines(), 7);
    QCOMPARE(sink.events[0].action, u"auditd.unlink"_s);
    QCOMPARE(sink.events[0].target.raw(), u"/tmp/a b\""_s);
    QCOMPARE(sink.events[1].action, u"auditd.execve"_s);
    QVERIFY(sink.events[1].detail.raw().contains(u"\"command\":\"ls -l\""_s));
}

void TestAuditd::closesByTimeAndEnd()
{
    CollectSink sink;
    const auto importer = makeImporter(ImportFormat::Auditd);
    sink.feed(*importer, "type=SYSCALL msg=audit(100.000:1): syscall=1\ntype=SYSCALL msg=audit(101.999:2): syscall=1");
    QCOMPARE(sink.events.size(), 0);
    sink.feed(*importer, "type=SYSCALL msg=audit(102.001:3): syscall=1");
    QCOMPARE(sink.events.size(), 1);
    importer->end(sink);
    QCOMPARE(sink.events.size(), 3);
    QCOMPARE(sink.events[0].action, u"auditd.syscall-1"_s); // without an arch its name is not known
}

void TestAuditd::waitsAcrossAResume()
{
    CollectSink sink;
    auto importer = makeImporter(ImportFormat::Auditd);
    const QList<QByteArray> lines = auditdOpen.split('\n');
    importer->line(1, lines[0], sink);
    importer->line(2, lines[1], sink);
    const auto waiting = importer->waiting();
    QCOMPARE(waiting.size(), 2);
    importer = makeImporter(ImportFormat::Auditd);
    for (const WaitingLine &line : waiting)
        importer->line(line.number, line.bytes, sink);
    importer->line(3, lines[2], sink);
    importer->end(sink);
    QCOMPARE(sink.events.size(), 1);
    QCOMPARE(sink.joined(), 2);
}

void TestAuditd::deniesByTheAccessVectorCache()
{
    CollectSink sink;
    const auto importer = makeImporter(ImportFormat::Auditd);
    sink.feedAll(*importer, R"(type=AVC msg=audit(1.5:7): avc:  denied  { read } for  pid=1 comm="httpd" path="/srv/x" dev="sda1" ino=1 scontext=a tcontext=b tclass=file)");
    QCOMPARE(sink.events.size(), 1);
    QCOMPARE(sink.events[0].outcome, Outcome::Denied);
    QCOMPARE(sink.events[0].target.raw(), u"/srv/x"_s);
    QVERIFY(sink.detail(0).value("message"_L1).toString().contains("denied { read }"_L1));
}

void TestAuditd::commandsComeFromTheirArguments()
{
    CollectSink sink;
    const auto importer = makeImporter(ImportFormat::Auditd);
    sink.feedAll(*importer, "type=EXECVE msg=audit(1.0:1): argc=3 a0=\"sh\" a1_len=6 a1[0]=\"ab\" a1[1]=\"cd\" a2=6120620A63");
    QCOMPARE(sink.detail(0).value("command"_L1).toString(), u"sh abcd a b\nc"_s);
}

void TestAuditd::machinesAreApart()
{
    CollectSink sink;
    const auto importer = makeImporter(ImportFormat::Auditd);
    sink.feedAll(*importer, "node=a type=SYSCALL msg=audit(1.0:1): syscall=1 ses=4\nnode=b type=SYSCALL msg=audit(1.0:1): syscall=1 ses=4");
    QCOMPARE(sink.events.size(), 2);
    QCOMPARE(sink.events[1].session.value, u"b:ses:4"_s);
}

void TestAuditd::keepsAside_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("no record") << QByteArray("time->Thu Mar 28 14:36:03 2013");
    QTest::newRow("no serial") << QByteArray("type=CWD msg=audit(1364481363.243): cwd=\"/\"");
    QTest::newRow("no time") << QByteArray("type=CWD msg=audit(x.243:1): cwd=\"/\"");
    QTest::newRow("a type like no other") << QByteArray("type=C WD msg=audit(1.2:1): cwd=\"/\"");
    QTest::newRow("cut") << QByteArray("type=SYSCALL msg=audit(13644");
    QTest::newRow("milliseconds beyond") << QByteArray("type=CWD msg=audit(1.2000:1): cwd=\"/\"");
}

void TestAuditd::keepsAside()
{
    QFETCH(QByteArray, line);
    CollectSink sink;
    const auto importer = makeImporter(ImportFormat::Auditd);
    sink.feedAll(*importer, line);
    QCOMPARE(sink.events.size(), 0);
    QCOMPARE(sink.reasons.size(), 1);
}

QTEST_GUILESS_MAIN(TestAuditd)
#include "tst_auditd.moc"
