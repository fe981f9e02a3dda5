// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/logfollower.h"
#include "models/fleet/secretstore.h"

#include <QtCore/QThreadPool>

namespace parapet::fleet {

/// A new key of this console as a witness (Ed25519, cosignature/v1), by a name that says nothing of machine or person.
crypto::NoteSigner newWitnessKey();
/// Under which name the SecretStore keeps its secret half.
QString witnessSecret(const crypto::NoteVerifier &witness);

/// What a witness has signed last, of one log (resources/formats/witness-state.md).
struct WitnessRecord {
    QString witness; ///< verifier key
    QString origin;
    qint64 size = 0;
    QByteArray root; ///< 32 bytes
    bool sent = false; ///< the log's store has taken it

    QByteArray toBytes() const;
    /// Storage when it is damaged.
    static Result<WitnessRecord> fromBytes(QByteArrayView bytes);
    friend bool operator==(const WitnessRecord &, const WitnessRecord &) = default;
};

/// This console as a witness of the log that a LogFollower verifies (c2sp.org/tlog-witness): each newer checkpoint that was found
/// good is cosigned, one at a time, and offered to the log's store. Before anything is signed it is proven that the verified tree
/// begins with the one that was signed last, and the new size is durable; so it never signs two histories, not even over a crash
/// or with two consoles on one data folder. A store that does not know this witness is asked once, until retry().
class LogWitness : public QObject
{
    Q_OBJECT

public:
    enum class State : quint8 {
        Off,      ///< not wanted, or no system
        Waiting,  ///< nothing was cosigned yet since the system came
        Cosigned, ///< the newest that was offered was taken
        Failing,  ///< it could not be offered: tried again with the next checkpoint
        Refused,  ///< it will not be offered again before retry(): sentence() says what to do
    };

    /// The record goes to DATA/log/…. `secrets` and `log` live longer.
    LogWitness(QString dataFolder, SecretStore &secrets, LogFollower &log, const Clock &clock, QObject *parent = nullptr);
    ~LogWitness() override;

    /// `id` as LogFollower::setSystem(); `ownKey` is this console's verifier key for that log. Not owned: clearSystem() before it dies.
    void setSystem(AuditStore *audit, const QString &id, const QString &ownKey);
    void clearSystem();
    /// After what was refused was mended.
    void retry();
    /// The least time between two cosignatures; 10 s unless set.
    void setPause(Milliseconds pause) { m_leastPause = pause; }

    State state() const { return m_state; }
    /// This console's verifier key for that log; empty when it is off.
    QString ownKey() const { return m_own ? m_own->text() : QString(); }
    /// How it stands, for a person; empty when it is off.
    const QString &sentence() const { return m_sentence; }
    /// The size that was cosigned and taken last in this run; -1: none.
    qint64 lastSize() const { return m_lastSize; }

Q_SIGNALS:
    void changed();

private:
    struct Job;
    void consider();
    void loadKey();
    void loadRecord();
    void proveLast(const std::shared_ptr<Job> &job);
    void commit(const std::shared_ptr<Job> &job);
    void offer(const std::shared_ptr<Job> &job);
    void taken(const std::shared_ptr<Job> &job);
    void enter(State state, const QString &sentence);
    void refuse(const QString &sentence) { enter(State::Refused, sentence); }
    template<class T>
    void onThread(std::function<Result<T>()> work, std::function<void(const Result<T> &)> then);
    /// Whether an answer belongs to the system of now.
    template<class Callback>
    auto current(Callback callback);
    QString recordPath() const;

    QString m_dataFolder;
    SecretStore &m_secrets;
    LogFollower &m_log;
    const Clock &m_clock;
    AuditStore *m_audit = nullptr;
    QString m_id;
    std::optional<crypto::NoteVerifier> m_own;
    std::optional<crypto::NoteSigner> m_signer;
    std::optional<WitnessRecord> m_record;
    State m_state = State::Off;
    QString m_sentence;
    qint64 m_lastSize = -1;
    quint64 m_generation = 0;
    bool m_busy = false;
    Milliseconds m_leastPause;
    QTimer m_pause;
    QThreadPool m_pool; ///< last: its jobs end first
};

} // namespace parapet::fleet
