// SPDX-License-Identifier: GPL-3.0-or-later
// The whole console over a real plane whose log goes back: banner, status line and notification say so, and the evidence is there.
#include "models/transparency/conflictbundle.h"
#include "tests/ui/console/pagefaults.h"
#include "ui/kit/notifications.h"
#include "ui/pages/audit/auditpage.h"
#include "ui/pages/audit/logbanner.h"

using namespace parapet;
using namespace parapet::support;
using namespace Qt::StringLiterals;

class TestLogAlarm : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLogThatWentBackCannotBeMissed();

private:
    void copyDatabase(const QString &from, const QString &to)
    {
        for (const QString &suffix : {QString(), u"-wal"_s, u"-shm"_s}) {
            QFile::remove(to + suffix);
            if (QFile::exists(from + suffix))
                QVERIFY(QFile::copy(from + suffix, to + suffix));
        }
    }
};

void TestLogAlarm::aLogThatWentBackCannotBeMissed()
{
    PlaneProcess plane;
    plane.setArguments({u"--seed"_s, u"7"_s, u"--no-workspaces"_s, u"--activity"_s, u"none"_s, u"--fleet"_s, u"10"_s});
    const Status started = plane.start();
    QVERIFY2(started, why(started));
    fleet::Profile profile = plane.profile();
    profile.name = u"fleet"_s;
    profile.localData.clear();
    const QString database = plane.dataFolder() + u"/plane.sqlite"_s;
    QVERIFY(plane.stop());
    QTemporaryDir kept;
    copyDatabase(database, kept.filePath(u"earlier"_s));
    QVERIFY(plane.start());

    ConsoleProgram program;
    QVERIFY(program.open(profile));
    QVERIFY(waitUntil([&] { return program.isLive(); }));
    const shell::StatusItem *item = program.console.window().statusLine()->logHead();
    const fleet::LogFollower *log = program.console.context().log();
    QVERIFY(waitUntil([&] { return log->state() == fleet::LogState::Verified; }));
    QTRY_VERIFY2(item->text().contains(u"verified"_s), qPrintable(item->text()));
    QVERIFY2(item->text().startsWith(u"Checkpoint "_s), qPrintable(item->text()));
    // What this console did is in the log by now, and covered.
    QVERIFY(program.console.window().goTo({u"audit"_s, {}}));
    auto *page = qobject_cast<pages::AuditPage *>(program.console.window().currentPage());
    QVERIFY(page);
    QTRY_VERIFY(page->table()->model()->rowCount() > 0);
    program.console.context().log()->refresh();
    QTRY_VERIFY(page->table()->model()->index(page->table()->model()->rowCount() - 1, 0).data(ProofRole).toInt() == int(Proof::Verified));
    QVERIFY(!page->logBanner()->isAlarm());

    QVERIFY(plane.stop());
    copyDatabase(kept.filePath(u"earlier"_s), database);
    QVERIFY(plane.start());
    // The console comes back by itself, and looks at once.
    QVERIFY(waitUntil([&] { return log->state() == fleet::LogState::Refused; }, 60'000));
    QTRY_VERIFY2(item->text().contains(u"does not verify"_s), qPrintable(item->text()));
    QTRY_VERIFY(page->logBanner()->isAlarm());
    QTRY_VERIFY(program.console.window().notifications()->count() > 0);
    QVERIFY(log->conflict()->verdict == transparency::Verdict::RolledBack);
    QTRY_VERIFY(!log->conflict()->bundlePath.isEmpty());
    QVERIFY(log->conflict()->bundlePath.startsWith(program.folder.filePath(u"data"_s)));
    QFile file(log->conflict()->bundlePath);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto bundle = transparency::ConflictBundle::fromBytes(file.readAll());
    QVERIFY2(bundle, why(bundle));
    const auto worth = bundle->verify(*crypto::NoteVerifier::parse(profile.logKey));
    QVERIFY2(worth, why(worth));
    const QDir folder(QStringLiteral(PARAPET_BINARY_DIR "/pages"));
    folder.mkpath(u"."_s);
    program.console.window().resize(1440, 900);
    program.console.window().grab().save(folder.filePath(u"audit-alarm.png"_s));
    // From anywhere, the status line leads to the page.
    program.console.window().goTo({u"settings"_s, {}});
    QTest::mouseClick(program.console.window().statusLine()->logHead(), Qt::LeftButton);
    QTRY_COMPARE(program.console.window().currentPage(), page);
}

QTEST_MAIN(TestLogAlarm)
#include "tst_logalarm.moc"
