// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakeports.h"

#include "models/wire/codec.h"

namespace parapet::support {

using namespace Qt::StringLiterals;

namespace {

Failure controlNotFound(const QString &id)
{
    return fail(Error::Code::NotFound, u"%1 is not known."_s.arg(id));
}

/// Compares two values of one kind; unlike kinds are equal.
bool isLess(const FieldValue &a, const FieldValue &b)
{
    if (a.index() != b.index())
        return a.index() < b.index();
    return std::visit(
        [&b](const auto &left) {
            using T = std::decay_t<decltype(left)>;
            if constexpr (std::is_same_v<T, std::monostate>)
                return false;
            else
                return left < std::get<T>(b);
        },
        a);
}

QString bucketKey(const FieldValue &value)
{
    if (const auto *text = std::get_if<QString>(&value))
        return *text;
    if (const auto *text = std::get_if<Untrusted>(&value))
        return text->inert();
    if (const auto *number = std::get_if<qint64>(&value))
        return QString::number(*number);
    if (const auto *flag = std::get_if<bool>(&value))
        return *flag ? u"true"_s : u"false"_s;
    return {};
}

} // namespace

void FakeWatch::send(const QVector<ChangeEvent> &events)
{
    m_lastHeard = m_world.clock.now();
    Q_EMIT changed(events);
}

void FakeWatch::breakOff(const Error &why)
{
    m_state = State::Broken;
    Q_EMIT stateChanged(m_state, why);
}

void FakeWatch::recover(bool withGap)
{
    m_state = State::Live;
    m_lastHeard = m_world.clock.now();
    Q_EMIT stateChanged(m_state, {});
    if (withGap)
        Q_EMIT gapFound();
}

Reply<Self> FakeControlPlane::whoAmI()
{
    return script.run<Self>({u"whoAmI"_s, {}, {}}, [this]() -> Result<Self> { return Self{m_world.self, m_world.rights, m_world.acceptedUntil}; });
}

Reply<Page<Workspace>> FakeControlPlane::workspaces(const PageRequest &request)
{
    return script.run<Page<Workspace>>(
        {u"workspaces"_s, request.query.filter, {}}, [this, request]() -> Result<Page<Workspace>> {
            QVector<Workspace> rows;
            for (const Workspace &workspace : m_world.workspaceList()) {
                const bool shown = matches ? matches(workspace, request.query.filter)
                                           : workspace.name.raw().contains(request.query.filter) ||
                                                 workspace.id.value.contains(request.query.filter);
                if (shown)
                    rows.append(workspace);
            }
            if (!request.query.sort.isEmpty()) {
                const Field<Workspace> *field = findField<Workspace>(request.query.sort);
                if (!field)
                    return fail(Error::Code::Invalid, u"No such field."_s);
                std::stable_sort(rows.begin(), rows.end(), [&](const Workspace &a, const Workspace &b) {
                    return request.query.descending ? isLess(field->get(b), field->get(a))
                                                    : isLess(field->get(a), field->get(b));
                });
            }
            const qint64 from = request.at >= 0 ? request.at : request.after.toLongLong();
            Page<Workspace> page;
            page.items = rows.mid(from, request.limit);
            page.total = Count::exactly(rows.size());
            page.next = from + page.items.size() < rows.size() ? QString::number(from + page.items.size()) : QString();
            page.asOf = m_world.clock.now();
            return page;
        });
}

Reply<Workspace> FakeControlPlane::workspace(const WorkspaceId &id)
{
    return script.run<Workspace>({u"workspace"_s, id.value, {}}, [this, id]() -> Result<Workspace> {
        const FakeWorkspace *found = m_world.find(id);
        return found ? Result<Workspace>(found->workspace) : controlNotFound(id.value);
    });
}

Reply<QVector<Bucket>> FakeControlPlane::countWorkspaces(const QString &filter, const QString &byField)
{
    return script.run<QVector<Bucket>>(
        {u"countWorkspaces"_s, byField, {}}, [this, filter, byField]() -> Result<QVector<Bucket>> {
            const Field<Workspace> *field = findField<Workspace>(byField);
            if (!field)
                return fail(Error::Code::Invalid, u"No such field."_s);
            QMap<QString, qint64> counts;
            for (const Workspace &workspace : m_world.workspaceList()) {
                if (matches ? matches(workspace, filter)
                            : workspace.name.raw().contains(filter) || workspace.id.value.contains(filter))
                    ++counts[bucketKey(field->get(workspace))];
            }
            QVector<Bucket> buckets;
            for (auto it = counts.cbegin(); it != counts.cend(); ++it)
                buckets.append({it.key(), it.value()});
            return buckets;
        });
}

Reply<Workspace> FakeControlPlane::revokeWorkspace(const WorkspaceId &id, const Change &change)
{
    return script.run<Workspace>({u"revokeWorkspace"_s, id.value, change}, [this, id, change]() -> Result<Workspace> {
        FakeWorkspace *found = m_world.find(id);
        if (!found)
            return controlNotFound(id.value);
        if (!change.ifMatch.isEmpty() && change.ifMatch != QString::number(found->workspace.version))
            return fail(Error::Code::Conflict, u"It was changed meanwhile."_s);
        found->workspace.state = found->runtime.exists ? WorkspaceState::Stopping : WorkspaceState::Revoked;
        m_world.touch(id);
        return found->workspace;
    });
}

Reply<Workspace> FakeControlPlane::stopWorkspace(const WorkspaceId &id, const Change &change)
{
    return script.run<Workspace>({u"stopWorkspace"_s, id.value, change}, [this, id]() -> Result<Workspace> {
        FakeWorkspace *found = m_world.find(id);
        if (!found)
            return controlNotFound(id.value);
        found->workspace.state = WorkspaceState::Stopped;
        found->runtime.exists = found->runtime.networkPresent = false;
        found->runtime.processes = found->runtime.rootPid = found->runtime.openFlows = 0;
        found->processes.clear();
        m_world.touch(id);
        return found->workspace;
    });
}

Reply<QVector<Session>> FakeControlPlane::sessions(const WorkspaceId &id)
{
    return script.run<QVector<Session>>({u"sessions"_s, id.value, {}}, [this, id]() -> Result<QVector<Session>> {
        const FakeWorkspace *found = m_world.find(id);
        return found ? Result<QVector<Session>>(found->sessions) : controlNotFound(id.value);
    });
}

Reply<Session> FakeControlPlane::session(const SessionId &id)
{
    return script.run<Session>({u"session"_s, id.value, {}}, [this, id]() -> Result<Session> {
        const Session *found = m_world.findSession(id);
        return found ? Result<Session>(*found) : controlNotFound(id.value);
    });
}

Reply<Session> FakeControlPlane::endSession(const SessionId &id, const Change &change)
{
    return script.run<Session>({u"endSession"_s, id.value, change}, [this, id, change]() -> Result<Session> {
        Session *found = m_world.findSession(id);
        if (!found)
            return controlNotFound(id.value);
        if (found->state == SessionState::Open && !m_world.survivors.contains(id.value)) {
            found->state = SessionState::Ended;
            found->ended = m_world.clock.now();
            found->endReason = change.reason;
            ++found->version;
            m_world.announce(u"session"_s, id.value, wire::toJson(*found));
            m_world.touch(found->workspace);
        }
        return *found;
    });
}

Reply<QVector<Principal>> FakeControlPlane::principals(const WorkspaceId &id)
{
    return script.run<QVector<Principal>>({u"principals"_s, id.value, {}}, [this, id]() -> Result<QVector<Principal>> {
        const FakeWorkspace *found = m_world.find(id);
        return found ? Result<QVector<Principal>>(found->principals) : controlNotFound(id.value);
    });
}

Reply<Principal> FakeControlPlane::suspendPrincipal(const PrincipalId &id, bool suspended, const Change &change)
{
    return script.run<Principal>({u"suspendPrincipal"_s, id.value, change},
                                 [this, id, suspended]() -> Result<Principal> {
                                     std::optional<Principal> answer;
                                     for (FakeWorkspace &workspace : m_world.m_workspaces) {
                                         for (Principal &principal : workspace.principals) {
                                             if (principal.id != id)
                                                 continue;
                                             principal.suspended = suspended;
                                             ++principal.version;
                                             answer = principal;
                                         }
                                     }
                                     if (!answer)
                                         return controlNotFound(id.value);
                                     m_world.announce(u"principal"_s, id.value, wire::toJson(*answer));
                                     return *answer;
                                 });
}

std::unique_ptr<Watch> FakeControlPlane::watch(const QString &)
{
    auto watch = std::make_unique<FakeWatch>(m_world);
    m_world.m_watches.removeAll(nullptr);
    m_world.m_watches.append(watch.get());
    return watch;
}

} // namespace parapet::support
