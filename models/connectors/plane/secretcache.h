// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ports/credentialbroker.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QHash>
#include <QtCore/QObject>
#include <QtCore/QTimer>

namespace parapet::planeconnector {

/// The secrets that probes try: fetched once for a workspace however many probes come together, kept in memory while
/// they are tried, and wiped when none was asked for during `keep`. Each fetch is an event in the audit log of the
/// system.
class SecretCache : public QObject
{
    Q_OBJECT

public:
    explicit SecretCache(CredentialBroker &broker, Milliseconds keep = std::chrono::seconds(20),
                         QObject *parent = nullptr);
    ~SecretCache() override;

    /// All secrets of one subject (a session may have several tokens in rotation); NotFound when the system holds none,
    /// so that it cannot be tried.
    Reply<QVector<HeldSecret>> secretsOf(const WorkspaceId &workspace, HeldSecret::Kind kind, const QString &subject);
    void forget();
    int size() const { return int(m_entries.size()); }

private:
    struct Entry {
        std::optional<Reply<QVector<HeldSecret>>> fetching;
        QVector<HeldSecret> secrets;
        QElapsedTimer lastUse;
    };
    void forgetOld();
    Milliseconds m_keep;
    CredentialBroker &m_broker;
    QHash<QString, std::shared_ptr<Entry>> m_entries;
    QTimer m_timer;
};

} // namespace parapet::planeconnector
