// SPDX-License-Identifier: GPL-3.0-or-later
// How many changes a second the visible Workspaces table takes: real server-sent events over TLS on loopback, from a thread that sends as
// fast as they are read, through transport, model and delegates. Every handling on the GUI thread is timed: a long one is a lost frame.
#include "models/items/workspacemodel.h"
#include "models/transport/eventstream.h"
#include "models/wire/codec.h"
#include "tests/bench/figure.h"
#include "tests/bench/rowcontrol.h"
#include "tests/support/certificatefactory.h"
#include "tests/support/temporarysettings.h"
#include "ui/kit/tableview.h"
#include "ui/pages/workspaces/workspacespage.h"

#include <QtCore/QAbstractEventDispatcher>
#include <QtCore/QThread>
#include <QtNetwork/QSslServer>
#include <QtNetwork/QSslSocket>
#include <QtWidgets/QApplication>

using namespace parapet;

namespace {

constexpr int streamEvents = 400'000;
constexpr int changingRows = 100; ///< one page, a third of it in view
constexpr qint64 fleetRows = 5'000;
constexpr qint64 buffered = 256 << 10;

/// Sends one stream of changes to whoever asks, as fast as it is read.
class EventServer : public QObject
{
    Q_OBJECT

public:
    explicit EventServer(const QSslConfiguration &configuration, Instant now)
    {
        m_server.setSslConfiguration(configuration);
        for (int row = 0; row < changingRows; ++row) {
            QByteArray json;
            wire::appendJson(json, bench::RowControl::workspaceAt(row, now));
            const qsizetype at = json.indexOf("\"version\":1") + 10;
            m_before << json.left(at);
            m_after << json.mid(at + 1);
        }
        connect(&m_server, &QSslServer::pendingConnectionAvailable, this, [this] {
            m_socket = qobject_cast<QSslSocket *>(m_server.nextPendingConnection());
            connect(m_socket, &QSslSocket::readyRead, this, &EventServer::greet);
            connect(m_socket, &QSslSocket::encryptedBytesWritten, this, &EventServer::send);
            greet();
        });
    }

public Q_SLOTS:
    void listen()
    {
        m_server.listen(QHostAddress::LocalHost);
        Q_EMIT listening(m_server.serverPort());
    }
    /// The page is shown: begin.
    void begin()
    {
        m_begun = true;
        send();
    }

Q_SIGNALS:
    void listening(quint16 port);

private:
    void greet()
    {
        m_request += m_socket->readAll();
        if (m_greeted || !m_request.contains("\r\n\r\n"))
            return;
        // The first connection of a client only looks at the certificate.
        m_greeted = true;
        m_socket->write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                        "event: hello\ndata: {\"epoch\":\"bench\",\"sequence\":\"bench-0\",\"pingSeconds\":60}\n\n");
        send();
    }
    void send()
    {
        if (!m_begun || !m_greeted)
            return;
        while (m_sent < streamEvents && m_socket->bytesToWrite() + m_socket->encryptedBytesToWrite() < buffered) {
            QByteArray piece;
            for (int i = 0; i < 64 && m_sent < streamEvents; ++i) {
                const int row = m_sent % changingRows;
                ++m_sent;
                piece += "id: bench-" + QByteArray::number(m_sent) + "\nevent: workspace\ndata: {\"id\":\"ws-" + QByteArray::number(row) + "\",\"removed\":false,\"object\":"
                    + m_before[row] + QByteArray::number(m_sent + 1) + m_after[row] + "}\n\n";
            }
            m_socket->write(piece);
        }
    }

    QSslServer m_server{this}; ///< a child, so that it moves to the thread too
    QSslSocket *m_socket = nullptr;
    QByteArray m_request;
    QVector<QByteArray> m_before, m_after;
    int m_sent = 0;
    bool m_greeted = false;
    bool m_begun = false;
};

/// Times each event that the GUI thread handles, and each round of its event loop: a round is what a key or a click waits for.
class TimedApplication : public QApplication
{
public:
    using QApplication::QApplication;
    bool notify(QObject *receiver, QEvent *event) override
    {
        // The other threads' events come by here too.
        if (QThread::currentThread() != thread() || m_inside)
            return QApplication::notify(receiver, event);
        m_inside = true;
        const auto start = bench::Steady::now();
        const double used = bench::threadMilliseconds();
        if (m_round < 0)
            m_round = used;
        const bool handled = QApplication::notify(receiver, event);
        longest = std::max(longest, bench::millisecondsSince(start));
        longestWork = std::max(longestWork, bench::threadMilliseconds() - used);
        m_inside = false;
        return handled;
    }
    void watchRounds()
    {
        QAbstractEventDispatcher *rounds = QAbstractEventDispatcher::instance();
        connect(rounds, &QAbstractEventDispatcher::aboutToBlock, this, [this] { endRound(); });
        connect(rounds, &QAbstractEventDispatcher::awake, this, [this] { endRound(); });
    }
    void startOver()
    {
        longest = longestWork = longestRound = 0;
        m_round = -1;
    }
    double longest = 0;      ///< wall time of one event
    double longestWork = 0;  ///< processor time of one event
    double longestRound = 0; ///< processor time of one round

private:
    void endRound()
    {
        if (m_round >= 0)
            longestRound = std::max(longestRound, bench::threadMilliseconds() - m_round);
        m_round = -1;
    }
    double m_round = -1; ///< processor time when it began
    bool m_inside = false;
};

} // namespace

int main(int argc, char **argv)
{
    TimedApplication application(argc, argv);
    application.watchRounds();
    kit::Theme theme(kit::ThemeChoice::Dark);
    theme.install(application);
    const Instant now = Clock::system().now();
    const support::CertificateFactory certificates;
    auto *server = new EventServer(certificates.server(), now);
    QThread thread;
    server->moveToThread(&thread);
    QObject::connect(&thread, &QThread::finished, server, &QObject::deleteLater);
    thread.start();
    QObject::connect(server, &EventServer::listening, &application, [&](quint16 port) {
        application.setProperty("port", port);
        QCoreApplication::exit(0);
    });
    QMetaObject::invokeMethod(server, &EventServer::listen);
    QApplication::exec();

    transport::EventStream::Options options;
    options.url = QUrl(QStringLiteral("https://127.0.0.1:%1/v1/changes").arg(application.property("port").toInt()));
    transport::EventStream stream(certificates.trust(), certificates.tlsClient(QStringLiteral("bench")), options, Clock::system());
    support::TemporarySettings settings;
    shell::CommandRegistry commands;
    shell::ConsoleContext context{settings.store(), commands, Clock::system()};
    bench::RowControl control(fleetRows, now);
    QWidget window;
    window.resize(1920, 1080);
    auto *page = new pages::WorkspacesPage(context, &window);
    page->resize(window.size());
    commands.add(page, page->commands());
    commands.setActive(page);
    window.show();
    page->goTo({QStringLiteral("workspaces"), {}});
    page->setActive(true);
    context.setSystem(QStringLiteral("bench"), System{&control, nullptr, nullptr, nullptr, {}}, &stream);

    int came = 0, gaps = 0;
    double seconds = 0, usedBefore = 0;
    bench::Steady::time_point began;
    auto *model = static_cast<WorkspaceModel *>(page->table()->model());
    const auto allThere = [&] {
        for (int row = 0; row < changingRows; ++row) {
            if (!model->rowAt(row) || model->rowAt(row)->version != streamEvents - changingRows + row + 2)
                return false;
        }
        return true;
    };
    QObject::connect(&stream, &Watch::stateChanged, &application, [&](Watch::State state, const Error &why) {
        if (state == Watch::State::Live)
            QMetaObject::invokeMethod(server, &EventServer::begin);
        else if (state == Watch::State::Broken)
            std::fprintf(stderr, "the stream broke: %s %s\n", qPrintable(why.message), qPrintable(why.detail));
    });
    QObject::connect(&stream, &Watch::gapFound, &application, [&] { ++gaps; });
    QObject::connect(&stream, &Watch::changed, &application, [&](const QVector<ChangeEvent> &changes) {
        if (came == 0) {
            began = bench::Steady::now();
            usedBefore = bench::threadMilliseconds();
            application.startOver(); // what was before is starting up
        }
        came += int(changes.size());
    });
    // The end is when the table shows the last change of every row.
    QObject::connect(model, &QAbstractItemModel::dataChanged, &application, [&] {
        if (came == streamEvents && seconds == 0 && allThere()) {
            seconds = bench::millisecondsSince(began) / 1000;
            QCoreApplication::exit(0);
        }
    });
    QTimer::singleShot(120'000, &application, [] { QCoreApplication::exit(1); });
    QApplication::exec();
    thread.quit();
    thread.wait();
    if (seconds == 0) {
        std::fprintf(stderr, "%d of %d events came, %d gaps: rows were lost\n", came, streamEvents, gaps);
        return 1;
    }
    bench::print("stream.rate", streamEvents / seconds, "events/s",
                 QStringLiteral("%1 changes of %2 workspaces over TLS 1.3 on loopback into the visible table, sent as fast as read, until every row shows its last change").arg(streamEvents).arg(changingRows),
                 QStringLiteral("longest the GUI thread was busy without taking events: %1 ms (processor time %2 ms); longest round of its event loop: processor time %3 ms; its processor time in all: %4 ms; rows lost: 0; gaps: %5")
                     .arg(application.longest, 0, 'f', 1).arg(application.longestWork, 0, 'f', 1).arg(application.longestRound, 0, 'f', 1)
                     .arg(bench::threadMilliseconds() - usedBefore, 0, 'f', 0).arg(gaps));
    return 0;
}

#include "bench_stream.moc"
