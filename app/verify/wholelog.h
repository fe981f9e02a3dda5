// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/verify/eventcheck.h"
#include "app/verify/logconflict.h"
#include "app/verify/report.h"
#include "app/verify/verifiedlog.h"

namespace parapet::verify {

/// Checks a whole log: the signature, each tile, each entry, each event, and each origin's numbers.
class WholeLog
{
public:
    /// Called after each stretch that was found right, with what a later run needs. Its error ends the check.
    using Save = std::function<Status(const VerifiedLog &)>;
    using Progress = std::function<void(qint64 done, qint64 of)>;

    WholeLog(crypto::NoteVerifier key, LogSource source, Save save, Progress progress);

    /// Goes on after `from` when its checkpoint is found in the log. An error means that the log cannot be read: it has no
    /// checkpoint, the disk or the network fails, or the program is interrupted; what was found right until then is saved. Everything
    /// else is in the report.
    Result<Checked> check(const std::optional<VerifiedLog> &from, Instant now);
    /// The evidence when what the log serves contradicts what it signed; nothing otherwise.
    const std::optional<transparency::ConflictBundle> &conflict() const { return m_conflict; }
    /// Whether something was saved.
    bool isSaved() const { return m_saved; }

private:
    enum class Step { Done, Stopped };

    Status judge(const std::optional<VerifiedLog> &from);
    ConflictFrame frame() const { return {m_key, m_note, m_now, m_before}; }
    Result<Step> fetch(const QVector<transparency::TileId> &ids);
    Result<Step> readAll();
    Result<Step> readStretch(qint64 from, qint64 to);
    Result<bool> readBundle(qint64 index);
    void lookAt(QByteArrayView entry, qint64 index);
    void announce(const QVector<transparency::TileId> &tiles, qint64 from, qint64 to);
    Status keep(qint64 position);
    void conclude(qint64 first);
    bool isFailed() const;
    bool isEnough() const;

    crypto::NoteVerifier m_key;
    LogSource m_source;
    Save m_save;
    Progress m_progress;
    transparency::Follower m_follower;
    OriginNumbers m_numbers;
    Checked m_checked{QStringLiteral("log")};
    evidence::Finding m_signature, m_consistency, m_tiles, m_entries, m_events, m_sequences;
    QByteArray m_note; ///< the checkpoint that is checked
    Instant m_now{};
    std::optional<transparency::KeptCheckpoint> m_before; ///< what an earlier run kept
    std::optional<transparency::ConflictBundle> m_conflict;
    QVector<transparency::TileId> m_missing; ///< hash tiles that the log does not have
    qint64 m_kept = 0;    ///< entries before it are saved
    qint64 m_reached = 0; ///< entries before it were found right, now or before
    bool m_saved = false;
    qint64 m_position = 0; ///< entries before it were found right by an earlier run
    qint64 m_others = 0;   ///< entries that are no events
    qint64 m_read = 0;     ///< entries that were found right now
};

} // namespace parapet::verify
