// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/control/memorytable.h"
#include "models/domain/lease.h"
#include "models/domain/principal.h"
#include "models/domain/recording.h"
#include "models/domain/session.h"
#include "models/domain/snapshot.h"
#include "models/domain/workspace.h"

#include <QtCore/QSet>

#include <shared_mutex>

namespace parapet::plane {

class Authority;

/// What the plane intends with a workspace, beside what it tells of it (table "intents").
struct Intent {
    WorkspaceId workspace;
    bool run = false;       ///< to be started when the plane starts
    bool held = false;      ///< someone cut, froze or ended it: never started again by the plane itself
    bool revoking = false;  ///< revoked once its runtime is no longer observed
    PrincipalId agent;      ///< the AI agent at work in it, if any
    QString script;         ///< the work script of its person
    QString task;           ///< "PAY-2291"
    QString strays;         ///< a URL that its agent tries without being allowed to; empty: a well-behaved one
    QStringList leases;     ///< what its credentials are: "db-payments-ro@postgres-payments"
};

/// One service that accepts credentials (table "targets").
struct TargetRow {
    QString name;           ///< "postgres-payments"
    LeaseKind kind = LeaseKind::GitToken;
    QString host;           ///< the name that workspaces use: "postgres-payments.svc"
    quint16 hostPort = 443;
    bool production = false;
    quint16 port = 0;       ///< on loopback; kept over restarts where it is free
};

/// All that the plane knows, in memory, as it is on disk. Written by the store's thread alone; readers hold `lock` shared.
/// What a reader sees may be ahead of the disk by one commit: no answer leaves before the event that records it is durable,
/// and that event comes after.
struct State {
    mutable std::shared_mutex lock;

    MemoryTable<Principal> principals;
    MemoryTable<Workspace> workspaces;
    MemoryTable<Session> sessions;
    MemoryTable<Lease> leases;
    MemoryTable<Snapshot> snapshots;
    MemoryTable<Recording> recordings;
    QHash<QString, Intent> intents;
    QHash<QString, TargetRow> targets;
    QHash<QByteArray, QString> tokens;              ///< SHA-256 of a session's token → session
    QHash<QString, QByteArray> tokenOf;             ///< the other way round
    QHash<QString, QVector<QString>> sessionsOf;    ///< workspace → sessions
    QHash<QString, QVector<QString>> leasesOf;      ///< workspace → leases
    QHash<QString, QVector<QString>> sessionsBy;    ///< principal → sessions
    std::shared_ptr<const Authority> authority;     ///< who may do what

    /// Replaces a row and keeps the indexes. True when it is new.
    bool put(const RowPtr<Principal> &row) { return principals.put(row); }
    bool put(const RowPtr<Workspace> &row) { return workspaces.put(row); }
    bool put(const RowPtr<Session> &row);
    bool put(const RowPtr<Lease> &row);
    bool put(const RowPtr<Snapshot> &row) { return snapshots.put(row); }
    bool put(const RowPtr<Recording> &row) { return recordings.put(row); }

    template<class T> MemoryTable<T> &table();
    template<class T> const MemoryTable<T> &table() const { return const_cast<State *>(this)->table<T>(); }
};

template<> inline MemoryTable<Principal> &State::table<Principal>() { return principals; }
template<> inline MemoryTable<Workspace> &State::table<Workspace>() { return workspaces; }
template<> inline MemoryTable<Session> &State::table<Session>() { return sessions; }
template<> inline MemoryTable<Lease> &State::table<Lease>() { return leases; }
template<> inline MemoryTable<Snapshot> &State::table<Snapshot>() { return snapshots; }
template<> inline MemoryTable<Recording> &State::table<Recording>() { return recordings; }

} // namespace parapet::plane
