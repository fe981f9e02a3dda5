// SPDX-License-Identifier: GPL-3.0-or-later
// The English texts: nothing stale, nothing unfinished, and the plural forms that people read.
#include "ui/kit/text/language.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using namespace parapet;
using namespace Qt::StringLiterals;

class TestTranslations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFileIsWhatTheSourcesSay();
    void nothingIsUnfinished();
    void pluralsAreRight_data();
    void pluralsAreRight();

private:
    static QByteArray read(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    const QString m_file = QStringLiteral(PARAPET_SOURCE_DIR "/translations/parapet_en.ts");
};

void TestTranslations::theFileIsWhatTheSourcesSay()
{
    QTemporaryDir folder;
    const QString copy = folder.filePath(u"parapet_en.ts"_s);
    QVERIFY(QFile::copy(m_file, copy));
    QProcess update;
    update.setProcessChannelMode(QProcess::MergedChannels);
    update.start(QStringLiteral(PARAPET_SOURCE_DIR "/packaging/translations"), {copy});
    QVERIFY(update.waitForFinished(60'000));
    QVERIFY2(update.exitCode() == 0, update.readAll().constData());
    QVERIFY2(read(copy) == read(m_file), "translations/parapet_en.ts is stale: run packaging/translations and fill in what is new");
}

void TestTranslations::nothingIsUnfinished()
{
    const QByteArray text = read(m_file);
    QVERIFY(text.contains("<numerusform>"));
    QVERIFY(!text.contains("type=\"unfinished\""));
    QVERIFY(!text.contains("<numerusform></numerusform>"));
}

void TestTranslations::pluralsAreRight_data()
{
    QTest::addColumn<QByteArray>("context");
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<int>("n");
    QTest::addColumn<QString>("text");
    const QByteArray sheet("parapet::ui::OperationSheet"), needs("needs"), overview("parapet::pages::OverviewPage");
    QTest::newRow("none") << sheet << QByteArray("%Ln step(s)") << 0 << u"0 steps"_s;
    QTest::newRow("one") << sheet << QByteArray("%Ln step(s)") << 1 << u"1 step"_s;
    QTest::newRow("two") << sheet << QByteArray("%Ln step(s)") << 2 << u"2 steps"_s;
    QTest::newRow("one with its verb") << needs << QByteArray("running workspace(s) with an unsigned image") << 1 << u"running workspace has an unsigned image"_s;
    QTest::newRow("more with their verb") << needs << QByteArray("running workspace(s) with an unsigned image") << 7 << u"running workspaces have an unsigned image"_s;
    QTest::newRow("needs") << overview << QByteArray("need(s) a human") << 1 << u"needs a human"_s;
}

void TestTranslations::pluralsAreRight()
{
    QFETCH(QByteArray, context);
    QFETCH(QByteArray, source);
    QFETCH(int, n);
    QFETCH(QString, text);
    kit::installLanguage(*qApp);
    kit::installLanguage(*qApp); // once more does nothing
    QCOMPARE(QCoreApplication::translate(context.constData(), source.constData(), nullptr, n), text);
}

QTEST_MAIN(TestTranslations)
#include "tst_translations.moc"
