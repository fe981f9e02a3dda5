// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connectors/plane/planeruntime.h"

#include "models/connectors/plane/planedecode.h"
#include "models/connectors/plane/planesend.h"
#include "models/crypto/digest.h"
#include "models/wire/runtimestate.h"

namespace parapet::planeconnector {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 manifestLimit = 64 << 20;
constexpr qint64 archiveLimit = qint64(64) << 30;
/// What fits an answer among others (models/wire/batch.h), with room for its coding; a manifest has a line a file.
constexpr qint64 smallArchive = 32 << 10;
constexpr qint64 smallFiles = 32;

} // namespace

Reply<bool> PlaneRuntime::learnCapabilities()
{
    return m_client.send<bool>(planecalls::get(m_base, u"/v1/capabilities"_s),
                               [known = m_capabilities](transport::HttpResponse &response) -> Result<bool> {
                                   const auto json = planedecode::object(response);
                                   if (!json)
                                       return fail(json.error());
                                   const auto list = planedecode::blame(wire::capabilitiesFromJson(*json));
                                   if (!list)
                                       return fail(list.error());
                                   QHash<QString, Capability> byVerb;
                                   for (const auto &[verb, capability] : *list)
                                       byVerb.insert(verb, capability);
                                   *known = std::move(byVerb);
                                   return true;
                               });
}

Capability PlaneRuntime::capability(const QString &verb) const
{
    if (!*m_capabilities)
        return Capability::absent(
            QCoreApplication::translate("connectors", "The runtime agent has not said yet what it can do."));
    return (*m_capabilities)
        ->value(verb, Capability::absent(QCoreApplication::translate(
                          "connectors", "The runtime agent of this system does not offer it.")));
}

Reply<RuntimeState> PlaneRuntime::state(const WorkspaceId &id)
{
    return sendGet(m_client, m_base, u"/v1/workspaces/{}/state"_s, id.value, planedecode::one<RuntimeState>());
}

Reply<QVector<Process>> PlaneRuntime::processes(const WorkspaceId &id)
{
    return sendGet(m_client, m_base, u"/v1/workspaces/{}/processes"_s, id.value, planedecode::items<Process>());
}

Reply<QVector<Flow>> PlaneRuntime::flows(const WorkspaceId &id)
{
    return sendGet(m_client, m_base, u"/v1/workspaces/{}/flows"_s, id.value, planedecode::items<Flow>());
}

Reply<RuntimeState> PlaneRuntime::act(const QString &verb, const WorkspaceId &id, const Change &change)
{
    return sendPost(m_client, m_base, u"/v1/workspaces/{}/"_s + verb, id.value, change, {},
                    planedecode::one<RuntimeState>());
}

Reply<RuntimeState> PlaneRuntime::setFrozen(const WorkspaceId &id, bool frozen, const Change &change)
{
    return act(frozen ? u"freeze"_s : u"thaw"_s, id, change);
}

Reply<RuntimeState> PlaneRuntime::setIsolated(const WorkspaceId &id, bool isolated, const Change &change)
{
    return act(isolated ? u"isolate"_s : u"rejoin"_s, id, change);
}

Reply<RuntimeState> PlaneRuntime::setAgentPaused(const WorkspaceId &id, bool paused, const Change &change)
{
    return act(paused ? u"pause-agent"_s : u"resume-agent"_s, id, change);
}

Reply<RuntimeState> PlaneRuntime::terminate(const WorkspaceId &id, const Change &change)
{
    return act(u"terminate"_s, id, change);
}

Reply<Snapshot> PlaneRuntime::takeSnapshot(const WorkspaceId &id, const Change &change)
{
    return sendPost(m_client, m_base, u"/v1/workspaces/{}/snapshots"_s, id.value, change, {},
                    planedecode::one<Snapshot>());
}

Reply<Snapshot> PlaneRuntime::snapshot(const SnapshotId &id)
{
    const auto decode = planedecode::one<Snapshot>();
    return sendGet<Snapshot>(m_client, m_base, u"/v1/snapshots/{}"_s, id.value, [decode, small = m_small](transport::HttpResponse &response) {
        Result<Snapshot> snapshot = decode(response);
        if (snapshot && snapshot->complete && snapshot->bytes <= smallArchive && snapshot->files <= smallFiles)
            small->insert(snapshot->id.value);
        return snapshot;
    });
}

Reply<QByteArray> PlaneRuntime::manifest(const SnapshotId &id)
{
    if (Status valid = planecalls::check(id.value); !valid)
        return ready<QByteArray>(fail(valid.error()));
    auto request = planecalls::get(m_base, u"/v1/snapshots/{}/manifest"_s, id.value);
    request.accept = "application/jsonl";
    if (!m_small->contains(id.value))
        request.together.clear();
    request.limit = manifestLimit;
    request.deadline = std::chrono::minutes(10);
    return m_client.send<QByteArray>(std::move(request), [](transport::HttpResponse &response) -> Result<QByteArray> {
        return std::move(response.body);
    });
}

Reply<QString> PlaneRuntime::hashArchive(const SnapshotId &id)
{
    if (Status valid = planecalls::check(id.value); !valid)
        return ready<QString>(fail(valid.error()));
    auto request = planecalls::get(m_base, u"/v1/snapshots/{}/archive"_s, id.value);
    request.accept = "application/x-tar";
    if (!m_small->remove(id.value))
        request.together.clear();
    request.limit = archiveLimit;
    request.deadline = std::chrono::hours(2);
    const auto hash = std::make_shared<crypto::Sha256>();
    request.sink = [hash](QByteArrayView piece) { hash->add(piece); };
    return m_client.send<QString>(std::move(request), [hash](transport::HttpResponse &) -> Result<QString> {
        return QString::fromLatin1(hash->result().toHex());
    });
}

} // namespace parapet::planeconnector
