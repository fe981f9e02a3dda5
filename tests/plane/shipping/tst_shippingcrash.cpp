// SPDX-License-Identifier: GPL-3.0-or-later
// A plane that is killed while it ships: every event arrives, at least once.
#include "tests/plane/control/planeprogram.h"
#include "tests/plane/shipping/syslogreceiver.h"
#include "tests/support/certificatefactory.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::planetest;

class TestShippingCrash : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void killedItGoesOn();
};

void TestShippingCrash::killedItGoesOn()
{
    support::CertificateFactory certificates;
    QSslConfiguration configuration = certificates.server({u"127.0.0.1"_s});
    configuration.setPeerVerifyMode(QSslSocket::QueryPeer);
    SyslogReceiver receiver(configuration);
    PlaneProgram program;
    const QStringList arguments{u"--activity"_s, u"none"_s, u"--no-workspaces"_s, u"--ship"_s,
                                u"syslog+tls://127.0.0.1:%1?format=ocsf&ca=%2"_s.arg(receiver.serverPort()).arg(certificates.caPath())};
    for (int round = 0; round < 4; ++round) {
        const qsizetype before = receiver.messages.size();
        QVERIFY2(program.start(arguments), program.errors().constData());
        QTRY_VERIFY_WITH_TIMEOUT(receiver.messages.size() > before + 20 * round, 30000);
        program.kill();
    }
    QVERIFY2(program.start(arguments), program.errors().constData());
    // The world's history came with the first start: every index to the highest one is there.
    QTRY_VERIFY_WITH_TIMEOUT(receiver.indexes.size() > 100 && receiver.hasAll(receiver.indexes.lastKey() + 1), 30000);
    QVERIFY(!receiver.malformed);
    QVERIFY(program.end());
}

QTEST_GUILESS_MAIN(TestShippingCrash)
#include "tst_shippingcrash.moc"
