// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/workspace.h"
#include "models/query/completion.h"
#include "models/query/predicate.h"

#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::query;
using namespace Qt::StringLiterals;

namespace {

/// The filter with `|` where the cursor stands.
Completion completeAt(QString text, const ValueSource &values = {})
{
    const int cursor = int(text.indexOf(u'|'));
    text.remove(cursor, 1);
    return complete(text, cursor, schemaOf<Workspace>(), values);
}

QStringList labels(const Completion &completion)
{
    QStringList result;
    for (const Candidate &candidate : completion.candidates)
        result << candidate.label;
    return result;
}

} // namespace

class CompletionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firstCandidates_data()
    {
        QTest::addColumn<QString>("replaced");
        QTest::addColumn<QStringList>("first");
        const auto row = [](const char *text, const char *replaced, QStringList first) {
            QTest::newRow(text) << QString::fromUtf8(replaced) << first;
        };
        row("|", "", {u"id"_s, u"name"_s, u"state"_s});
        row("te|", "te", {u"team"_s});
        row("TE|", "TE", {u"team"_s});
        row("state:running te|", "te", {u"team"_s});
        row("!te|", "te", {u"team"_s});
        row("(te|)", "te", {u"team"_s});
        row("image.|", "image.", {u"image.digest"_s, u"image.signed"_s, u"image.age"_s});
        row("team|", "team", {u":"_s, u"!:"_s, u"~"_s});
        row("image|", "image", {u":"_s, u"!:"_s, u"~"_s, u"imageDigest"_s});
        row("leases|", "leases", {u">="_s, u"<="_s});
        row("state:|", "", {u"starting"_s, u"running"_s, u"frozen"_s});
        row("state:st|", "st", {u"starting"_s, u"stopping"_s, u"stopped"_s});
        row("state:running,|", "", {u"starting"_s, u"frozen"_s});
        row("state:fr|ozen a", "frozen", {u"frozen"_s});
        row("status!:rev|", "rev", {u"revoked"_s});
        row("isolated:|", "", {u"true"_s, u"false"_s});
        row("started<|", "", {u"10m"_s, u"1h"_s});
        row("a O|", "O", {u"observed"_s});
    }
    void firstCandidates()
    {
        QFETCH(QString, replaced);
        QFETCH(QStringList, first);
        const QString text = QString::fromUtf8(QTest::currentDataTag());
        const Completion completion = completeAt(text);
        QCOMPARE(QString(text).remove(u'|').mid(completion.replace.from, completion.replace.length), replaced);
        if (text.endsWith(u"O|"_s))
            QVERIFY(labels(completion).contains(u"OR"_s));
        else
            QCOMPARE(labels(completion).mid(0, first.size()), first);
    }

    void helpComesFromTheFieldTable()
    {
        const Candidate team = completeAt(u"tea|"_s).candidates.first();
        QCOMPARE(team.kind, Candidate::Kind::Field);
        QCOMPARE(team.text, u"team:"_s);
        QCOMPARE(team.help, u"the owner's team"_s);
        QCOMPARE(completeAt(u"lea|"_s).candidates.first().text, u"leases>="_s);
        QCOMPARE(completeAt(u"hel|"_s).candidates.first().text, u"held>="_s);
        QCOMPARE(completeAt(u"star|"_s).candidates.first().text, u"started<"_s);
    }

    void valuesComeFromTheSource()
    {
        QStringList asked;
        const ValueSource source = [&](const QString &field, const QString &part) {
            asked << field + u'/' + part;
            return QStringList{u"payments"_s, u"pay roll"_s, u"other"_s};
        };
        Completion completion = completeAt(u"team:payments,pa|"_s, source);
        QCOMPARE(asked, QStringList{u"team/pa"_s});
        QCOMPARE(labels(completion), QStringList{u"pay roll"_s});
        QCOMPARE(completion.candidates.first().text, u"\"pay roll\""_s);

        completion = completeAt(u"team:\"pay r|"_s, source);
        QCOMPARE(labels(completion), QStringList{u"pay roll"_s});
        QCOMPARE(completion.replace, (Span{5, 6}));

        asked.clear();
        completeAt(u"state:|"_s, source);
        QVERIFY2(asked.isEmpty(), "an enumeration knows its own values");
    }

    void nothingToOffer()
    {
        QVERIFY(completeAt(u"nosuch:|"_s).candidates.isEmpty());
        QVERIFY(completeAt(u"\"quoted te|"_s).candidates.isEmpty());
        QVERIFY(completeAt(u"leases>|"_s).candidates.isEmpty());
        QVERIFY(complete(u"te", 99, schemaOf<Workspace>()).candidates.size() > 0);
        QVERIFY(complete(u"te", -1, schemaOf<Workspace>()).candidates.size() > 0);
    }

    void longListsAreCut()
    {
        const ValueSource source = [](const QString &, const QString &) {
            QStringList many;
            for (int i = 0; i < 500; ++i)
                many << QString::number(i);
            return many;
        };
        QCOMPARE(completeAt(u"team:|"_s, source).candidates.size(), maxCandidates);
    }

    /// Whatever field is chosen, followed by a value of its kind, makes a filter that compiles.
    void candidatesCompile()
    {
        const Schema schema = schemaOf<Workspace>();
        for (const Candidate &candidate : completeAt(u"|"_s).candidates) {
            if (candidate.kind != Candidate::Kind::Field)
                continue;
            const SchemaField &field = schema.fields()[schema.resolve(candidate.label).front()];
            const QString value = field.kind == FieldKind::Time      ? u"8h"_s
                                  : field.kind == FieldKind::Boolean ? u"true"_s
                                  : field.values.empty()             ? u"3"_s
                                                                     : QString::fromLatin1(field.values.front());
            QVERIFY2(predicateFrom<Workspace>(candidate.text + value), qPrintable(candidate.text + value));
        }
    }
};

QTEST_APPLESS_MAIN(CompletionTest)
#include "tst_completion.moc"
