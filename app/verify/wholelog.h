// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/verify/eventcheck.h"
#include "app/verify/report.h"
#include "app/verify/verifiedlog.h"
#include "models/transparency/follower.h"

#include <functional>

namespace parapet::verify {

/// Where a published log (C2SP tlog-tiles) is read from.
struct LogSource {
    /// The bytes at a path such as "checkpoint" or "tile/0/000.p/3"; cut after `limit` + 1 of them. NotFound when the log has no
    /// such thing, which is a statement of the log; any other error is not.
    std::function<Result<QByteArray>(const QString &path, qsizetype limit)> read;
};

/// A folder that holds what a log publishes.
LogSource folderSource(const QString &folder);

/// Checks a whole log: the signature, each tile, each entry, each event, and each origin's numbers.
class WholeLog
{
public:
    /// Called after each stretch that was found right, with what a later run needs. Its error ends the check.
    using Save = std::function<Status(const VerifiedLog &)>;
    using Progress = std::function<void(qint64 done, qint64 of)>;

    WholeLog(crypto::NoteVerifier key, LogSource source, Save save, Progress progress);

    /// Goes on after `from` when its checkpoint is found in the log. An error means that the log cannot be read: it has no
    /// checkpoint, or the disk fails. Everything else is in the report.
    Result<Checked> check(const std::optional<VerifiedLog> &from, Instant now);

private:
    enum class Step { Done, Stopped };

    Status judge(const std::optional<VerifiedLog> &from, const QByteArray &note, Instant now);
    Result<QByteArray> tileBytes(transparency::TileId &id, qsizetype limit) const;
    Result<Step> fetch(const QVector<transparency::TileId> &ids);
    Result<Step> readAll(Instant now, const QByteArray &note);
    Result<Step> readStretch(qint64 from, qint64 to);
    Result<bool> readBundle(qint64 index);
    void lookAt(QByteArrayView entry, qint64 index);
    Status keep(Instant now, const QByteArray &note, qint64 position);
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
    qint64 m_position = 0; ///< entries before it were found right by an earlier run
    qint64 m_others = 0;   ///< entries that are no events
    qint64 m_read = 0;     ///< entries that were found right now
};

} // namespace parapet::verify
