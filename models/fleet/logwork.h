// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/auditevent.h"
#include "models/fleet/logfollower.h"
#include "models/transparency/follower.h"
#include "models/transparency/keptcheckpoints.h"

#include <QtCore/QThreadPool>

namespace parapet::fleet {

/// What came of one offered checkpoint.
struct LogJudged {
    transparency::Judgement judgement;
    QByteArray note;   ///< as it was offered
    QByteArray bundle; ///< the evidence when it is not trusted
    Status kept;       ///< whether a trusted one could be kept
    qint64 before = -1; ///< size of the one that was kept; -1: none
    Instant keptAt{};
    bool again = false; ///< another process kept another one meanwhile: judge anew
};

/// What came of proving some rows.
struct LogChecked {
    QVector<AuditEvent> verified;
    QVector<AuditEvent> uncovered;
    QVector<AuditEvent> mismatched;
};

/// What the log itself holds in place of a row that does not verify.
struct LogExam {
    enum class Finding {
        Same,          ///< the entry is proven, and says what was shown: written otherwise, by another version
        AnswerDiffers, ///< the entry is proven, and the row says something else
        EntryDiffers,  ///< the entry is not what the tree says
        TilesDiffer,   ///< the tree's tiles are not what was signed
    };
    Finding finding = Finding::AnswerDiffers;
    QString resource;
    QByteArray bundle;
    std::optional<AuditEvent> entry; ///< as the log serves it
};

/// The part of a LogFollower that hashes, proves and writes. Everything but the constructor runs on its one thread.
class LogWork
{
public:
    LogWork(const crypto::NoteVerifier &pinned, const QString &folder);

    /// Takes up what was kept. Its error is what the operator must know: nothing is followed then.
    Status resume();
    void offer(const QByteArray &note, Instant at);
    QVector<transparency::TileId> wanted() const { return m_follower.wanted(); }
    void supply(const transparency::TileId &tile, const std::optional<QByteArray> &bytes);
    LogJudged judged();

    transparency::TileReader *reader() const { return m_follower.reader(); }
    qint64 size() const { return reader() ? reader()->head().size : 0; }
    QVector<transparency::TileId> missingFor(const QVector<AuditEvent> &rows) const;
    LogChecked check(const QVector<AuditEvent> &rows);
    QVector<transparency::TileId> missingForPaths(const QVector<qint64> &indexes) const;
    Result<InclusionPath> path(const AuditEvent &event);
    Result<LogFollower::ProvenRows> prove(const QVector<AuditEvent> &rows);
    QVector<transparency::TileId> missingForRoots(const QVector<qint64> &sizes) const;
    /// The roots that the verified tree had at earlier sizes. NotFound for one that it has not reached.
    Result<QHash<qint64, transparency::Hash>> rootsAt(const QVector<qint64> &sizes);

    /// The entry bundle that holds a row.
    transparency::TileId entriesWith(qint64 index) const;
    /// What stands in the log in place of a row that does not verify; `bundle` as it was fetched, if it was.
    LogExam examine(const AuditEvent &shown, const transparency::TileId &bundleId, const std::optional<QByteArray> &bundle, Instant at);

    /// Last: jobs end before what they use.
    QThreadPool &pool() { return m_pool; }

private:
    crypto::NoteVerifier m_pinned;
    transparency::KeptCheckpoints m_files;
    transparency::Follower m_follower;
    std::optional<transparency::KeptCheckpoint> m_basis;
    QByteArray m_note;
    Instant m_noteAt{};
    bool m_resumed = false;
    QThreadPool m_pool;
};

} // namespace parapet::fleet
