// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/control/unit.h"
#include "app/plane/server/server.h"
#include "models/ports/change.h"

namespace parapet::plane {

/// The three interfaces of a plane: each has a base URL of its own.
enum class Interface { Control, Audit, Agent };

/// An answer before it is sent.
struct Answer {
    int status = 200;
    QByteArray body;
    QByteArray contentType = "application/json";
    QString etag;                  ///< without quotes; empty: none
    server::Headers headers;       ///< more of them
    QString detail;                ///< for the audit event
};

struct Endpoint;

/// One request on its way through the interface.
struct Call {
    server::Request request;
    std::shared_ptr<server::Responder> responder;
    Interface interface = Interface::Control;
    const Endpoint *route = nullptr;
    QStringList arguments;         ///< what stands in the pattern's places, in order
    Principal caller;
    QString requestId;
    Instant at{};
    bool inBatch = false;          ///< one item of several: its answer must be small and whole

    const QString &argument() const { return arguments.first(); }
    std::optional<QString> parameter(const char *name) const { return request.parameter(QString::fromLatin1(name)); }

    /// Who, from where and in which request: the rest is the action's.
    AuditEvent event() const;
};
using CallPtr = std::shared_ptr<Call>;

/// What a path's first argument names, and so whose workspace decides about rights.
enum class Subject { None, Workspace, Session, Lease, Snapshot, Recording, Principal };

/// One operation of the contract. Exactly one of the handlers is set; they are called once the caller may do it.
struct Endpoint {
    QByteArray method;
    QString pattern;               ///< "/v1/workspaces/{id}/revoke"
    Interface interface = Interface::Control;
    QString action;                ///< of its audit event: "workspace.revoke"
    QString right = {};            ///< empty: any identity of this plane
    Subject subject = Subject::None;
    QStringList parameters = {};   ///< query parameters that it knows

    /// A read from memory: on the connection's thread.
    std::function<Result<Answer>(const Call &)> read = {};
    /// A read that asks the disk or the kernel: on a pool thread.
    std::function<Result<Answer>(const Call &)> slowRead = {};
    /// A change: on the store's thread; what it puts is durable before the answer. Records its own event when it changes anything.
    std::function<Result<Answer>(Unit &, const Call &, const Change &)> write = {};
    /// A change of what runs: `act` on a pool thread, then `conclude` on the store's thread with what was observed.
    std::function<std::function<Result<Answer>(Unit &)>(const CallPtr &, const Change &)> act = {};
    /// Anything else: it answers by itself, after the call's event is durable.
    std::function<void(const CallPtr &)> stream = {};
    /// Several calls in one: each goes its own way and is an event of its own.
    std::function<void(const CallPtr &)> many = {};
    /// A read whose body is too large to hold: as `slowRead` decides, then sent by the producer.
    std::function<Result<std::pair<server::Producer, qint64>>(const Call &)> produce = {};

    /// Members that a body may have besides "reason"; checked before a write.
    QStringList members = {};
    QStringList segments = {};     ///< of the pattern, made when it is added
    bool tail = false;             ///< the pattern's last place stands for all that is left of the path, one segment or more
    bool scoped = false;           ///< a list that shows what its reader may see: holding the right anywhere opens it
    bool unrecorded = false;       ///< a read that makes no event when it succeeds: see logroutes.cpp for which, and why
};

} // namespace parapet::plane
