// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/access/policy.h"
#include "models/access/rights.h"

#include <QtCore/QRandomGenerator>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::access;
using namespace Qt::StringLiterals;

namespace {

/// Written from the rules' text alone, slow and plain: every binding is looked at, nothing is compiled.
bool slowlyAllowed(const QVector<Role> &roles, const QVector<Binding> &bindings, const QString &principal,
                   const QString &permission, const Target &target)
{
    bool allowed = false;
    for (const Binding &binding : bindings) {
        if (binding.principal != principal)
            continue;
        bool covers = binding.scope.kind == Scope::Kind::Organisation;
        if (binding.scope.kind == Scope::Kind::Project)
            covers = binding.scope.name == target.project;
        if (binding.scope.kind == Scope::Kind::Workspace)
            covers = binding.scope.name == target.workspace;
        if (!covers)
            continue;
        for (const Role &role : roles) {
            if (role.name != binding.role)
                continue;
            for (const QString &given : role.permissions) {
                const QString resource = permission.section(u':', 0, 0);
                if (given != permission && given != u"*"_s && given != resource + u":*"_s)
                    continue;
                if (binding.effect == Effect::Deny)
                    return false;
                allowed = true;
            }
        }
    }
    return allowed;
}

Binding bind(const char *id, const char *principal, const char *role, Scope scope, Effect effect = Effect::Allow)
{
    return {QString::fromLatin1(id), QString::fromLatin1(principal), QString::fromLatin1(role), std::move(scope),
            effect};
}

} // namespace

class PolicyTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decisions_data()
    {
        QTest::addColumn<QString>("principal");
        QTest::addColumn<QString>("permission");
        QTest::addColumn<QString>("workspace");
        QTest::addColumn<QString>("project");
        QTest::addColumn<int>("reason");
        QTest::addColumn<QString>("binding");
        using Reason = Decision::Reason;
        const auto row = [](const char *tag, const char *who, const char *what, const char *workspace,
                            const char *project, Reason reason, const char *binding) {
            QTest::newRow(tag) << QString::fromLatin1(who) << QString::fromLatin1(what)
                               << QString::fromLatin1(workspace) << QString::fromLatin1(project) << int(reason)
                               << QString::fromLatin1(binding);
        };
        row("everywhere", "karin", "workspace:read", "ws-9", "other", Reason::Allowed, "b1");
        row("as a whole", "karin", "workspace:read", "", "", Reason::Allowed, "b1");
        row("in the project", "karin", "lease:revoke", "ws-1", "payments", Reason::Allowed, "b2");
        row("outside the project", "karin", "lease:revoke", "ws-9", "other", Reason::OutOfScope, "b2");
        row("not as a whole", "karin", "lease:revoke", "", "", Reason::OutOfScope, "b2");
        row("deny beats allow", "karin", "runtime:freeze", "ws-2", "payments", Reason::Denied, "b3");
        row("deny only there", "karin", "runtime:freeze", "ws-1", "payments", Reason::Allowed, "b2");
        row("deny takes reading too", "karin", "workspace:read", "ws-2", "payments", Reason::Denied, "b3");
        row("no role gives it", "karin", "request:decide", "ws-1", "payments", Reason::NoBinding, "");
        row("workspace alone", "dev", "runtime:read", "ws-1", "payments", Reason::Allowed, "b4");
        row("its neighbour", "dev", "runtime:read", "ws-3", "payments", Reason::OutOfScope, "b4");
        row("only denied elsewhere", "dev", "audit:read", "ws-1", "payments", Reason::NoBinding, "");
        row("nobody", "eve", "workspace:read", "ws-1", "payments", Reason::NoBinding, "");
        row("no such permission", "root", "moon:eclipse", "ws-1", "payments", Reason::UnknownPermission, "");
        row("wildcards are no permissions", "root", "*", "ws-1", "payments", Reason::UnknownPermission, "");
        row("administrator", "root", "runtime:terminate", "ws-1", "payments", Reason::Allowed, "b6");
        row("names are exact", "Karin", "workspace:read", "ws-1", "payments", Reason::NoBinding, "");
        row("empty names", "karin", "workspace:read", "ws-2", "", Reason::Denied, "b3");
    }
    void decisions()
    {
        QFETCH(QString, principal);
        QFETCH(QString, permission);
        QFETCH(QString, workspace);
        QFETCH(QString, project);
        QFETCH(int, reason);
        const auto policy = Policy::compile(
            builtInRoles(), {
                                bind("b1", "karin", "viewer", Scope::organisation()),
                                bind("b2", "karin", "operator", Scope::project(u"payments"_s)),
                                bind("b3", "karin", "operator", Scope::workspace(u"ws-2"_s), Effect::Deny),
                                bind("b4", "dev", "viewer", Scope::workspace(u"ws-1"_s)),
                                bind("b5", "dev", "auditor", Scope::workspace(u"ws-2"_s), Effect::Deny),
                                bind("b6", "root", "admin", Scope::organisation()),
                            });
        QVERIFY(policy);
        const Target target{workspace, project};
        const Decision decision = policy->decide(principal, permission, target);
        QCOMPARE(int(decision.reason), reason);
        QTEST(decision.binding, "binding");
        QCOMPARE(policy->allows(principal, permission, target), decision.allowed());
        QCOMPARE(policy->permissionsOf(principal, target).contains(permission), decision.allowed());
        const QString why = decision.explanation();
        QVERIFY(!why.isEmpty() && !why.contains(u'%'));
        QVERIFY2(decision.binding.isEmpty() || why.contains(decision.binding), qPrintable(why));
    }

    void saysWhichRolesWouldAllow()
    {
        const auto policy = Policy::compile(builtInRoles(), {});
        const Decision decision = policy->decide(u"eve"_s, u"runtime:terminate"_s, {});
        QCOMPARE(decision.rolesThatAllow, (QStringList{u"responder"_s, u"admin"_s}));
        QVERIFY(decision.explanation().contains(u"Incident responder"_s));
    }

    void builtInRolesAreApart()
    {
        for (const Role &role : builtInRoles()) {
            QVERIFY(roleTitle(role.name) != role.name);
            for (const QString &permission : role.permissions)
                QVERIFY2(permission == u"*"_s || knownPermissions().contains(permission), qPrintable(permission));
            const bool acts =
                role.permissions.contains(u"runtime:terminate"_s) || role.permissions.contains(u"lease:revoke"_s);
            QVERIFY2(!(acts && role.permissions.contains(u"request:decide"_s)), "who approves must not act");
            QVERIFY2(!role.permissions.contains(u"credential:probe"_s) || role.name == u"responder"_s,
                     qPrintable(role.name));
        }
        QCOMPARE(roleTitle(u"own-role"_s), u"own-role"_s);
    }

    void refusals_data()
    {
        QTest::addColumn<QVector<Role>>("roles");
        QTest::addColumn<QVector<Binding>>("bindings");
        const QVector<Role> fine{{u"r"_s, {u"a:b"_s}}};
        QTest::newRow("no permission") << QVector<Role>{{u"r"_s, {u"nonsense"_s}}} << QVector<Binding>{};
        QTest::newRow("half a permission") << QVector<Role>{{u"r"_s, {u"a:"_s}}} << QVector<Binding>{};
        QTest::newRow("upper case") << QVector<Role>{{u"r"_s, {u"A:b"_s}}} << QVector<Binding>{};
        QTest::newRow("nameless role") << QVector<Role>{{QString(), {u"a:b"_s}}} << QVector<Binding>{};
        QTest::newRow("role twice") << QVector<Role>{{u"r"_s, {u"a:b"_s}}, {u"r"_s, {u"*"_s}}} << QVector<Binding>{};
        QTest::newRow("no such role") << fine << QVector<Binding>{bind("b", "p", "q", {})};
        QTest::newRow("binding twice") << fine << QVector<Binding>{bind("b", "p", "r", {}), bind("b", "q", "r", {})};
        QTest::newRow("binding without identifier") << fine << QVector<Binding>{bind("", "p", "r", {})};
        QTest::newRow("binding of nobody") << fine << QVector<Binding>{bind("b", "", "r", {})};
        QTest::newRow("nameless project") << fine << QVector<Binding>{bind("b", "p", "r", Scope::project({}))};
        QTest::newRow("named organisation")
            << fine << QVector<Binding>{bind("b", "p", "r", {Scope::Kind::Organisation, u"x"_s})};
        QVector<Role> many{{u"r"_s, {}}};
        for (int i = 0; i < 257; ++i)
            many.first().permissions << u"a:b%1"_s.arg(i);
        QTest::newRow("too many permissions") << many << QVector<Binding>{};
    }
    void refusals()
    {
        QFETCH(QVector<Role>, roles);
        QFETCH(QVector<Binding>, bindings);
        const auto policy = Policy::compile(roles, bindings);
        QVERIFY(!policy);
        QVERIFY(policy.error().code == Error::Code::Invalid);
        QVERIFY(!policy.error().message.isEmpty());
    }

    void refusalsSayWhatToAskFor()
    {
        const auto rights = Rights::fromGrants({{u"workspace:read"_s, u"organisation"_s, GrantEffect::Allow},
                                                {u"workspace:revoke"_s, u"project:payments"_s, GrantEffect::Allow},
                                                {u"runtime:freeze"_s, u"organisation"_s, GrantEffect::Allow},
                                                {u"runtime:freeze"_s, u"project:vault"_s, GrantEffect::Deny}});
        QVERIFY(rights);
        QCOMPARE(rights->refusal(u"workspace:read"_s), QString());
        QCOMPARE(rights->refusal(u"workspace:revoke"_s), QString()); // somewhere
        QCOMPARE(rights->refusal(u"workspace:revoke"_s, {{u"ws-1"_s, u"payments"_s}}), QString());
        QCOMPARE(rights->refusal(u"workspace:revoke"_s, {{u"ws-1"_s, u"payments"_s}, {u"ws-2"_s, u"risk"_s}}),
                 u"You may not revoke workspaces: ask for workspace:revoke on project risk."_s);
        QCOMPARE(rights->refusal(u"audit:read"_s), u"You may not read the audit log: ask for audit:read on the organisation."_s);
        QCOMPARE(rights->refusal(u"runtime:freeze"_s, {{u"ws-3"_s, u"vault"_s}}),
                 u"You may not freeze and thaw workspaces: runtime:freeze was denied to you on project vault."_s);
        QCOMPARE(rights->refusal(u"own:thing"_s), u"You may not own:thing: ask for own:thing on the organisation."_s);
        for (const QString &permission : knownPermissions())
            QVERIFY2(permissionTitle(permission) != permission, qPrintable(permission));
        QVERIFY(!Rights::fromGrants({{u"workspace:read"_s, u"galaxy:x"_s, GrantEffect::Allow}}));
        QVERIFY(!Rights::fromGrants({{u"nonsense"_s, u"organisation"_s, GrantEffect::Allow}}));
        QVERIFY(Rights::fromGrants({})->refusal(u"workspace:read"_s).startsWith(u"You may not see workspaces"_s));
    }

    void scopesAsText()
    {
        for (const Scope &scope : {Scope::organisation(), Scope::project(u"a:b"_s), Scope::workspace(u"ws-1"_s)})
            QVERIFY(Scope::fromText(scope.text()).value() == scope);
        for (const char *text : {"", "project:", "workspace:", "galaxy:x", "Organisation", "organisation:x"})
            QVERIFY2(!Scope::fromText(QString::fromLatin1(text)), text);
        QVERIFY(!Scope::fromText(u"project:"_s + QString(300, u'x')));
    }

    /// Random policies, asked everything, by both evaluators.
    void agreesWithTheSlowEvaluator()
    {
        QRandomGenerator random(20260317);
        const QStringList permissions{u"workspace:read"_s, u"lease:revoke"_s, u"lease:read"_s, u"own:thing"_s,
                                      u"own:other"_s};
        const QStringList patterns = permissions + QStringList{u"*"_s, u"lease:*"_s, u"own:*"_s};
        const QStringList names{u"a"_s, u"b"_s, u"c"_s, QString()};
        const auto any = [&](const QStringList &list, int less = 0) {
            return list[random.bounded(int(list.size()) - less)];
        };
        for (int round = 0; round < 400; ++round) {
            QVector<Role> roles{{u"all"_s, permissions}};
            for (int i = 0; i < 4; ++i) {
                Role role{u"r%1"_s.arg(i), {}};
                for (int n = random.bounded(4); n > 0; --n)
                    role.permissions << any(patterns);
                roles << role;
            }
            QVector<Binding> bindings;
            for (int i = random.bounded(12); i > 0; --i) {
                Scope scope{Scope::Kind(random.bounded(3)), any(names, 1)};
                if (scope.kind == Scope::Kind::Organisation)
                    scope.name.clear();
                bindings << Binding{u"b%1"_s.arg(i), any(names, 1), roles[random.bounded(int(roles.size()))].name,
                                    scope, random.bounded(4) ? Effect::Allow : Effect::Deny};
            }
            const auto policy = Policy::compile(roles, bindings);
            QVERIFY(policy);
            for (const QString &principal : names) {
                // What one of them is told of its own rights answers as the policy does.
                const auto rights = Rights::fromGrants(policy->grantsOf(principal));
                QVERIFY(rights);
                for (const QString &permission : permissions) {
                    QCOMPARE(rights->allowsSomewhere(permission), policy->allowsSomewhere(principal, permission));
                    QCOMPARE(rights->refusal(permission).isEmpty(), rights->allowsSomewhere(permission));
                    for (int i = 0; i < 16; ++i) {
                        const Target target{names[i % 4], names[i / 4]};
                        const bool expected = slowlyAllowed(roles, bindings, principal, permission, target);
                        QCOMPARE(policy->allows(principal, permission, target), expected);
                        QCOMPARE(rights->allows(permission, target), expected);
                        QCOMPARE(rights->refusal(permission, {target}).isEmpty(), expected);
                        if (expected && target.project.isEmpty() == target.workspace.isEmpty())
                            QVERIFY(policy->allowsSomewhere(principal, permission) || !target.project.isEmpty());
                        QCOMPARE(policy->decide(principal, permission, target).allowed(), expected);
                    }
                }
            }
        }
    }
};

QTEST_APPLESS_MAIN(PolicyTest)
#include "tst_policy.moc"
