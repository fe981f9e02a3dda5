// SPDX-License-Identifier: GPL-3.0-or-later
// Plane gone, slow, half-answering, or answering with garbage: every page of the console, also those that come later, says so with
// since when, keeps showing what it had, marked as old, and recovers alone.
#include "tests/ui/console/pagefaults.h"

using namespace parapet;
using namespace parapet::support;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(Fault)

namespace {

/// Pages that show nothing of the fleet: for them the status line, which is on every page, is all there is to say.
const QSet<QString> &localPages()
{
    static const QSet<QString> ids{u"settings"_s};
    return ids;
}

ScriptedServer::Answer problemAnswer(int status, const QByteArray &code, const QVector<std::pair<QByteArray, QByteArray>> &headers = {})
{
    ScriptedServer::Answer answer;
    answer.status = status;
    answer.contentType = "application/problem+json";
    answer.body = R"({"type":"about:blank","title":"No","status":)" + QByteArray::number(status) + R"(,"detail":"scripted","code":")" + code + "\"}";
    answer.headers = headers;
    return answer;
}

QVector<std::pair<const char *, Fault>> allFaults()
{
    ScriptedServer::Answer garbage;
    garbage.body = "\x01\xff{\"items\":[\xfe";
    return {{"gone", {Fault::Kind::Gone}},
            {"silent", {Fault::Kind::Silent}},
            {"half an answer, then reset", {Fault::Kind::HalfAnswer}},
            {"garbage instead of JSON", {Fault::Kind::Wrong, garbage}},
            {"429 with Retry-After", {Fault::Kind::Wrong, problemAnswer(429, "rateLimited", {{"Retry-After", "1"}})}},
            {"500", {Fault::Kind::Wrong, problemAnswer(500, "server")}},
            // Who is refused for who he is stops, sends nothing more, and needs a person: another try is one click on the page.
            {"401", {Fault::Kind::Wrong, problemAnswer(401, "unauthorized"), false}},
            {"403", {Fault::Kind::Wrong, problemAnswer(403, "forbidden"), false}}};
}

} // namespace

class TestPageFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void itSaysSoAndRecovers_data();
    void itSaysSoAndRecovers();

private:
    FaultyPlane m_plane;
};

void TestPageFaults::initTestCase()
{
    const Status started = m_plane.start();
    QVERIFY2(started, why(started));
}

void TestPageFaults::itSaysSoAndRecovers_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<Fault>("fault");
    ConsoleProgram program;
    for (const auto &[name, fault] : allFaults()) {
        for (const QString &id : program.pageIds())
            QTest::addRow("%s: %s", qPrintable(id), name) << id << fault;
    }
}

void TestPageFaults::itSaysSoAndRecovers()
{
    QFETCH(QString, id);
    QFETCH(Fault, fault);
    ConsoleProgram program;
    const Status opened = program.open(m_plane.profile());
    QVERIFY2(opened, why(opened));
    QVERIFY(program.console.window().goTo({id, {}}));
    shell::Page *page = program.console.window().currentPage();
    // It has what it shows: nothing is on its way, nothing is old.
    QVERIFY(waitUntil([&] {
        const PageLook now(page);
        return program.isLive() && now.loading == 0 && now.failed == 0 && now.banners.isEmpty() && now.staleRows == 0;
    }));
    const PageLook before(page);

    m_plane.begin(fault);
    const shell::StatusItem *control = program.console.window().statusLine()->connection(u"control"_s);
    static const QRegularExpression since(uR"(\bsince \d{1,2}:\d{2})"_s);
    const bool said = waitUntil([&] { return since.match(control->text()).hasMatch(); }, 40'000);
    QVERIFY2(said, qPrintable(control->text()));
    if (!localPages().contains(id)) {
        static const QRegularExpression clock(uR"(\b\d{1,2}:\d{2}\b)"_s);
        const bool told = waitUntil([&] {
            const PageLook now(page);
            return since.match(now.all()).hasMatch() || (!now.banners.isEmpty() && clock.match(now.banners.first()).hasMatch());
        });
        QVERIFY2(told, qPrintable(PageLook(page).all()));
    }
    // A 401 or 403 is only known to be about who we are when that was asked: then the connection stops.
    if (!fault.alone)
        QVERIFY(waitUntil([&] { return bool(program.console.switchboard().connection()->stopReason()); }, 40'000));
    const PageLook during(page);
    QVERIFY2(during.ready == before.ready && during.failed == before.failed && during.loading == before.loading,
             qPrintable(u"ready %1 → %2, failed %3 → %4"_s.arg(before.ready).arg(during.ready).arg(before.failed).arg(during.failed)));
    QCOMPARE(during.rows, before.rows);
    QCOMPARE(during.staleRows, during.rowsThatTell);
    QVERIFY(!page->grab().isNull());

    m_plane.end(fault);
    if (!fault.alone) {
        QAbstractButton *again = buttonIn(page, u"Try again"_s);
        if (again)
            again->click();
        else
            program.console.context().retryNow();
    }
    const bool recovered = waitUntil([&] {
        const PageLook now(page);
        return program.isLive() && now.loading == 0 && now.failed == 0 && now.banners.isEmpty() && now.staleRows == 0 && now.ready == before.ready
            && !since.match(now.all()).hasMatch() && !since.match(control->text()).hasMatch();
    }, 60'000);
    const PageLook after(page);
    QVERIFY2(recovered, qPrintable(after.all() + u" | "_s + control->text() + u" | "_s + program.console.switchboard().connection()->summary()));
    QCOMPARE(after.rows.size(), before.rows.size());
}

QTEST_MAIN(TestPageFaults)
#include "tst_pagefaults.moc"
