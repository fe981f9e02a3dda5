// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/access/rights.h"
#include "models/core/observed.h"
#include "models/fleet/health.h"
#include "models/fleet/profile.h"
#include "models/fleet/secretstore.h"
#include "models/ports/system.h"
#include "models/transport/backoff.h"
#include "models/transport/requestrecord.h"

#include <QtCore/QObject>
#include <QtCore/QTimer>

#include <array>
#include <deque>
#include <memory>
#include <optional>

namespace parapet::transport {
struct TlsIdentity;
struct Trust;
} // namespace parapet::transport
namespace parapet::planeconnector {
class PlaneConnector;
}

namespace parapet::fleet {

/// The console's connection to one system: its transport, connector and observers, its watch, and how it is doing.
///
/// Health comes from the traffic itself and from the watch's pings; while all is quiet nothing is sent. Only a failing
/// port is tried again, with growing waits. It recovers by itself, except after stopped(): that needs the operator.
/// Lives on the GUI thread, never blocks it.
class Connection : public QObject
{
    Q_OBJECT

public:
    Connection(Profile profile, SecretStore &secrets, const Clock &clock = Clock::system(), QObject *parent = nullptr);
    ~Connection() override;

    /// Checks the pins, loads the identities, connects the watch and asks who we are. Signals tell how it goes.
    void open();
    /// Stops everything; outstanding replies are cancelled.
    void close();
    /// Tries at once what waits for its next attempt; after stopped() opens anew.
    void retryNow();
    /// Answers passphraseNeeded(); `remember` keeps it in the SecretStore once it has opened the key. The bytes are wiped
    /// once they were used.
    void setPassphrase(const QString &identityPath, const QByteArray &passphrase, bool remember);
    /// The other answer: it is not given. The connection is closed, and stopReason() says so (Code::Cancelled).
    void withholdPassphrase(const QString &identityPath);

    const Profile &profile() const { return m_profile; }
    /// The ports; all null before ready(). They live until aboutToClose().
    System system() const;
    /// Why a port is not there, or what keeps it from working now.
    Capability capability(PortName port) const;

    /// The worst of its ports. Untrusted outweighs everything.
    HealthState state() const;
    const Health &health(PortName port) const { return m_health[size_t(port)]; }
    /// In a sentence, for a person: what is wrong and since when, or that all is well.
    QString summary() const;
    /// What else there is to say of it while all is well: that its log does not take this console's cosignatures. Part of summary().
    void setRemark(const QString &sentence);
    const QString &remark() const { return m_remark; }
    /// Why the connection stopped (a changed pin, an unusable identity); no value while it runs.
    const std::optional<Error> &stopReason() const { return m_stopReason; }

    /// Whom the control plane takes us for; nothing until it said so.
    const std::optional<Observed<Principal>> &self() const { return m_self; }
    /// What we may do there, as the control plane said with it; null until then. Asked again when it tells that we changed, and when
    /// it refuses a call.
    const access::Rights *rights() const { return m_rights ? &*m_rights : nullptr; }
    /// Until when the control plane answers this identity; unknown until it said so.
    Instant acceptedUntil() const { return m_acceptedUntil; }

    /// The changes of the system; null before ready() and after aboutToClose().
    Watch *watch() const { return m_watch.get(); }

    /// The last 200 calls, newest last: without secrets.
    const std::deque<transport::RequestRecord> &requestLog() const { return m_log; }

    /// The API call behind a command as a curl command line, or an empty text when there is none: verb is
    /// "workspace.revoke", "workspace.stop", "session.end", "lease.revoke", "principal.suspend", "runtime.freeze",
    /// "runtime.thaw", "runtime.isolate", "runtime.rejoin", "runtime.pauseAgent", "runtime.resumeAgent",
    /// "runtime.terminate", "runtime.snapshot", "workspace.list" (subject: the filter) or "event.list".
    QString equivalentCall(const QString &verb, const QString &subject) const;

Q_SIGNALS:
    void stateChanged();
    void healthChanged(parapet::fleet::PortName port);
    void selfChanged();                      ///< self(), rights() or acceptedUntil()
    void ready();                            ///< system() and watch() are there now
    void aboutToClose();                     ///< drop what you hold of system() and watch()
    void stopped(const parapet::Error &why); ///< it will not recover by itself
    /// `why`: in a sentence, what was wrong with the one before; empty when it is asked for the first time.
    void passphraseNeeded(const QString &identityPath, const QString &why);
    void passphraseTaken(const QString &identityPath); ///< it opened the key
    void passphraseNotKept(const parapet::Error &why); ///< it opened the key, but the SecretStore did not take it
    void requestLogged(const parapet::transport::RequestRecord &record);

private:
    struct Loading;
    struct Attempt {
        QTimer timer;
        transport::Backoff backoff;
        bool running = false;
    };
    void unlock(const QString &path, bool isProber);
    void loadWith(const QString &path, bool isProber, QByteArray passphrase, bool remember = false);
    void keepPassphrase(const QString &path, QByteArray passphrase);
    void buildWhenWhole();
    void build();
    void listenToWatch();
    void askWhoWeAre();
    void noteSelf(const Self &self);
    void askRightsSoon();
    void checkLogKey();
    void stop(const Error &why);
    void drop();
    void noteRequest(PortName port, const transport::RequestRecord &record);
    void record(const transport::RequestRecord &record);
    void noteAnswer(PortName port, Milliseconds took);
    void noteHeard();
    void noteFailure(PortName port, const Error &why, Health::Source source = Health::Source::Calls);
    /// As deliver(), but not when the connection was closed meanwhile.
    template<class T, class Callback>
    void whenAnswered(const Reply<T> &reply, Callback callback);
    void tryPort(PortName port);
    void tellHealth(PortName port);
    Attempt &attempt(PortName port) { return m_attempts[size_t(port)]; }

    Profile m_profile;
    QString m_remark;
    SecretStore &m_secrets;
    const Clock &m_clock;
    std::array<Health, 3> m_health;
    std::array<Attempt, 3> m_attempts;
    HealthState m_toldState = HealthState::Closed;
    std::unique_ptr<Loading> m_loading;
    std::unique_ptr<planeconnector::PlaneConnector> m_connector;
    std::unique_ptr<Watch> m_watch;
    std::optional<Observed<Principal>> m_self;
    std::optional<access::Rights> m_rights;
    Instant m_acceptedUntil{};
    QTimer m_rightsTimer;
    std::optional<Error> m_stopReason;
    std::deque<transport::RequestRecord> m_log;
    int m_generation = 0;  ///< grows with each closing
    bool m_nudged = false; ///< the watch was told, since it broke, that the system answers again
};

} // namespace parapet::fleet
