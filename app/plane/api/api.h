// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/api/call.h"
#include "app/plane/api/workspacelist.h"
#include "app/plane/audit/eventqueries.h"
#include "app/plane/broker/broker.h"
#include "app/plane/control/changefeed.h"
#include "app/plane/control/lifecycle.h"
#include "app/plane/control/store.h"

#include <QtCore/QThreadPool>

namespace parapet::plane {

class Identities;
class LogPublisher;
class Shipping;

/// The contract of resources/api/openapi.yaml over the plane's parts: who calls, whether they may, what they ask, the answer, and one
/// durable event for each call before it is answered.
class Api
{
public:
    struct Parts {
        Store &store;
        Broker &broker;
        Lifecycle &lifecycle;
        ChangeFeed &feed;
        EventQueries &queries;
        Identities &identities;
        LogPublisher &publisher;
        const Shipping &shipping;
        QString recordings; ///< the folder of their files
    };

    explicit Api(Parts parts);
    ~Api();

    /// The handler of one interface's server.
    void handle(Interface interface, server::Request request, std::shared_ptr<server::Responder> responder);
    /// What the server refused by itself: a problem document, and an event where it bears on security.
    server::Response refused(Interface interface, const server::Refusal &refusal);
    void refusedPeer(Interface interface, const server::RefusedPeer &peer);

    /// Where tokens are tried; set once the servers listen.
    void setControlUrl(const QString &url) { m_controlUrl = url; }
    /// Waits for the pool. Calls that come later are answered with 503.
    void stop();

    const QVector<Endpoint> &routes() const { return m_routes; }

private:
    void add(Endpoint route);
    void addControlRoutes();
    void addWorkspaceChanges();
    std::function<Result<Answer>(Unit &)> suspendPrincipal(const CallPtr &call, const Change &change, const QString &id, bool suspended);
    void addCredentialRoutes();
    void addAuditRoutes();
    void addLogRoutes();
    void addRecordingRoutes();
    static Result<Answer> recordStatement(Unit &unit, const Call &call, const Change &change);
    void addAgentRoutes();
    void addSnapshotRoutes();
    void addBatchRoutes();
    void runBatch(const CallPtr &call);
    static RuntimeState simulatedNow(Unit &unit, const WorkspaceId &id);
    /// The row and the answer after a verb of the runtime; `simulate` is set when nothing runs behind the workspace.
    Result<Answer> concludeVerb(Unit &unit, const Call &call, const Change &change, Workspace row, void (*simulate)(Workspace &),
                                void (*intend)(Intent &), RuntimeState seen);

    bool identify(Call &call, QString &why) const;
    void admit(const CallPtr &call, bool mayAdopt);
    const Endpoint *match(Call &call, bool &pathKnown) const;
    Status mayCall(const Call &call, WorkspaceId &workspace) const;
    void dispatch(const CallPtr &call);
    void answerWhole(const CallPtr &call);
    void write(const CallPtr &call);
    void act(const CallPtr &call, const Change &change, const QByteArray &digest);
    /// One event, then the answer.
    void finish(const CallPtr &call, const Result<Answer> &result, int status = 0, Tell tell = Tell::Nobody);
    void record(Unit &unit, const Call &call, const Result<Answer> &result, Tell tell) const;
    void send(const Call &call, const Result<Answer> &result, int status = 0) const;
    void refuse(const CallPtr &call, const Error &error, int status, const QString &action);

    /// What was answered to the same call before: nothing when this is the first time. Error Conflict for another call's key.
    Result<std::optional<Answer>> remembered(Unit &unit, const Call &call, const Change &change, const QByteArray &digest) const;
    void remember(Unit &unit, const Call &call, const Change &change, const QByteArray &digest, const Answer &answer) const;

    Parts m_parts;
    QVector<Endpoint> m_routes;
    WorkspaceList m_list;
    QThreadPool m_pool;
    QString m_controlUrl;
    std::atomic<bool> m_stopping = false;

    std::mutex m_runningLock;
    struct Running {
        QByteArray digest;
        QVector<CallPtr> others;  ///< repeated calls that wait for the answer
    };
    QHash<QString, Running> m_running; ///< actions under way, by principal and key

    std::mutex m_refusalLock;
    Instant m_refusalWindow{};
    int m_refusalsInWindow = 0;
};

/// A JSON answer from appendJson(), with the value's version as its ETag where it has one.
template<class T>
Answer answerOf(const T &value)
{
    Answer answer;
    wire::appendJson(answer.body, value);
    if constexpr (requires { value.version; })
        answer.etag = QString::number(value.version);
    return answer;
}

/// The media type of what a route's producer makes.
QByteArray producedType(const Call &call);

/// NotFound, in words that say nothing about what else there is.
Failure noSuch(const char *what, const QString &id);
/// Code Conflict, answered as 412, when the caller saw another version.
Status checkVersion(const Change &change, qint64 version);

} // namespace parapet::plane
