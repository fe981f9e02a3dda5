// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/filterfield.h"
#include "ui/kit/theme.h"

#include <QtTest/QtTest>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListView>

using namespace parapet::kit;

namespace {

/// field:value, where the field must be one of three.
class ThreeFields : public FilterSyntax
{
public:
    QVector<FilterChip> chips(const QString &filter) const override
    {
        QVector<FilterChip> result;
        for (const QString &word : filter.split(u' ', Qt::SkipEmptyParts))
            result += parse(word);
        return result;
    }
    QVector<FilterChip> parse(const QString &typed) const override
    {
        const QString text = typed.trimmed();
        if (text.isEmpty())
            return {};
        const auto colon = text.indexOf(u':');
        if (colon < 0)
            return {FilterChip{{}, {}, text, QStringLiteral("a field is missing")}};
        FilterChip chip{text.left(colon), QStringLiteral(":"), text.mid(colon + 1), {}};
        if (!fields.contains(chip.field))
            chip.error = QStringLiteral("no such field");
        return {chip};
    }
    QString print(const QVector<FilterChip> &chips) const override
    {
        QStringList words;
        for (const FilterChip &chip : chips) {
            if (chip.error.isEmpty())
                words << chip.field + chip.op + chip.value;
        }
        return words.join(u' ');
    }
    QVector<Completion> complete(const QString &typed, int position) const override
    {
        QVector<Completion> rows;
        const QString word = typed.left(position);
        for (const QString &field : fields) {
            if (field.startsWith(word)) {
                Completion row;
                row.insert = field + u':';
                row.length = int(word.size());
                row.label = field;
                row.match = int(word.size());
                rows << row;
            }
        }
        if (word == QStringLiteral("state:")) {
            Completion row;
            row.insert = QStringLiteral("running");
            row.from = 6;
            row.label = row.insert;
            row.complete = true;
            rows << row;
        }
        return rows;
    }

    QStringList fields{QStringLiteral("team"), QStringLiteral("state"), QStringLiteral("owner")};
};

} // namespace

class TestFilterField : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void typingMakesAChip();
    void spaceEndsACondition();
    void aMistakeStaysAndIsNotInForce();
    void completesByKeyboard();
    void chipsByKeyboard();
    void chipByMouse();
    void escapeGoesStepByStep();
    void setFilterDoesNotAnnounce();
    void withoutSyntaxItIsFreeText();
    void manyChipsKeepTheCaretInSight();

private:
    QLineEdit *edit() const { return m_field->edit(); }

    Theme m_theme{ThemeChoice::Dark};
    ThreeFields m_syntax;
    std::unique_ptr<QWidget> m_window;
    FilterField *m_field = nullptr;
    QLineEdit *m_other = nullptr;
};

void TestFilterField::initTestCase()
{
    m_theme.install(*qApp);
}

void TestFilterField::init()
{
    m_window = std::make_unique<QWidget>();
    auto *column = new QVBoxLayout(m_window.get());
    m_field = new FilterField;
    m_other = new QLineEdit;
    column->addWidget(m_field);
    column->addWidget(m_other);
    column->addStretch(1);
    m_field->setSyntax(&m_syntax);
    m_window->resize(640, 480);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    m_field->setFocus();
    QTRY_VERIFY(edit()->hasFocus());
}

void TestFilterField::cleanup()
{
    m_window.reset();
}

void TestFilterField::typingMakesAChip()
{
    QSignalSpy changed(m_field, &FilterField::filterChanged);
    QTest::keyClicks(edit(), QStringLiteral("team:payments"));
    QCOMPARE(changed.count(), 0);
    QTest::keyClick(edit(), Qt::Key_Return);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.last().at(0).toString(), QStringLiteral("team:payments"));
    QCOMPARE(m_field->chips().size(), 1);
    QVERIFY(m_field->typedText().isEmpty());
    QVERIFY(m_field->chipRect(0).isValid());
    QTest::keyClick(edit(), Qt::Key_Return);
    QCOMPARE(changed.count(), 1); // nothing new was said
}

void TestFilterField::spaceEndsACondition()
{
    QTest::keyClicks(edit(), QStringLiteral("team:payments owner:x"));
    QCOMPARE(m_field->chips().size(), 1);
    QCOMPARE(m_field->typedText(), QStringLiteral("owner:x"));
    QTest::keyClicks(edit(), QStringLiteral(" free "));
    QCOMPARE(m_field->chips().size(), 2);
    QCOMPARE(m_field->typedText(), QStringLiteral("free ")); // not readable: the space is only a space
}

void TestFilterField::aMistakeStaysAndIsNotInForce()
{
    m_field->setFilter(QStringLiteral("team:payments"));
    QSignalSpy changed(m_field, &FilterField::filterChanged);
    QTest::keyClicks(edit(), QStringLiteral("teem:payments"));
    QTest::keyClick(edit(), Qt::Key_Return);
    QCOMPARE(m_field->chips().size(), 2);
    QCOMPARE(m_field->chips().last().error, QStringLiteral("no such field"));
    QCOMPARE(m_field->filter(), QStringLiteral("team:payments"));
    QCOMPARE(changed.count(), 0);
}

void TestFilterField::completesByKeyboard()
{
    QTest::keyClicks(edit(), QStringLiteral("st"));
    QVERIFY(m_field->popup()->isVisible());
    QCOMPARE(m_field->popup()->model()->rowCount(), 1);
    QVERIFY(edit()->hasFocus());
    QTest::keyClick(edit(), Qt::Key_Tab);
    QCOMPARE(m_field->typedText(), QStringLiteral("state:"));
    QVERIFY(m_field->popup()->isVisible());
    QTest::keyClick(edit(), Qt::Key_Down);
    QTest::keyClick(edit(), Qt::Key_Return);
    QCOMPARE(m_field->filter(), QStringLiteral("state:running"));
    QVERIFY(!m_field->popup()->isVisible());
    // Down on the empty field offers all fields; leaving closes it.
    QTest::keyClick(edit(), Qt::Key_Down);
    QCOMPARE(m_field->popup()->model()->rowCount(), 3);
    m_other->setFocus();
    QTRY_VERIFY(!m_field->popup()->isVisible());
}

void TestFilterField::chipsByKeyboard()
{
    m_field->setFilter(QStringLiteral("team:a state:b owner:c"));
    QSignalSpy changed(m_field, &FilterField::filterChanged);
    QTest::keyClick(edit(), Qt::Key_Left);
    QCOMPARE(m_field->currentChip(), 2);
    QTest::keyClick(edit(), Qt::Key_Home);
    QCOMPARE(m_field->currentChip(), 0);
    QTest::keyClick(edit(), Qt::Key_Right);
    QCOMPARE(m_field->currentChip(), 1);
    QTest::keyClick(edit(), Qt::Key_Delete);
    QCOMPARE(changed.last().at(0).toString(), QStringLiteral("team:a owner:c"));
    QCOMPARE(m_field->currentChip(), 1);
    QTest::keyClick(edit(), Qt::Key_Return); // edits it
    QCOMPARE(m_field->currentChip(), -1);
    QCOMPARE(m_field->typedText(), QStringLiteral("owner:c"));
    QCOMPARE(changed.last().at(0).toString(), QStringLiteral("team:a"));
    edit()->clear();
    QTest::keyClick(edit(), Qt::Key_Backspace);
    QTest::keyClick(edit(), Qt::Key_Backspace);
    QCOMPARE(m_field->filter(), QString());
    QCOMPARE(m_field->currentChip(), -1);
}

void TestFilterField::chipByMouse()
{
    m_field->setFilter(QStringLiteral("team:a state:b"));
    const QRect chip = m_field->chipRect(0);
    QTest::mouseClick(m_field, Qt::LeftButton, {}, QPoint(chip.right() - 6, chip.center().y()));
    QCOMPARE(m_field->filter(), QStringLiteral("state:b"));
    QTest::mouseClick(m_field, Qt::LeftButton, {}, m_field->chipRect(0).topLeft() + QPoint(8, 8));
    QCOMPARE(m_field->typedText(), QStringLiteral("state:b"));
    QVERIFY(m_field->chips().isEmpty());
}

void TestFilterField::escapeGoesStepByStep()
{
    m_field->setFilter(QStringLiteral("team:a"));
    QTest::keyClicks(edit(), QStringLiteral("o"));
    QVERIFY(m_field->popup()->isVisible());
    QTest::keyClick(edit(), Qt::Key_Escape);
    QVERIFY(!m_field->popup()->isVisible());
    QCOMPARE(m_field->filter(), QStringLiteral("team:a"));
    QTest::keyClick(edit(), Qt::Key_Escape);
    QCOMPARE(m_field->filter(), QString());
    QVERIFY(m_field->typedText().isEmpty());
    QTest::keyClick(edit(), Qt::Key_Escape);
    QTRY_VERIFY(!edit()->hasFocus());
}

void TestFilterField::setFilterDoesNotAnnounce()
{
    QSignalSpy changed(m_field, &FilterField::filterChanged);
    m_field->setFilter(QStringLiteral("team:a state:b"));
    QCOMPARE(changed.count(), 0);
    QCOMPARE(m_field->filter(), QStringLiteral("team:a state:b"));
}

void TestFilterField::withoutSyntaxItIsFreeText()
{
    m_field->setSyntax(nullptr);
    QSignalSpy changed(m_field, &FilterField::filterChanged);
    QTest::keyClicks(edit(), QStringLiteral("ab"));
    QCOMPARE(changed.count(), 2);
    QCOMPARE(m_field->filter(), QStringLiteral("ab"));
}

void TestFilterField::manyChipsKeepTheCaretInSight()
{
    QStringList words;
    for (int i = 0; i < 40; ++i)
        words << QStringLiteral("team:number-%1").arg(i);
    m_field->setFilter(words.join(u' '));
    QVERIFY(edit()->geometry().right() <= m_field->width());
    QVERIFY(edit()->isVisible());
    QTest::keyClick(edit(), Qt::Key_Left);
    QTest::keyClick(edit(), Qt::Key_Home);
    QVERIFY(m_field->chipRect(0).left() >= 0);
    QVERIFY(!m_field->grab().isNull());
}

QTEST_MAIN(TestFilterField)
#include "tst_filterfield.moc"
