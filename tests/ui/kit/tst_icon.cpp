// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/icon.h"

#include <QtCore/QDir>
#include <QtCore/QSet>
#include <QtGui/QImage>
#include <QtTest/QtTest>

using namespace parapet::kit;

class TestIcon : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyIconHasItsFile();
    void everyFileIsAnIcon();
    void tintedAndSharp();
};

void TestIcon::everyIconHasItsFile()
{
    for (int i = 1; i < IconCount; ++i) {
        const QPixmap pixmap = iconPixmap(Icon(i), Qt::red, 1);
        QVERIFY2(!pixmap.isNull(), iconName(Icon(i)));
        const QImage image = pixmap.toImage();
        int drawn = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                drawn += image.pixelColor(x, y).alpha() > 100;
        }
        QVERIFY2(drawn >= 3, iconName(Icon(i)));
    }
}

void TestIcon::everyFileIsAnIcon()
{
    QSet<QString> names;
    for (int i = 1; i < IconCount; ++i)
        names.insert(QLatin1String(iconName(Icon(i))) + QStringLiteral(".svg"));
    QCOMPARE(names.size(), IconCount - 1);
    const QStringList files =
        QDir(QStringLiteral(PARAPET_SOURCE_DIR "/resources/icons")).entryList({QStringLiteral("*.svg")});
    QCOMPARE(QSet<QString>(files.begin(), files.end()), names);
}

void TestIcon::tintedAndSharp()
{
    const QPixmap pixmap = iconPixmap(Icon::Stop, QColor(10, 200, 30), 2);
    QCOMPARE(pixmap.size(), QSize(32, 32));
    QCOMPARE(pixmap.devicePixelRatio(), 2.0);
    const QImage image = pixmap.toImage();
    bool found = false;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            found = found || image.pixelColor(x, y) == QColor(10, 200, 30);
    }
    QVERIFY(found);
    QVERIFY(iconPixmap(Icon::None, Qt::red, 1).isNull());
}

QTEST_MAIN(TestIcon)
#include "tst_icon.moc"
