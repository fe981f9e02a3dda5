// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody who may only look, in the whole console over a real plane: live rows, no command that would be refused, no false alarm.
#include "app/console/console.h"

#include "tests/plane/api/planeclient.h"
#include "tests/support/planeprocess.h"
#include "tests/ui/pages/desk.h"
#include "ui/kit/tableview.h"
#include "ui/pages/workspaces/workspacespage.h"
#include "ui/shell/statusline.h"

#include <QtCore/QTemporaryDir>

using namespace parapet;
using namespace parapet::support;
using namespace Qt::StringLiterals;

namespace {

struct Program {
    Program() : console(settings.store(), testTheme(), folder.filePath(u"data"_s), secrets, nullptr) {}

    QTemporaryDir folder;
    TemporarySettings settings;
    fleet::MemorySecretStore secrets;
    console::Console console;
};

} // namespace

class TestViewer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m_program.reset(); }
    void rowsAreLive();
    void whatIsMissingIsSaidOnTheOverview();
    void theIdentitysEndIsShown();
    void givenRightsAreFollowed();

private:
    QString issue(const QString &principal, const QString &role);
    planetest::PlaneClient client(const char *interface, const QString &identity) const
    {
        const QJsonObject said = m_plane.announcement();
        return planetest::PlaneClient(said.value(QLatin1String(interface)).toString(), said.value("ca"_L1).toString(), identity);
    }
    planetest::PlaneClient operatorAt(const char *interface) const { return client(interface, m_plane.announcement().value("identity"_L1).toString()); }
    shell::CommandRegistry &commands() { return m_program->console.context().commands(); }
    pages::WorkspacesPage *openWorkspaces();

    PlaneProcess m_plane;
    QTemporaryDir m_identities;
    QString m_workspace;
    std::unique_ptr<Program> m_program;
};

QString TestViewer::issue(const QString &principal, const QString &role)
{
    const QString out = m_identities.filePath(principal + u'-' + role + u".pem"_s);
    QProcess issue;
    issue.start(PlaneProcess::program(), {u"identity"_s, u"--data"_s, m_plane.dataFolder(), u"--principal"_s, principal, u"--name"_s, principal,
                                          u"--role"_s, role, u"--out"_s, out});
    return issue.waitForFinished(60'000) && issue.exitCode() == 0 ? out : QString();
}

void TestViewer::initTestCase()
{
    m_plane.setArguments({u"--seed"_s, u"7"_s, u"--fleet"_s, u"20"_s, u"--no-workspaces"_s});
    const Status started = m_plane.start();
    QVERIFY2(started, why(started));
    // One that runs, so that its network can be cut.
    const QJsonArray running = operatorAt("control").get("/v1/workspaces?limit=1&filter=simulated:true%20state:running%20isolated:false").items();
    QCOMPARE(running.size(), 1);
    m_workspace = running.first().toObject().value("id"_L1).toString();
}

void TestViewer::init()
{
    const QString identity = issue(u"vera"_s, u"viewer"_s);
    QVERIFY(!identity.isEmpty());
    fleet::Profile profile = m_plane.profile();
    profile.name = u"viewed"_s;
    profile.identityPath = identity;
    profile.proberIdentityPath.clear();
    profile.localData.clear();
    m_program = std::make_unique<Program>();
    QVERIFY(m_program->console.switchboard().profiles().save(profile));
    console::Arguments arguments;
    arguments.profile = u"viewed"_s;
    const Status started = m_program->console.start(arguments);
    QVERIFY2(started, why(started));
    QTRY_VERIFY_WITH_TIMEOUT(m_program->console.switchboard().connection()->rights(), patience);
    QTRY_VERIFY_WITH_TIMEOUT(m_program->console.context().watch() && m_program->console.context().watch()->state() == Watch::State::Live, patience);
}

pages::WorkspacesPage *TestViewer::openWorkspaces()
{
    m_program->console.window().goTo({u"workspaces"_s, {{u"filter"_s, u"id:%1"_s.arg(m_workspace)}}});
    auto *page = qobject_cast<pages::WorkspacesPage *>(m_program->console.window().currentPage());
    if (!page || !waitUntil([&] { return page->table()->setCurrentKey(m_workspace); }))
        return nullptr;
    return page;
}

void TestViewer::rowsAreLive()
{
    pages::WorkspacesPage *page = openWorkspaces();
    QVERIFY(page);
    const auto mark = [page] {
        for (int column = 0; column < page->table()->model()->columnCount(); ++column) {
            const QVariant mark = page->table()->currentIndex().siblingAtColumn(column).data(StateMarkRole);
            if (mark.isValid())
                return StateMark(mark.toInt());
        }
        return StateMark::None;
    };
    QCOMPARE(operatorAt("agent").post("/v1/workspaces/" + m_workspace.toUtf8() + "/isolate").status, 200);
    QTRY_COMPARE_WITH_TIMEOUT(mark(), StateMark::Isolated, patience);
    QCOMPARE(operatorAt("agent").post("/v1/workspaces/" + m_workspace.toUtf8() + "/rejoin").status, 200);
    QTRY_VERIFY_WITH_TIMEOUT(mark() != StateMark::Isolated, patience);
    // Nothing that would be refused can be started.
    const shell::Command *revoke = commands().find(u"workspace.revoke"_s);
    QVERIFY(revoke);
    QTRY_COMPARE_WITH_TIMEOUT(commands().objectCount(), 1, patience);
    QCOMPARE(commands().availability(*revoke).reason, u"You may not revoke workspaces: ask for workspace:revoke on the organisation."_s);
    QVERIFY(!commands().trigger(u"workspace.revoke"_s).enabled);
    QVERIFY(!m_program->console.sheet());
}

void TestViewer::whatIsMissingIsSaidOnTheOverview()
{
    m_program->console.window().goTo({u"overview"_s, {}});
    shell::Page *page = m_program->console.window().currentPage();
    QTRY_COMPARE_WITH_TIMEOUT(stateIn(page), kit::StatePage::State::Ready, patience);
    const auto said = [page] {
        int count = 0;
        for (const QLabel *label : page->findChildren<QLabel *>())
            count += label->isVisible() && label->text().contains(u"ask for audit:read"_s);
        return count;
    };
    QTRY_COMPARE_WITH_TIMEOUT(said(), 2, patience);
    QVERIFY2(!visibleChild<kit::Banner>(page), "a right that is missing is no failure of the plane");
}

void TestViewer::theIdentitysEndIsShown()
{
    const Instant ends = m_program->console.switchboard().connection()->acceptedUntil();
    QVERIFY(ends > Clock::system().now());
    const shell::StatusItem *session = m_program->console.window().statusLine()->session();
    QVERIFY2(session->isVisible() && session->text().startsWith(u"Identity until "_s) && session->text().endsWith(u" left"_s), qPrintable(session->text()));
}

void TestViewer::givenRightsAreFollowed()
{
    QVERIFY(openWorkspaces());
    const shell::Command *freeze = commands().find(u"workspace.freeze"_s);
    QVERIFY(freeze);
    QTRY_VERIFY_WITH_TIMEOUT(commands().objectCount() == 1 && !commands().availability(*freeze).enabled, patience);
    QVERIFY(!issue(u"vera"_s, u"operator"_s).isEmpty());
    // The plane takes it up when a certificate comes that it does not know; the stream then says that vera changed.
    QCOMPARE(client("control", issue(u"zoe"_s, u"viewer"_s)).get("/v1/self").status, 200);
    QTRY_VERIFY_WITH_TIMEOUT(commands().availability(*commands().find(u"workspace.freeze"_s)).enabled, patience);
    QVERIFY(!commands().availability(*commands().find(u"workspace.revoke"_s)).enabled); // an operator may not
}

QTEST_MAIN(TestViewer)
#include "tst_viewer.moc"
