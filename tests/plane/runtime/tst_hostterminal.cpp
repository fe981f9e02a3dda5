// SPDX-License-Identifier: GPL-3.0-or-later
// Terminals of real sandboxes: what is written there is shown, in order and whole, and a flood holds nothing up.
#include "tests/plane/runtime/hostfixture.h"

using namespace parapet;
using namespace parapet::runtimetest;
using namespace Qt::StringLiterals;

namespace {

/// What the terminals of one host showed. Outlives the host.
struct Screen {
    mutable std::mutex mutex;
    QByteArray text;
    int cuts = 0;
    int ended = 0;

    QByteArray all() const
    {
        const std::lock_guard lock(mutex);
        return text;
    }
    int count(int Screen::*what) const
    {
        const std::lock_guard lock(mutex);
        return this->*what;
    }
};

class ShowingTap final : public plane::TerminalTap
{
public:
    explicit ShowingTap(Screen &shown) : m_shown(shown) {}
    ~ShowingTap() override
    {
        const std::lock_guard lock(m_shown.mutex);
        ++m_shown.ended;
    }
    void output(QByteArrayView bytes) override
    {
        const std::lock_guard lock(m_shown.mutex);
        m_shown.text += bytes;
    }
    void flush() override {}
    void cut() override
    {
        const std::lock_guard lock(m_shown.mutex);
        ++m_shown.cuts;
    }

private:
    Screen &m_shown;
};

} // namespace

class TestTerminal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { HostFixture::adjustment = nullptr; }
    void isATerminal();
    void aFloodComesWholeAndHoldsUpNothing();
    void endsWithItsScript();
    void piecesOfWorkAreTold();
    void nobodyNeedsToWatch();

private:
    static void show(Screen &shown)
    {
        HostFixture::adjustment = [&shown](plane::RuntimeHost::Options &options) {
            options.onTerminal = [&shown](const WorkspaceId &, const plane::SandboxActor &) { return std::make_unique<ShowingTap>(shown); };
        };
    }
};

void TestTerminal::isATerminal()
{
    Screen shown;
    show(shown);
    const HostFixture fixture;
    QVERIFY(fixture.host->start(fixture.launch(u"ws-1"_s, "test -t 0 && test -t 1 && test -t 2 && echo all\nstty size\necho \"$TERM\"\n"
                                                          "stty -a | grep -o -e ' -echo '\nprintf '\\033[31mred\\033[0m\\n' >/dev/tty\n"
                                                          "echo done >~/done\nexec tail -f /dev/null")));
    TRY_REAL(shown.all().contains("\033[31mred\033[0m\r\n"));
    QCOMPARE(shown.all(), QByteArray("all\r\n30 100\r\nxterm-256color\r\n -echo \r\n\033[31mred\033[0m\r\n"));
}

void TestTerminal::aFloodComesWholeAndHoldsUpNothing()
{
    Screen shown;
    show(shown);
    const HostFixture fixture;
    QVERIFY(fixture.host->start(fixture.launch(u"ws-1"_s, "yes 0123456789abcdef | head -c 10000000; echo; echo '<end>'; exec tail -f /dev/null")));
    QVERIFY(fixture.host->start(fixture.launch(u"ws-2"_s, "exec tail -f /dev/null")));
    QVERIFY(fixture.host->setFrozen(WorkspaceId(u"ws-1"_s), true));
    QVERIFY(fixture.host->setFrozen(WorkspaceId(u"ws-1"_s), false));
    QVERIFY(fixture.host->terminate(WorkspaceId(u"ws-2"_s)));
    TRY_REAL(fixture.exits().size() == 1);
    TRY_REAL(shown.all().endsWith("<end>\r\n"));
    QByteArray text = shown.all();
    QCOMPARE(text.replace("\r\n", "\n").size(), 10'000'000 + 1 + 6);
    // Killed amid a flood that never ends, it ends.
    QVERIFY(fixture.host->start(fixture.launch(u"ws-3"_s, "exec yes")));
    QVERIFY(fixture.host->terminate(WorkspaceId(u"ws-3"_s)));
    TRY_REAL(fixture.exits().size() == 2);
    TRY_REAL(shown.count(&Screen::ended) == 2);
}

void TestTerminal::endsWithItsScript()
{
    Screen shown;
    show(shown);
    const HostFixture fixture;
    QVERIFY(fixture.host->start(fixture.launch(u"ws-1"_s, "printf last", "exec tail -f /dev/null")));
    TRY_REAL(shown.count(&Screen::ended) == 1);
    QCOMPARE(shown.all(), QByteArray("last"));
    QVERIFY(fixture.exits().isEmpty());
}

void TestTerminal::piecesOfWorkAreTold()
{
    Screen shown;
    show(shown);
    const HostFixture fixture;
    // As often as it likes, and heard six times.
    QVERIFY(fixture.host->start(fixture.launch(u"ws-1"_s, "for i in 1 2 3 4 5 6 7 8 9; do printf terminal.end >&3; done; echo said; exec tail -f /dev/null")));
    TRY_REAL(shown.count(&Screen::cuts) == 6);
    fixture.host->cutTerminals(WorkspaceId(u"ws-1"_s), PrincipalId(u"a-forge"_s));
    fixture.host->cutTerminals(WorkspaceId(u"ws-none"_s), PrincipalId(u"p-ada"_s));
    fixture.host->cutTerminals(WorkspaceId(u"ws-1"_s), PrincipalId(u"p-ada"_s));
    TRY_REAL(shown.count(&Screen::cuts) == 7);
    QVERIFY(fixture.events(u"terminal.end"_s).isEmpty());
}

void TestTerminal::nobodyNeedsToWatch()
{
    const HostFixture fixture;
    QVERIFY(fixture.host->start(fixture.launch(u"ws-1"_s, "head -c 300000 /dev/zero; echo >~/through; exec tail -f /dev/null")));
    TRY_REAL(fixture.size(u"ws-1"_s, u"through"_s) == 1);
}

QTEST_GUILESS_MAIN(TestTerminal)
#include "tst_hostterminal.moc"
