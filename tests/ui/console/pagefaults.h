// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/console/console.h"
#include "app/console/pages.h"
#include "tests/support/faultproxy.h"
#include "tests/support/planeprocess.h"
#include "tests/support/scriptedserver.h"
#include "tests/ui/pages/desk.h"
#include "ui/kit/text/label.h"
#include "ui/kit/tableview.h"
#include "ui/shell/statusline.h"

#include <QtCore/QFile>
#include <QtCore/QRegularExpression>
#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslKey>
#include <QtWidgets/QAbstractItemView>

namespace parapet::support {

/// What goes wrong between a console and its plane. The faults of the network come from a proxy, wrong answers from a server
/// that has the plane's own certificate.
struct Fault {
    enum class Kind { Gone, Silent, HalfAnswer, Wrong };
    Kind kind = Kind::Gone;
    ScriptedServer::Answer answer{}; ///< to everything, for Wrong
    bool alone = true;             ///< the console recovers by itself; false: somebody has to press "Try again"
};

/// A real plane behind three proxies, and beside it a server that can take its place.
class FaultyPlane
{
public:
    /// Nothing runs in it: its fleet is simulated.
    Status start()
    {
        m_plane.setArguments({QStringLiteral("--seed"), QStringLiteral("7"), QStringLiteral("--no-workspaces"), QStringLiteral("--activity"),
                              QStringLiteral("none"), QStringLiteral("--fleet"), QStringLiteral("30")});
        if (const Status started = m_plane.start(); !started)
            return started;
        QFile own(m_plane.dataFolder() + QStringLiteral("/server.pem"));
        if (!own.open(QIODevice::ReadOnly))
            return fail(Error::Code::Storage, own.errorString());
        const QByteArray pem = own.readAll();
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setProtocol(QSsl::TlsV1_3OrLater);
        configuration.setLocalCertificate(QSslCertificate(pem));
        configuration.setPrivateKey(QSslKey(pem, QSsl::Ec));
        configuration.setCaCertificates(QSslCertificate::fromPath(m_plane.profile().caPath));
        configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
        m_wrong = std::make_unique<ScriptedServer>(configuration);
        m_wrong->handler = [this](const ScriptedServer::Request &) { return m_answer; };
        m_profile = m_plane.profile();
        m_profile.name = QStringLiteral("fleet");
        m_profile.localData.clear(); // the console is not to start or stop it
        for (QUrl fleet::Profile::*url : {&fleet::Profile::control, &fleet::Profile::audit, &fleet::Profile::agent}) {
            m_upstream.append(quint16((m_profile.*url).port()));
            m_proxies.push_back(std::make_unique<FaultProxy>(m_upstream.last()));
            (m_profile.*url).setPort(m_proxies.back()->port());
        }
        return {};
    }

    const fleet::Profile &profile() const { return m_profile; }

    void begin(const Fault &fault)
    {
        m_answer = fault.answer;
        for (const auto &proxy : m_proxies) {
            switch (fault.kind) {
            case Fault::Kind::Gone: proxy->refuse(); continue;
            case Fault::Kind::Silent: proxy->setMode(FaultProxy::Mode::Stall); break;
            case Fault::Kind::HalfAnswer:
                // Beyond the handshake, within the first answer.
                proxy->setTruncateAfter(3'000);
                proxy->setMode(FaultProxy::Mode::Truncate);
                break;
            case Fault::Kind::Wrong: proxy->setUpstream(m_wrong->port()); break;
            }
            proxy->cutAll();
        }
    }
    void end(const Fault &fault)
    {
        for (size_t i = 0; i < m_proxies.size(); ++i) {
            m_proxies[i]->setMode(FaultProxy::Mode::Pass);
            m_proxies[i]->setUpstream(m_upstream[qsizetype(i)]);
            if (fault.kind == Fault::Kind::Gone)
                m_proxies[i]->accept();
            else
                m_proxies[i]->cutAll();
        }
        m_wrong->dropConnections();
    }

private:
    PlaneProcess m_plane;
    fleet::Profile m_profile;
    QVector<quint16> m_upstream;
    std::vector<std::unique_ptr<FaultProxy>> m_proxies;
    std::unique_ptr<ScriptedServer> m_wrong;
    ScriptedServer::Answer m_answer;
};

/// The real console, offscreen, on settings and a data folder of its own.
struct ConsoleProgram {
    ConsoleProgram() : console(settings.store(), testTheme(), folder.filePath(QStringLiteral("data")), secrets, nullptr) {}

    Status open(const fleet::Profile &profile)
    {
        if (const Status saved = console.switchboard().profiles().save(profile); !saved)
            return saved;
        console::Arguments arguments;
        arguments.profile = profile.name;
        return console.start(arguments);
    }
    bool isLive()
    {
        const fleet::Connection *connection = console.switchboard().connection();
        return connection && connection->state() == fleet::HealthState::Healthy && connection->watch()
            && connection->watch()->state() == Watch::State::Live && console.context().runner();
    }
    QStringList pageIds()
    {
        QStringList ids;
        for (const shell::PageInfo &info : console.window().pages())
            ids.append(info.id);
        return ids;
    }

    QTemporaryDir folder;
    TemporarySettings settings;
    fleet::MemorySecretStore secrets;
    console::Console console;
};

/// What a page shows, as far as every page can be asked.
struct PageLook {
    explicit PageLook(const shell::Page *page)
    {
        for (const QWidget *widget : page->findChildren<QWidget *>()) {
            if (!widget->isVisible())
                continue;
            if (const auto *states = qobject_cast<const kit::StatePage *>(widget)) {
                ready += states->state() == kit::StatePage::State::Ready;
                loading += states->state() == kit::StatePage::State::Loading;
                failed += states->state() == kit::StatePage::State::Error;
            } else if (const auto *banner = qobject_cast<const kit::Banner *>(widget)) {
                banners.append(banner->text());
            } else if (const auto *label = qobject_cast<const kit::PlainLabel *>(widget)) {
                texts.append(label->fullText());
            } else if (const auto *line = qobject_cast<const kit::RunLine *>(widget)) {
                texts.append(line->text());
            } else if (const auto *view = qobject_cast<const QAbstractItemView *>(widget); view && view->model()) {
                const int count = view->model()->rowCount();
                rows.append(count);
                const QVariant old = count > 0 ? view->model()->index(0, 0).data(StaleRole) : QVariant();
                staleRows += old.toBool();
                rowsThatTell += old.isValid();
            }
        }
    }
    QString all() const { return (banners + texts).join(QLatin1Char('\n')); }

    int ready = 0;        ///< parts that show their content
    int loading = 0;
    int failed = 0;
    int staleRows = 0;    ///< views whose first row says that it is old
    int rowsThatTell = 0; ///< views whose rows can say so
    QVector<int> rows;    ///< of each visible view
    QStringList banners;
    QStringList texts;
};

} // namespace parapet::support
