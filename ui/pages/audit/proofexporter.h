// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/logfollower.h"
#include "models/ports/auditstore.h"

#include <QtCore/QPointer>

namespace parapet::pages {

/// Writes events with the proof of each to a proof bundle (resources/formats/proof-bundle.md): all that match a query, or some
/// that are given. Proofs are made by the follower against one checkpoint; the file appears only when it is whole. One export,
/// then deleteLater().
class ProofExporter : public QObject
{
    Q_OBJECT

public:
    ProofExporter(AuditStore &audit, fleet::LogFollower &log, QObject *parent = nullptr);

    void startMatching(const Query &query, const QString &path);
    void startThese(const QVector<AuditEvent> &events, const QString &path);
    /// Ends it now, finished() included; nothing is left behind.
    void cancel();

Q_SIGNALS:
    void progressed(qint64 proven, qint64 total);
    /// `skipped`: newer than the checkpoint, so that they are not in it. `error` is empty when the file is whole.
    void finished(qint64 proven, qint64 skipped, const QString &error);

private:
    void ask(const QString &cursor);
    void prove(QVector<AuditEvent> events, const Count &total, const QString &next);
    void write();
    void end(const QString &error);

    AuditStore &m_audit;
    QPointer<fleet::LogFollower> m_log;
    Query m_query;
    QString m_path;
    Reply<Page<AuditEvent>> m_asked;
    transparency::ProofBundle m_bundle;
    qint64 m_size = -1; ///< of the checkpoint that all proofs lead to
    qint64 m_skipped = 0;
    int m_restarts = 0;
    bool m_ended = false;
};

} // namespace parapet::pages
