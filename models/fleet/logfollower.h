// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/reply.h"
#include "models/fleet/cosignatures.h"
#include "models/ports/auditstore.h"
#include "models/ports/watch.h"
#include "models/transparency/checkpoint.h"
#include "models/transparency/proofbundle.h"
#include "models/transparency/verdict.h"

#include <QtCore/QHash>
#include <QtCore/QPointer>
#include <QtCore/QSet>
#include <QtCore/QTimer>

#include <deque>
#include <functional>
#include <memory>
#include <optional>

namespace parapet::fleet {

class LogWork;

/// What this console knows of one event's place in the log.
enum class RowProof : quint8 {
    Unknown,    ///< not looked at yet, or it cannot be looked at
    NotCovered, ///< newer than the last checkpoint that was verified
    Verified,   ///< what is shown is, byte for byte, the leaf of the verified tree
    Failed,     ///< it is not
};

/// How the whole log stands.
enum class LogState : quint8 {
    Off,      ///< nothing can be followed: no system, or no key is pinned
    Waiting,  ///< nothing was verified yet since the system came
    Verified, ///< the newest checkpoint is good
    Stale,    ///< the newest one could not be read; what was verified stays, and is old
    Refused,  ///< the log contradicts itself, or what it signed
};

/// The newest checkpoint that was found good.
struct GoodCheckpoint {
    transparency::SignedCheckpoint content;
    transparency::Verdict verdict = transparency::Verdict::First;
    qint64 consistentWith = -1;                       ///< size of the one kept before; -1: there was none
    Instant at{};                                     ///< when this console verified it
    QVector<transparency::NoteSignature> otherSigners; ///< who else signed: their keys are not known here, nothing of it is checked
    qint64 size() const { return content.head().size; }
};

/// What does not hold, since when, and where the evidence is.
struct LogConflict {
    transparency::Verdict verdict = transparency::Verdict::Unproven;
    qint64 leaf = -1;     ///< the event that is not what it was; -1: the log as a whole
    QString action;       ///< of that event, as it is served
    QString title;        ///< one sentence
    QString what;         ///< sizes, or the event and what differs in it
    QString where;        ///< the resource of the log: "checkpoint", "tile/entries/000"
    qint64 seenSize = -1; ///< of the refused checkpoint; -1: it does not say
    Instant lastGood{};   ///< when the log was last found good; unknown: never
    qint64 goodSize = -1;
    Instant seen{};       ///< when it was found
    QString bundlePath;   ///< the evidence, in the data folder; empty: it could not be saved, `bundleError` says why
    qint64 bundleBytes = 0;
    QString bundleError;
};

/// One event's way to the root of the verified tree.
struct InclusionPath {
    qint64 index = 0;
    qint64 size = 0;
    transparency::Hash leaf{};                  ///< of what is shown
    QVector<transparency::PathStep> steps;      ///< hashed upwards from it
    transparency::Hash root{};                  ///< what the checkpoint signs
    bool holds() const { return (steps.isEmpty() ? leaf : steps.last().parent) == root; }
};

/// Follows the audit log of the connected system: fetches its checkpoint when something happened (never by the clock alone),
/// verifies its signature against the pinned key and its consistency with the last one that this console kept, and proves the
/// events that are shown against it, by tiles. What is found wrong stays found, with its evidence saved, until forget().
///
/// Fetches on the thread it lives on; hashing, proofs and files are on a thread of its own. One thing after the other.
class LogFollower : public QObject
{
    Q_OBJECT

public:
    /// `dataFolder`: kept checkpoints go to DATA/log/…, conflict bundles to DATA/conflicts.
    LogFollower(QString dataFolder, const Clock &clock, QObject *parent = nullptr);
    ~LogFollower() override;

    /// The system came: `id` tells it from others (the pin of its authority), `logKey` is the pinned verifier key. Neither port
    /// is owned; say so with clearSystem() before they die.
    void setSystem(AuditStore *audit, Watch *watch, const QString &id, const QString &logKey);
    /// It went; what was verified stays to be seen, as old.
    void clearSystem();
    /// It is another system: nothing of the former one holds for it.
    void forget();

    LogState state() const { return m_state; }
    Instant since() const { return m_since; }      ///< in this state
    const QString &reason() const { return m_reason; } ///< Off, Stale, Refused: why, in a sentence
    const std::optional<GoodCheckpoint> &checkpoint() const { return m_checkpoint; }
    /// What was found wrong: the log as a whole where that does not hold, else the first event. It stays until acknowledge(), also when the log is good again.
    const std::optional<LogConflict> &conflict() const { return m_conflict; }
    /// Since it was found, a checkpoint was good again.
    bool isGoodAgain() const { return m_conflict && m_checkpoint && m_checkpoint->at > m_conflict->seen; }
    /// The person has seen it and the log is good again. Its evidence stays in the folder.
    void acknowledge();
    /// The pinned key: "name+hash", without the key itself. Empty when none is pinned.
    QString keyName() const;
    bool isBusy() const { return m_running; }

    /// Fetches and verifies the newest checkpoint now.
    void refresh();

    /// Proves these events as they are shown; proofOf() tells what came of it after rowsChecked().
    void check(const QVector<AuditEvent> &rows);
    RowProof proofOf(qint64 index) const;
    /// How many of the events that were looked at do not verify.
    int failedRows() const { return int(m_failed.size()); }
    /// Why a row failed, in a sentence; empty otherwise.
    QString failureOf(qint64 index) const { return m_failures.value(index); }
    /// The event as it was when this console proved it, if it still holds that copy.
    std::optional<AuditEvent> provenCopy(qint64 index) const;

    /// The way of one event, as it is shown, to the root of the verified tree. NotFound when it is not covered yet.
    Reply<InclusionPath> pathOf(const AuditEvent &event);
    /// Proofs for a proof bundle, made against the checkpoint of now. Invalid when a row does not verify, NotFound when one is
    /// not covered yet.
    struct ProvenRows {
        QByteArray checkpoint; ///< the signed note
        qint64 size = 0;
        QVector<transparency::ProofBundle::Row> rows;
    };
    Reply<ProvenRows> prove(const QVector<AuditEvent> &rows);
    /// The pinned verifier key as text, for a bundle.
    const QString &logKey() const { return m_logKey; }

    /// Whose cosignatures count, and how many are wanted; from now on.
    void setWitnesses(const QVector<crypto::NoteVerifier> &pinned, const WitnessPolicy &policy);
    const QVector<crypto::NoteVerifier> &witnesses() const { return m_witnesses; }
    const WitnessPolicy &witnessPolicy() const { return m_policy; }
    /// Who has cosigned a checkpoint that covers this event, each with the earliest one; with −1 who has cosigned the log at all,
    /// each with the latest one. Those of pinned witnesses are judged against the verified tree. A store that tells of no
    /// cosignatures: what the newest checkpoint itself carries.
    Reply<QVector<WitnessStatement>> witnessesOf(qint64 index);
    /// The root that the verified tree had at an earlier size, proven.
    Reply<transparency::Hash> rootAt(qint64 size);

Q_SIGNALS:
    /// State, checkpoint or conflict.
    void changed();
    void rowsChecked(const QVector<qint64> &indexes);
    /// Something new does not hold. Of events the first one alone: others are counted, and their evidence is saved.
    void conflictFound(const parapet::fleet::LogConflict &conflict);

private:
    /// An answer that was promised and is given up when the system goes.
    struct Given {
        virtual ~Given() = default;
        virtual void giveUp() = 0;
    };
    template<class T>
    struct Promised;
    template<class T>
    std::shared_ptr<Promised<T>> promise();
    using Tiles = QVector<transparency::TileId>;
    using Fetched = QVector<std::pair<transparency::TileId, std::optional<QByteArray>>>; ///< nothing: the log has no such tile

    void enqueue(std::function<void()> task);
    void next();
    template<class T>
    void onThread(std::function<T(LogWork &)> job, std::function<void(T)> then);
    void fetchResource(const QString &path, std::function<void(Result<QByteArray>)> then);
    /// All of them at once; `then` gets them together, or the failure of the connection.
    void fetch(const Tiles &tiles, std::function<void(Result<Fetched>)> then);
    void fetchOne(const transparency::TileId &tile, bool full, std::function<void(Result<std::optional<QByteArray>>)> then);
    /// Answers a question about the verified tree: what is missing is fetched until nothing is.
    template<class T>
    void question(std::function<Tiles(LogWork &)> missing, std::function<Result<T>(LogWork &)> answer, std::function<void(Result<T>)> then,
                  int rounds = 0);

    void startRefresh();
    void advance(const Tiles &wanted, int rounds);
    void judged();
    void takeJudgement(const struct LogJudged &judged);
    void unread(const Error &why);
    void checkRows(const QVector<AuditEvent> &rows);
    void examine(const QVector<AuditEvent> &mismatched);
    void takeExam(const AuditEvent &shown, const struct LogExam &exam);
    void questionAboutPath(const AuditEvent &event, std::function<void(Result<InclusionPath>)> then);
    void questionAboutRows(const QVector<AuditEvent> &rows, std::function<void(Result<ProvenRows>)> then);
    void questionAboutRoots(const QVector<qint64> &sizes, std::function<void(Result<QHash<qint64, transparency::Hash>>)> then);
    void judgeClaims(const QVector<WitnessClaim> &claims, std::function<void(Result<QVector<WitnessStatement>>)> then);
    void settle(qint64 index, RowProof proof, const QString &failure = {});
    void accuse(LogConflict conflict, const QByteArray &bundle, const QByteArray &mark);
    void enter(LogState state, const QString &reason = {});
    void hear(const QVector<ChangeEvent> &changes);
    void remember(const AuditEvent &event);

    QString m_dataFolder;
    const Clock &m_clock;
    AuditStore *m_audit = nullptr;
    QPointer<Watch> m_watch;
    QVector<QMetaObject::Connection> m_following;
    QString m_system;
    QString m_logKey;
    QVector<crypto::NoteVerifier> m_witnesses;
    WitnessPolicy m_policy;
    std::unique_ptr<LogWork> m_work;

    LogState m_state = LogState::Off;
    Instant m_since{};
    QString m_reason;
    std::optional<GoodCheckpoint> m_checkpoint;
    std::optional<LogConflict> m_conflict;
    QSet<QByteArray> m_accused; ///< what was already found wrong, so that each is told and saved once

    QHash<qint64, RowProof> m_rows;
    std::deque<qint64> m_order; ///< of m_rows, oldest first
    QHash<qint64, QString> m_failures;
    QSet<qint64> m_failed;
    QHash<qint64, AuditEvent> m_copies;
    std::deque<qint64> m_copyOrder;
    QHash<qint64, AuditEvent> m_uncovered; ///< looked at again with the next checkpoint

    std::deque<std::function<void()>> m_tasks;
    std::vector<std::weak_ptr<Given>> m_given;
    bool m_running = false;
    bool m_refreshQueued = false;
    bool m_lookedAgain = false;
    quint64 m_generation = 0; ///< grows when the system changes: answers to an earlier one are dropped
    QTimer m_pause;           ///< gathers what happens
    QTimer m_later;           ///< one more look while newest rows are not covered
};

/// What a verified log does not prove, as the console says it: one sentence each.
QStringList limitsOfVerification();

} // namespace parapet::fleet

Q_DECLARE_METATYPE(parapet::fleet::LogConflict)
