// SPDX-License-Identifier: GPL-3.0-or-later
// 10,000 connections that say nothing, or stop in the middle of the handshake, do not keep a plane from serving.
#include "models/core/json.h"
#include "tests/integration/planedesk.h"
#include "tests/support/planeprocess.h"

#include <QtTest/QTest>

#include <array>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace parapet;
using namespace parapet::support;
using namespace Qt::StringLiterals;

namespace {

/// A TLS record that announces a ClientHello of 512 bytes, and its first bytes: nothing follows (RFC 8446, 5.1 and 4.1.2).
constexpr std::array<unsigned char, 16> halfHello{0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, 0x20, 0x26, 0x11, 0x24, 0x00};

/// Sockets that are closed at the end.
class Crowd
{
public:
    ~Crowd()
    {
        for (const int fd : m_sockets)
            ::close(fd);
    }
    /// One more, connected; false when the system gives none.
    bool join(quint16 port, bool speaks)
    {
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0)
            return false;
        m_sockets.append(fd);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
            return false;
        // One that was shed already may refuse the bytes: it was shed.
        if (speaks)
            (void)::send(fd, halfHello.data(), halfHello.size(), MSG_NOSIGNAL);
        return true;
    }
    qsizetype size() const { return m_sockets.size(); }

private:
    QVector<int> m_sockets;
};

} // namespace

class TestSilentConnections : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theyDoNotStopIt_data();
    void theyDoNotStopIt();
};

void TestSilentConnections::theyDoNotStopIt_data()
{
    using Interfaces = QVector<QUrl fleet::Profile::*>;
    QTest::addColumn<Interfaces>("interfaces");
    QTest::addColumn<bool>("speaks");
    QTest::newRow("connected and silent, at one interface") << Interfaces{&fleet::Profile::control} << false;
    QTest::newRow("TLS half done, at all interfaces") << Interfaces{&fleet::Profile::control, &fleet::Profile::audit, &fleet::Profile::agent} << true;
}

void TestSilentConnections::theyDoNotStopIt()
{
    using Interfaces = QVector<QUrl fleet::Profile::*>;
    QFETCH(Interfaces, interfaces);
    QFETCH(bool, speaks);
    constexpr int wanted = 10'000;
    constexpr int others = 200; // what this program has open besides
    rlimit files{};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = files.rlim_max;
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &files), 0);
    const int count = int(std::min<rlim_t>(wanted, files.rlim_cur - others));

    PlaneProcess plane;
    plane.setArguments({u"--no-workspaces"_s, u"--activity"_s, u"none"_s, u"--world"_s, u"empty"_s, u"--fleet"_s, u"50"_s});
    const Status started = plane.start();
    QVERIFY2(started, why(started));
    const fleet::Profile profile = plane.profile();
    QTemporaryDir folder;
    PlaneDesk before(profile, folder.filePath(u"before"_s));
    const Status open = before.open();
    QVERIFY2(open, why(open));

    Crowd crowd;
    for (int i = 0; i < count; ++i) {
        QVERIFY2(crowd.join(quint16((profile.*interfaces[i % interfaces.size()]).port()), speaks), qPrintable(QString::number(i)));
        if (i % 2'000 == 1'999) { // while they come
            const auto page = await(before.system().control->workspaces({}));
            QVERIFY2(page, why(page));
        }
    }
    QCOMPARE(crowd.size(), count);
    // Who was there is served, and whoever comes now is let in, on each interface.
    PlaneDesk after(profile, folder.filePath(u"after"_s));
    const Status late = after.open();
    QVERIFY2(late, why(late));
    for (PlaneDesk *desk : {&before, &after}) {
        const auto page = await(desk->system().control->workspaces({}));
        QVERIFY2(page, why(page));
        QCOMPARE(page->total, Count::exactly(50));
        const auto head = await(desk->system().audit->head());
        QVERIFY2(head, why(head));
        const auto state = await(desk->system().runtime->state(page->items.first().id));
        QVERIFY2(state, why(state));
        QCOMPARE(desk->connection->state(), fleet::HealthState::Healthy);
    }
    QVERIFY(plane.isRunning());
    if (count < wanted)
        QSKIP(qPrintable(u"This machine lets a program open %1 files: only %2 of %3 connections were tried."_s.arg(files.rlim_max).arg(count).arg(wanted)));
}

QTEST_GUILESS_MAIN(TestSilentConnections)
#include "tst_silentconnections.moc"
