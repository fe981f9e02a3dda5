// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakeports.h"

#include "models/crypto/digest.h"
#include "models/domain/fieldtext.h"
#include "models/query/predicate.h"
#include "models/wire/codec.h"

namespace parapet::support {

using namespace Qt::StringLiterals;

namespace {

/// "ACTION", or "ACTION OPERATION" with the operation that the event's detail names.
bool isWhat(const AuditEvent &event, const QString &expected)
{
    const QString operation = expected.section(u' ', 1);
    return event.action == expected.section(u' ', 0, 0) && (operation.isEmpty() || event.detail.raw().contains(u"\"operation\":\""_s + operation + u'"'));
}

Failure brokerNotFound(const QString &id)
{
    return fail(Error::Code::NotFound, u"%1 is not known."_s.arg(id));
}

} // namespace

Reply<QVector<Lease>> FakeBroker::leases(const WorkspaceId &id)
{
    return script.run<QVector<Lease>>({u"leases"_s, id.value, {}}, [this, id]() -> Result<QVector<Lease>> {
        const FakeWorkspace *found = m_world.find(id);
        return found ? Result<QVector<Lease>>(found->leases) : brokerNotFound(id.value);
    });
}

Reply<Lease> FakeBroker::lease(const LeaseId &id)
{
    return script.run<Lease>({u"lease"_s, id.value, {}}, [this, id]() -> Result<Lease> {
        const Lease *found = m_world.findLease(id);
        return found ? Result<Lease>(*found) : brokerNotFound(id.value);
    });
}

Reply<Lease> FakeBroker::revokeLease(const LeaseId &id, const Change &change)
{
    return script.run<Lease>({u"revokeLease"_s, id.value, change}, [this, id]() -> Result<Lease> {
        Lease *found = m_world.findLease(id);
        if (!found)
            return brokerNotFound(id.value);
        if (found->state == LeaseState::Active) {
            found->state = LeaseState::Revoked;
            found->revoked = m_world.clock.now();
            ++found->version;
            m_world.announce(u"lease"_s, id.value, wire::toJson(*found));
            m_world.touch(found->workspace);
        }
        return *found;
    });
}

Reply<QVector<HeldSecret>> FakeBroker::heldSecrets(const WorkspaceId &id)
{
    return script.run<QVector<HeldSecret>>(
        {u"heldSecrets"_s, id.value, {}}, [this, id]() -> Result<QVector<HeldSecret>> {
            const FakeWorkspace *found = m_world.find(id);
            if (!found)
                return brokerNotFound(id.value);
            QVector<HeldSecret> secrets;
            for (const Session &session : found->sessions)
                secrets.append({HeldSecret::Kind::SessionToken,
                                session.id.value,
                                session.id.value,
                                u"control plane"_s,
                                u"https://127.0.0.1:9/v1/token"_s,
                                {},
                                "token of " + session.id.value.toUtf8()});
            for (const Lease &lease : found->leases)
                secrets.append({HeldSecret::Kind::LeaseSecret, lease.id.value, lease.name, lease.target, lease.endpoint,
                                u"app"_s, "secret of " + lease.id.value.toUtf8()});
            return secrets;
        });
}

Reply<Page<AuditEvent>> FakeAudit::events(const PageRequest &request)
{
    return script.run<Page<AuditEvent>>(
        {u"events"_s, request.query.filter, {}}, [this, request]() -> Result<Page<AuditEvent>> {
            QVector<AuditEvent> rows;
            for (auto it = m_world.events.crbegin(); it != m_world.events.crend(); ++it) {
                if (matches ? matches(*it, request.query.filter)
                            : it->action.contains(request.query.filter) || it->workspace.value.contains(request.query.filter))
                    rows.append(*it);
            }
            if (const Field<AuditEvent> *field = findField<AuditEvent>(request.query.sort)) {
                std::stable_sort(rows.begin(), rows.end(), [&](const AuditEvent &a, const AuditEvent &b) {
                    const int order = query::compareBy(*field, a, b);
                    return request.query.descending ? order > 0 : order < 0;
                });
            }
            for (AuditEvent &row : rows) {
                if (alter)
                    alter(row);
            }
            const qint64 from = request.at >= 0 ? request.at : request.after.toLongLong();
            Page<AuditEvent> page;
            page.items = rows.mid(from, request.limit);
            page.total = Count::exactly(rows.size());
            page.next = from + page.items.size() < rows.size() ? QString::number(from + page.items.size()) : QString();
            page.asOf = m_world.clock.now();
            return page;
        });
}

Reply<AuditEvent> FakeAudit::event(qint64 index)
{
    return script.run<AuditEvent>({u"event"_s, QString::number(index), {}}, [this, index]() -> Result<AuditEvent> {
        if (index < 0 || index >= m_world.events.size())
            return brokerNotFound(QString::number(index));
        AuditEvent event = m_world.events.at(index);
        if (alter)
            alter(event);
        return event;
    });
}

Reply<AuditEvent> FakeAudit::record(const AuditEvent &draft, const Change &change)
{
    return script.run<AuditEvent>({u"record"_s, draft.action, change}, [this, draft]() -> Result<AuditEvent> {
        AuditEvent event = draft;
        event.index = m_world.events.size();
        event.time = m_world.clock.now();
        event.actor = m_world.self.id;
        event.actorName = m_world.self.name;
        event.actorKind = m_world.self.kind;
        event.origin = u"console"_s;
        event.originSequence = event.index + 1;
        m_world.events.append(event);
        m_world.announce(u"event"_s, QString::number(event.index), wire::toJson(event));
        return event;
    });
}

Reply<QVector<ActivitySlice>> FakeAudit::activity(Instant from, Instant to, Milliseconds slice)
{
    return script.run<QVector<ActivitySlice>>(
        {u"activity"_s, {}, {}}, [this, from, to, slice]() -> Result<QVector<ActivitySlice>> {
            QVector<ActivitySlice> slices;
            for (Instant at = from; at < to; at += slice) {
                ActivitySlice one{at, 0, 0};
                for (const AuditEvent &event : std::as_const(m_world.events)) {
                    if (event.time >= at && event.time < at + slice)
                        ++(event.actorKind == ActorKind::Agent ? one.agents : one.people);
                }
                slices.append(one);
            }
            return slices;
        });
}

Reply<QVector<ActivitySlice>> FakeAudit::activityOf(const QString &, Instant from, Instant to, Milliseconds slice)
{
    return activity(from, to, slice);
}

Reply<QVector<Bucket>> FakeAudit::countEvents(const QString &filter, const QString &byField)
{
    return script.run<QVector<Bucket>>({u"countEvents"_s, byField, {}}, [this, filter, byField]() -> Result<QVector<Bucket>> {
        const Field<AuditEvent> *field = findField<AuditEvent>(byField);
        if (!field)
            return fail(Error::Code::Invalid, u"No such field."_s);
        QMap<QString, qint64> counts;
        for (const AuditEvent &event : std::as_const(m_world.events)) {
            if (!matches || matches(event, filter))
                ++counts[field->text ? *field->text(event) : exportText(field->kind, field->get(event))];
        }
        QVector<Bucket> buckets;
        for (auto it = counts.cbegin(); it != counts.cend(); ++it)
            buckets.append({it.key(), it.value()});
        return buckets;
    });
}

Reply<QByteArray> FakeAudit::published(const QString &path)
{
    return script.run<QByteArray>({u"published"_s, path, {}}, [this, path]() -> Result<QByteArray> {
        const std::optional<QByteArray> bytes = publish ? publish(path) : std::nullopt;
        return bytes ? Result<QByteArray>(*bytes) : Result<QByteArray>(brokerNotFound(path));
    });
}

Reply<Page<Recording>> FakeAudit::recordings(const PageRequest &request)
{
    return script.run<Page<Recording>>({u"recordings"_s, request.query.filter, {}}, [this, request]() -> Result<Page<Recording>> {
        QVector<Recording> rows;
        for (const Recording &recording : recorded) {
            if (request.query.filter.isEmpty() || request.query.filter.contains(recording.id))
                rows.append(recording);
        }
        const qint64 from = request.at >= 0 ? request.at : request.after.toLongLong();
        Page<Recording> page;
        page.items = rows.mid(from, request.limit);
        page.total = Count::exactly(rows.size());
        page.asOf = m_world.clock.now();
        return page;
    });
}

Reply<QByteArray> FakeAudit::recordingFile(const QString &id)
{
    return script.run<QByteArray>({u"recordingFile"_s, id, {}}, [this, id]() -> Result<QByteArray> {
        if (!files.contains(id))
            return fail(Error::Code::NotFound, u"There is no such recording."_s);
        return files.value(id);
    });
}

Reply<QVector<Cosignature>> FakeAudit::cosignatures(int limit)
{
    return script.run<QVector<Cosignature>>({u"cosignatures"_s, {}, {}}, [this, limit]() -> Result<QVector<Cosignature>> { return cosigned.mid(0, limit); });
}

Reply<Cosignature> FakeAudit::addCosignature(qint64 size, const QString &line, const Change &change)
{
    return script.run<Cosignature>({u"addCosignature"_s, QString::number(size), change}, [this, size, line]() -> Result<Cosignature> {
        Cosignature one{size, QByteArray(32, '\0'), line.section(u' ', 1, 1), line, m_world.clock.now()};
        cosigned.prepend(one);
        return one;
    });
}

Reply<LogHead> FakeAudit::head()
{
    return script.run<LogHead>({u"head"_s, {}, {}}, [this]() -> Result<LogHead> {
        return LogHead{u"fake.example/log"_s, qint64(m_world.events.size()),
                       crypto::sha256(QByteArray::number(m_world.events.size())), m_world.clock.now()};
    });
}

Reply<ProbeResult> FakeObserver::attempt(const Probe &probe)
{
    return script.run<ProbeResult>({nameOf(probe.kind), probe.subject, {}}, [this, probe]() -> Result<ProbeResult> {
        const auto scriptedResult = scripted.constFind(nameOf(probe.kind) + u' ' + probe.subject);
        ProbeResult result = scriptedResult == scripted.cend() ? look(probe) : *scriptedResult;
        result.at = m_world.clock.now();
        if (result.observer.isEmpty())
            result.observer = u"fake observer"_s;
        return result;
    });
}

ProbeResult FakeObserver::look(const Probe &probe)
{
    const auto verdict = [](bool holds, const QString &good, const QString &bad) {
        return ProbeResult{holds ? Verdict::Holds : Verdict::Survives, Untrusted(holds ? good : bad), {}, {}};
    };
    const FakeWorkspace *workspace = m_world.find(probe.workspace);
    const bool survives = m_world.survivors.contains(probe.subject);
    switch (probe.kind) {
    case ProbeKind::SessionToken: {
        const Session *session = m_world.findSession(SessionId(probe.subject));
        return verdict(!survives && session && session->state == SessionState::Ended, u"401 invalid_token"_s,
                       u"login accepted"_s);
    }
    case ProbeKind::SessionRecord: {
        const Session *session = m_world.findSession(SessionId(probe.subject));
        return verdict(session && session->state == SessionState::Ended, u"ended"_s, u"open"_s);
    }
    case ProbeKind::Lease: {
        const Lease *lease = m_world.findLease(LeaseId(probe.subject));
        return verdict(!survives && lease && lease->state == LeaseState::Revoked, u"401 invalid_token"_s,
                       u"login accepted"_s);
    }
    case ProbeKind::ProcessTree:
        return verdict(workspace && !workspace->runtime.exists, u"no such process"_s, u"process exists"_s);
    case ProbeKind::SandboxNetwork:
        return verdict(workspace && !workspace->runtime.networkPresent, u"no network namespace"_s,
                       u"network namespace exists"_s);
    case ProbeKind::NetworkFlow:
        return verdict(workspace && workspace->runtime.openFlows == 0, u"no open flow"_s, u"open flow"_s);
    case ProbeKind::AuditEntry: {
        const qint64 index = probe.subject.toLongLong();
        const bool there = index >= 0 && index < m_world.events.size() &&
                           (probe.expected.isEmpty() || isWhat(m_world.events.at(index), probe.expected));
        return verdict(there, u"event found"_s, u"no such event"_s);
    }
    case ProbeKind::Evidence: {
        const auto snapshot = m_world.snapshots.constFind(probe.subject);
        const bool same = snapshot != m_world.snapshots.cend() && snapshot->complete &&
                          (probe.expected.isEmpty() || probe.expected.contains(snapshot->manifestSha256) ||
                           probe.expected.contains(snapshot->archiveSha256));
        return verdict(same, u"digests match"_s, u"digests differ"_s);
    }
    }
    return {};
}

FakeSystem::FakeSystem(int workspaces)
{
    world.self.id = PrincipalId(u"operator"_s);
    world.self.name = Untrusted(u"A. Operator"_s);
    world.self.team = u"security"_s;
    world.self.version = 1;
    world.addWorkspaces(workspaces);
}

} // namespace parapet::support
