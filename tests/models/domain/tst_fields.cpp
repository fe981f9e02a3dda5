// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/auditevent.h"
#include "models/domain/fieldtext.h"
#include "models/domain/lease.h"
#include "models/domain/process.h"
#include "models/domain/session.h"
#include "models/domain/recording.h"
#include "models/domain/snapshot.h"
#include "models/domain/workspace.h"

#include <QtTest/QTest>

#include <set>

using namespace parapet;
using namespace Qt::StringLiterals;

/// What every field table must hold, whatever its value.
class FieldsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tablesAreSound()
    {
        check<Workspace>();
        check<Principal>();
        check<Session>();
        check<Lease>();
        check<Process>();
        check<Flow>();
        check<AuditEvent>();
        check<Snapshot>();
        check<Recording>();
    }

    void readsAndWritesMembers()
    {
        Workspace workspace;
        const auto *name = findField<Workspace>(u"name");
        QVERIFY(name->set(workspace, Untrusted(u"ws-a"_s)));
        QCOMPARE(workspace.name.raw(), u"ws-a"_s);
        QVERIFY2(!name->set(workspace, u"ws-b"_s), "plain text does not become untrusted by itself");

        const auto *state = findField<Workspace>(u"state");
        QVERIFY(state->set(workspace, u"frozen"_s));
        QCOMPARE(workspace.state, WorkspaceState::Frozen);
        QCOMPARE(state->number(workspace), 2);
        QVERIFY(!state->set(workspace, u"melted"_s));
        QVERIFY(!state->set(workspace, qint64(2)));
        QCOMPARE(workspace.state, WorkspaceState::Frozen);

        const auto *id = findField<Workspace>(u"id");
        QVERIFY(!id->set(workspace, u"../etc"_s));
        QVERIFY(id->set(workspace, QString()));
        QVERIFY(id->set(workspace, u"ws-1"_s));
        QCOMPARE(*id->text(workspace), u"ws-1"_s);
    }

    void unknownFieldIsNull() { QVERIFY(!findField<Workspace>(u"secret")); }

private:
    template<class T>
    void check()
    {
        std::set<QString> names;
        for (const Field<T> &field : fieldsOf<T>()) {
            const QString name = QString::fromLatin1(field.name);
            QVERIFY2(names.insert(name).second, field.name);
            QVERIFY2(name.front().isLower(), field.name);
            QVERIFY2(!labelOf(field).isEmpty() && labelOf(field).front().isUpper(), field.name);
            QVERIFY2(!helpOf(field).isEmpty() && !helpOf(field).endsWith(u'.'), field.name);
            QCOMPARE(field.kind == FieldKind::Enumeration, !field.values.empty());
            // Every value that a member gives back, the member takes.
            T value;
            QVERIFY2(field.set(value, field.get(value)), field.name);
            QVERIFY2(!field.set(value, FieldValue()), field.name);
            // A value is lent as text or as a number, or is a real: never two of them.
            const bool real = std::holds_alternative<double>(field.get(value));
            QCOMPARE(int(field.text != nullptr) + int(field.number != nullptr) + int(real), 1);
            for (const char *entry : field.values)
                QVERIFY2(enumerationText(QString::fromLatin1(entry)) != QLatin1String(entry), entry);
        }
    }
};

QTEST_APPLESS_MAIN(FieldsTest)
#include "tst_fields.moc"
