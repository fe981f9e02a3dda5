// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/shipping/shipping.h"
#include "models/core/json.h"
#include "tests/plane/shipping/syslogreceiver.h"
#include "tests/support/certificatefactory.h"

#include <QtCore/QJsonArray>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::plane;
using namespace parapet::planetest;

class TestShipper : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void tellsEverythingInOrder_data();
    void tellsEverythingInOrder();
    void tellsWhatComesLater();
    void beginsNowWhereItIsAskedTo();
    void showsItsIdentity();
    void refusesOtherReceivers_data();
    void refusesOtherReceivers();
    void aDroppedConnectionLosesNothing();
    void aSlowReceiverHoldsUpNobody();
    void aRestartGoesOn();
    void readsUrls_data();
    void readsUrls();

private:
    void append(int count, const QString &text = u"x"_s)
    {
        QCOMPARE(m_store->perform([&](Unit &unit) {
            for (int i = 0; i < count; ++i) {
                AuditEvent event;
                event.action = u"test.event"_s;
                event.origin = u"test"_s;
                event.detail = Untrusted(text);
                unit.record(event, Tell::Nobody);
            }
        }).has_value(), true);
    }
    Shipper::Options options(const SyslogReceiver &receiver, ShippingFormat format = ShippingFormat::Rfc5424) const
    {
        Shipper::Options options;
        options.destination.host = u"localhost"_s;
        options.destination.port = receiver.serverPort();
        options.destination.format = format;
        options.destination.authorities = m_certificates.authority().certificate().toPem();
        options.product = {u"host"_s, u"1"_s, u"test"_s, 32473};
        options.firstPause = Milliseconds(20);
        options.longestPause = Milliseconds(100);
        return options;
    }
    QSslConfiguration server(const QStringList &hosts = {u"localhost"_s}) const
    {
        QSslConfiguration configuration = m_certificates.server(hosts);
        configuration.setPeerVerifyMode(QSslSocket::QueryPeer); // an identity may be shown
        return configuration;
    }
    std::unique_ptr<Shipper> ship(Shipper::Options options) { return std::make_unique<Shipper>(*m_store, *m_queries, std::move(options)); }

    support::CertificateFactory m_certificates;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<EventQueries> m_queries;
};

void TestShipper::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    Store::Options options;
    options.path = m_folder->filePath(u"plane.sqlite"_s);
    options.origin = u"test"_s;
    auto store = Store::open(std::move(options));
    QVERIFY(store);
    m_store = std::move(*store);
    m_queries = std::make_unique<EventQueries>(m_store->path());
}

void TestShipper::cleanup()
{
    m_queries.reset();
    m_store.reset();
}

void TestShipper::tellsEverythingInOrder_data()
{
    QTest::addColumn<ShippingFormat>("format");
    QTest::addColumn<QByteArray>("holds");
    QTest::newRow("rfc5424") << ShippingFormat::Rfc5424 << QByteArray("[parapet@32473 index=\"");
    QTest::newRow("cef") << ShippingFormat::Cef << QByteArray(" - CEF:0|Parapet|parapet-plane|1|test.event|");
    QTest::newRow("ocsf") << ShippingFormat::Ocsf << QByteArray("\"class_uid\":6003");
}

void TestShipper::tellsEverythingInOrder()
{
    QFETCH(ShippingFormat, format);
    QFETCH(QByteArray, holds);
    append(1500, u"a\nb \"quoted\" | = ]"_s);
    SyslogReceiver receiver(server());
    const auto shipper = ship(options(receiver, format));
    QTRY_COMPARE(receiver.messages.size(), 1500);
    QVERIFY(!receiver.malformed);
    QVERIFY(receiver.hasAll(1500));
    QVERIFY2(receiver.messages.first().contains(holds), receiver.messages.first().constData());
    QTRY_COMPARE(shipper->status().state, ShippingStatus::State::UpToDate);
    QCOMPARE(shipper->status().written, 1500);
    QCOMPARE(receiver.connections, 1);
}

void TestShipper::tellsWhatComesLater()
{
    SyslogReceiver receiver(server());
    Shipping shipping(*m_store, *m_queries, u"test"_s);
    const auto to = options(receiver).destination;
    shipping.add(to);
    QTRY_COMPARE(receiver.connections, 1);
    append(3);
    QTRY_COMPARE(receiver.messages.size(), 3); // by the commit's own word
    const QJsonObject item = parseJson(shipping.json())->toObject().value("items"_L1).toArray().first().toObject();
    QCOMPARE(item.value("destination"_L1).toString(), to.name());
    QCOMPARE(item.value("size"_L1).toInt(), 3);
}

void TestShipper::beginsNowWhereItIsAskedTo()
{
    append(5);
    SyslogReceiver receiver(server());
    auto now = options(receiver);
    now.destination.fromNow = true;
    const auto shipper = ship(now);
    QTRY_COMPARE(shipper->status().state, ShippingStatus::State::UpToDate);
    append(2);
    shipper->wake();
    QTRY_COMPARE(receiver.messages.size(), 2);
    QCOMPARE(receiver.indexes.firstKey(), 5);
}

void TestShipper::showsItsIdentity()
{
    append(1);
    QSslConfiguration strict = m_certificates.server({u"localhost"_s}); // asks for a certificate of its authority
    SyslogReceiver receiver(strict);
    auto known = options(receiver);
    const crypto::Identity identity = m_certificates.client(u"plane-1"_s);
    known.destination.certificate = identity.certificate.toPem();
    known.destination.key = identity.key.toPem();
    const auto shipper = ship(known);
    QTRY_COMPARE(receiver.messages.size(), 1);
    QVERIFY(!receiver.peer.isEmpty());
}

void TestShipper::refusesOtherReceivers_data()
{
    QTest::addColumn<QStringList>("hosts");
    QTest::addColumn<bool>("other");
    QTest::newRow("another name") << QStringList{u"elsewhere.example"_s} << false;
    QTest::newRow("another authority") << QStringList{u"localhost"_s} << true;
}

void TestShipper::refusesOtherReceivers()
{
    QFETCH(QStringList, hosts);
    QFETCH(bool, other);
    append(1);
    support::CertificateFactory stranger(u"Another authority"_s);
    QSslConfiguration configuration = other ? stranger.server(hosts) : server(hosts);
    configuration.setPeerVerifyMode(QSslSocket::QueryPeer);
    SyslogReceiver receiver(configuration);
    const auto shipper = ship(options(receiver));
    QTRY_VERIFY(!shipper->status().lastError.isEmpty());
    QVERIFY2(shipper->status().lastError.contains("certificate"_L1), qPrintable(shipper->status().lastError));
    QCOMPARE(receiver.messages.size(), 0);
    QCOMPARE(shipper->status().position, 0);
    QCOMPARE(shipper->status().connections, 0);
}

void TestShipper::aDroppedConnectionLosesNothing()
{
    append(3000, QString(500, u'd'));
    SyslogReceiver receiver(server());
    receiver.dropAfter = 700; // unread bytes are lost with each connection
    auto small = options(receiver);
    small.window = 32 << 10;
    const auto shipper = ship(small);
    QTRY_VERIFY_WITH_TIMEOUT(receiver.connections >= 3, 30000);
    receiver.dropAfter = -1;
    receiver.dropAll();
    QTRY_VERIFY_WITH_TIMEOUT(receiver.hasAll(3000), 30000);
    QVERIFY(!receiver.malformed);
    QTRY_COMPARE(shipper->status().written, 3000);
    QVERIFY(shipper->status().lastError.isEmpty());
}

void TestShipper::aSlowReceiverHoldsUpNobody()
{
    SyslogReceiver receiver(server());
    receiver.reads = false;
    auto patient = options(receiver);
    const auto shipper = ship(patient);
    QTRY_COMPARE(receiver.connections, 1);
    for (int i = 0; i < 20; ++i)
        append(1000, QString(1000, u's')); // 20 MB: more than the sockets hold
    shipper->wake();
    QCOMPARE(m_store->log().head().size, 20'000);
    QTRY_COMPARE(shipper->status().state, ShippingStatus::State::Shipping);
    QVERIFY(shipper->status().written < 20'000);
    QVERIFY(shipper->status().position < 20'000);
    receiver.readAgain();
    QTRY_VERIFY_WITH_TIMEOUT(receiver.hasAll(20'000), 60000);
    QVERIFY(!receiver.malformed);
}

void TestShipper::aRestartGoesOn()
{
    append(100);
    SyslogReceiver receiver(server());
    auto quick = options(receiver);
    quick.settle = Milliseconds(50);
    auto shipper = ship(quick);
    QTRY_COMPARE(shipper->status().position, 100); // all of it has settled
    shipper.reset();
    QCOMPARE(m_store->perform([](Unit &) {}).has_value(), true);
    append(10);
    shipper = ship(quick);
    QTRY_COMPARE(receiver.messages.size(), 110); // and not 210
    // What had not settled is told again.
    shipper.reset();
    auto slow = options(receiver);
    slow.settle = std::chrono::hours(1);
    append(5);
    shipper = ship(slow);
    QTRY_VERIFY(receiver.hasAll(115));
    QTRY_COMPARE(shipper->status().written, 115);
    shipper.reset();
    const qsizetype before = receiver.messages.size();
    shipper = ship(slow);
    QTRY_VERIFY(receiver.messages.size() >= before + 5);
}

void TestShipper::readsUrls_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("name");
    QTest::newRow("whole") << u"syslog+tls://siem.example:7000?format=cef&enterprise=9&from=now"_s << u"siem.example:7000 as cef"_s;
    QTest::newRow("default") << u"syslog+tls://siem.example"_s << u"siem.example:6514 as rfc5424"_s;
    QTest::newRow("address") << u"syslog+tls://[::1]:1?format=ocsf"_s << u"::1:1 as ocsf"_s;
    for (const char *wrong : {"", "siem.example:1", "syslog://siem.example", "syslog+tls://", "syslog+tls://a:b@c", "syslog+tls://a/path", "syslog+tls://a?format=leef",
                              "syslog+tls://a?format=cef&format=cef", "syslog+tls://a?ca=/nowhere", "syslog+tls://a?enterprise=0", "syslog+tls://a?from=then", "syslog+tls://a?verify=no"})
        QTest::newRow(wrong) << QString::fromLatin1(wrong) << QString();
}

void TestShipper::readsUrls()
{
    QFETCH(QString, url);
    QFETCH(QString, name);
    const auto read = ShippingDestination::fromUrl(url);
    QCOMPARE(read.has_value(), !name.isEmpty());
    if (read)
        QCOMPARE(read->name(), name);
    else
        QCOMPARE(read.error().code, Error::Code::Invalid);
}

QTEST_GUILESS_MAIN(TestShipper)
#include "tst_shipper.moc"
