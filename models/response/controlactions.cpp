// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/response/controlactions.h"

#include "models/core/json.h"
#include "models/response/asking.h"
#include "models/response/words.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QJsonArray>

namespace parapet::response {

using namespace Qt::StringLiterals;

namespace {

Failure noControl()
{
    return fail(Error::Code::Invalid, words("This connection has no control plane. Connect to one, then make a new plan."));
}

QString controlPlane()
{
    return words("control plane");
}

/// A key of its own for each thing that one step changes, the same after a crash.
Change partOf(const Change &change, const QString &part)
{
    Change own = change;
    const QByteArray digest = QCryptographicHash::hash(part.toUtf8(), QCryptographicHash::Sha256);
    own.idempotencyKey += u'-' + QString::fromLatin1(digest.toHex().left(16));
    return own;
}

bool isGone(const Error &error)
{
    return error.code == Error::Code::NotFound;
}

/// Something is left that the last request was not about (it began meanwhile, or a crash forgot what was asked).
template<class Id>
bool isMore(const QVector<Id> &left, const QVector<Id> &asked)
{
    return std::any_of(left.cbegin(), left.cend(), [&asked](const Id &id) { return !asked.contains(id); });
}

bool isNamed(const Step &step, const char *parameter, const QString &id)
{
    return step.parameters.value(QLatin1String(parameter)).toArray().contains(id);
}

} // namespace

Reply<Observation> LogAction::observe(const Step &step, const Context &context)
{
    if (!m_system.audit)
        return ready<Observation>(fail(Error::Code::Invalid, words("This connection has no audit store. Connect to one, then make a new plan.")));
    const QJsonValue index = context.answer.value(u"event"_s);
    if (!index.isDouble())
        return ready<Observation>(Observation{});
    const Step what = step;
    const QString operation = context.plan.id.value;
    return derived(this->context(), m_system.audit->event(qint64(index.toDouble())), [what, operation](const AuditEvent &event) -> Result<Observation> {
        const QJsonObject detail = parseJson(event.detail.raw().toUtf8()).value_or(QJsonValue()).toObject();
        if (event.action != what.parameters.value(u"action"_s).toString() || event.workspace != what.workspace || detail.value(u"operation"_s).toString() != operation) {
            return fail(Error::Code::Protocol, words("Event %1 of the audit log is not the one that this console recorded. Do not trust this log before it is verified.")
                                                   .arg(event.index));
        }
        Observation seen;
        seen.done = true;
        seen.by = words("audit store");
        seen.seen = words("Event %1, recorded before anything is destroyed").arg(event.index);
        seen.outputs = QJsonObject{{u"event"_s, event.index}, {u"action"_s, event.action}, {u"operation"_s, operation}, {u"log"_s, what.parameters.value(u"log"_s).toString()}};
        return seen;
    });
}

Reply<QJsonObject> LogAction::request(const Step &step, const Context &context, const Change &change)
{
    if (!m_system.audit)
        return ready<QJsonObject>(fail(Error::Code::Invalid, words("This connection has no audit store. Connect to one, then make a new plan.")));
    QJsonObject detail{{u"operation"_s, context.plan.id.value}};
    for (const QJsonObject &outputs : context.outputs) {
        for (const QString &name : {u"snapshot"_s, u"archiveSha256"_s, u"manifestSha256"_s}) {
            if (outputs.contains(name))
                detail[name] = outputs[name];
        }
    }
    if (!context.plan.evidenceOverride.isEmpty())
        detail[u"evidenceSkipped"_s] = context.plan.evidenceOverride;
    AuditEvent draft;
    draft.action = step.parameters.value(u"action"_s).toString();
    draft.target = Untrusted(step.target);
    draft.workspace = step.workspace;
    draft.outcome = Outcome::Success;
    draft.reason = Untrusted(context.plan.reason);
    draft.detail = Untrusted(QString::fromUtf8(canonicalJson(detail)));
    return derived(this->context(), m_system.audit->record(draft, change),
                   [](const AuditEvent &event) -> Result<QJsonObject> { return QJsonObject{{u"event"_s, event.index}}; });
}

Reply<Observation> EndSessionsAction::observe(const Step &step, const Context &context)
{
    if (!m_system.control)
        return ready<Observation>(noControl());
    const Step what = step;
    const Instant made = context.plan.made;
    return derived(this->context(), m_system.control->sessions(step.workspace), [this, what, made](const QVector<Session> &sessions) -> Result<Observation> {
        Observation seen;
        QVector<SessionId> open;
        int ended = 0;
        for (const Session &session : sessions) {
            const bool planned = isNamed(what, "sessions", session.id.value);
            if (session.state == SessionState::Open)
                open.append(session.id);
            ended += session.state == SessionState::Ended && (planned || session.ended >= made);
            if (planned || (session.state == SessionState::Ended && session.ended < made))
                continue;
            const Untrusted label(session.id.value + u" · "_s + session.actorName.inert(60));
            seen.found.append(Probe{ProbeKind::SessionToken, what.workspace, session.id.value, label, words("refused"), {}});
            seen.found.append(Probe{ProbeKind::SessionRecord, what.workspace, session.id.value, label, words("closed"), {}});
        }
        seen.done = open.isEmpty();
        seen.again = isMore(open, m_asked.value(what.id));
        m_open.insert(what.id, open);
        seen.by = controlPlane();
        seen.seen = words("Sessions closed: %1").arg(ended);
        seen.outputs = QJsonObject{{u"ended"_s, ended}};
        return seen;
    });
}

Reply<QJsonObject> EndSessionsAction::request(const Step &step, const Context &, const Change &change)
{
    if (!m_system.control)
        return ready<QJsonObject>(noControl());
    QVector<Reply<Session>> ends;
    const QVector<SessionId> open = m_open.value(step.id);
    m_asked.insert(step.id, open);
    for (const SessionId &session : open)
        ends.append(m_system.control->endSession(session, partOf(change, session.value)));
    return derived(context(), gathered(context(), ends, isGone), [](int all) -> Result<QJsonObject> { return QJsonObject{{u"sessions"_s, all}}; });
}

Reply<Observation> RevokeLeasesAction::observe(const Step &step, const Context &context)
{
    if (!m_system.broker)
        return ready<Observation>(fail(Error::Code::Invalid, words("This connection has no credential broker. Connect to one, then make a new plan.")));
    const Step what = step;
    const Instant made = context.plan.made;
    return derived(this->context(), m_system.broker->leases(step.workspace), [this, what, made](const QVector<Lease> &leases) -> Result<Observation> {
        Observation seen;
        QVector<LeaseId> active;
        int revoked = 0;
        for (const Lease &lease : leases) {
            const bool planned = isNamed(what, "leases", lease.id.value);
            if (lease.state == LeaseState::Active)
                active.append(lease.id);
            revoked += lease.state == LeaseState::Revoked && (planned || lease.revoked >= made);
            if (planned || lease.state == LeaseState::Expired || (lease.state == LeaseState::Revoked && lease.revoked < made))
                continue;
            seen.found.append(Probe{ProbeKind::Lease, what.workspace, lease.id.value, Untrusted(lease.name), words("refused"), {}});
        }
        seen.done = active.isEmpty();
        seen.again = isMore(active, m_asked.value(what.id));
        m_active.insert(what.id, active);
        seen.by = words("credential broker");
        seen.seen = words("Leases revoked: %1").arg(revoked);
        seen.outputs = QJsonObject{{u"revoked"_s, revoked}};
        return seen;
    });
}

Reply<QJsonObject> RevokeLeasesAction::request(const Step &step, const Context &, const Change &change)
{
    if (!m_system.broker)
        return ready<QJsonObject>(fail(Error::Code::Invalid, words("This connection has no credential broker. Connect to one, then make a new plan.")));
    QVector<Reply<Lease>> revocations;
    const QVector<LeaseId> active = m_active.value(step.id);
    m_asked.insert(step.id, active);
    for (const LeaseId &lease : active)
        revocations.append(m_system.broker->revokeLease(lease, partOf(change, lease.value)));
    return derived(context(), gathered(context(), revocations, isGone), [](int all) -> Result<QJsonObject> { return QJsonObject{{u"leases"_s, all}}; });
}

Reply<Observation> SuspendAction::observe(const Step &step, const Context &)
{
    if (!m_system.control)
        return ready<Observation>(noControl());
    const QString target = step.target;
    return derived(context(), m_system.control->principals(step.workspace), [this, target](const QVector<Principal> &principals) -> Result<Observation> {
        Observation seen;
        seen.by = controlPlane();
        for (const Principal &principal : principals) {
            if (principal.id.value != target)
                continue;
            seen.done = principal.suspended == m_suspended;
            if (seen.done)
                seen.seen = m_suspended ? words("Identity of %1 suspended").arg(principal.name.inert(60)) : words("Identity of %1 reinstated").arg(principal.name.inert(60));
            return seen;
        }
        // The control plane no longer ties it to this workspace: ask all the same, so that the identity itself is suspended.
        return seen;
    });
}

Reply<QJsonObject> SuspendAction::request(const Step &step, const Context &, const Change &change)
{
    if (!m_system.control)
        return ready<QJsonObject>(noControl());
    return derived(context(), m_system.control->suspendPrincipal(PrincipalId(step.target), m_suspended, change),
                   [](const Principal &) -> Result<QJsonObject> { return QJsonObject(); });
}

Reply<Observation> StateAction::observe(const Step &step, const Context &)
{
    if (!m_system.control)
        return ready<Observation>(noControl());
    return derived(context(), m_system.control->workspace(step.workspace), [this](const Workspace &workspace) -> Result<Observation> {
        Observation seen;
        seen.identity = identityOf(workspace);
        seen.by = controlPlane();
        seen.done = workspace.state == m_state || (m_state == WorkspaceState::Stopped && workspace.state == WorkspaceState::Revoked);
        if (seen.done)
            seen.seen = m_state == WorkspaceState::Revoked ? words("Revoked, version %1: it cannot be started again").arg(workspace.version)
                                                           : words("Stopped, version %1").arg(workspace.version);
        seen.outputs = QJsonObject{{u"version"_s, workspace.version}};
        return seen;
    });
}

Reply<QJsonObject> StateAction::request(const Step &step, const Context &, const Change &change)
{
    if (!m_system.control)
        return ready<QJsonObject>(noControl());
    const Reply<Workspace> asked = m_state == WorkspaceState::Revoked ? m_system.control->revokeWorkspace(step.workspace, change)
                                                                      : m_system.control->stopWorkspace(step.workspace, change);
    return derived(context(), asked, [](const Workspace &) -> Result<QJsonObject> { return QJsonObject(); });
}

} // namespace parapet::response
