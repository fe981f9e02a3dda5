// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connectors/plane/planecontrol.h"

#include "models/connectors/plane/planedecode.h"
#include "models/connectors/plane/planesend.h"
#include "models/wire/self.h"

namespace parapet::planeconnector {

using namespace Qt::StringLiterals;

Reply<Self> PlaneControl::whoAmI()
{
    return m_client.send<Self>(planecalls::get(m_base, u"/v1/self"_s), planedecode::one<Self>());
}

Reply<Page<Workspace>> PlaneControl::workspaces(const PageRequest &request)
{
    return m_client.send<Page<Workspace>>(
        planecalls::page(m_base, u"/v1/workspaces"_s, request),
        planedecode::page<Workspace>());
}

Reply<Workspace> PlaneControl::workspace(const WorkspaceId &id)
{
    return sendGet(m_client, m_base, u"/v1/workspaces/{}"_s, id.value, planedecode::one<Workspace>());
}

Reply<QVector<Bucket>> PlaneControl::countWorkspaces(const QString &filter, const QString &byField)
{
    planecalls::Parameters parameters{{u"by"_s, byField}};
    if (!filter.isEmpty())
        parameters.append({u"filter"_s, filter});
    return m_client.send<QVector<Bucket>>(planecalls::get(m_base, u"/v1/workspaces/counts"_s, {}, parameters),
                                          [](transport::HttpResponse &response) -> Result<QVector<Bucket>> {
                                              const auto json = planedecode::object(response);
                                              return json ? planedecode::blame(wire::bucketsFromJson(*json))
                                                          : Result<QVector<Bucket>>(fail(json.error()));
                                          });
}

Reply<Workspace> PlaneControl::revokeWorkspace(const WorkspaceId &id, const Change &change)
{
    return sendPost(m_client, m_base, u"/v1/workspaces/{}/revoke"_s, id.value, change, {},
                    planedecode::one<Workspace>());
}

Reply<Workspace> PlaneControl::stopWorkspace(const WorkspaceId &id, const Change &change)
{
    return sendPost(m_client, m_base, u"/v1/workspaces/{}/stop"_s, id.value, change, {}, planedecode::one<Workspace>());
}

Reply<QVector<Session>> PlaneControl::sessions(const WorkspaceId &id)
{
    return sendGet(m_client, m_base, u"/v1/workspaces/{}/sessions"_s, id.value, planedecode::items<Session>());
}

Reply<Session> PlaneControl::session(const SessionId &id)
{
    return sendGet(m_client, m_base, u"/v1/sessions/{}"_s, id.value, planedecode::one<Session>());
}

Reply<Session> PlaneControl::endSession(const SessionId &id, const Change &change)
{
    return sendPost(m_client, m_base, u"/v1/sessions/{}/end"_s, id.value, change, {}, planedecode::one<Session>());
}

Reply<QVector<Principal>> PlaneControl::principals(const WorkspaceId &id)
{
    return sendGet(m_client, m_base, u"/v1/workspaces/{}/principals"_s, id.value, planedecode::items<Principal>());
}

Reply<Principal> PlaneControl::suspendPrincipal(const PrincipalId &id, bool suspended, const Change &change)
{
    return sendPost(m_client, m_base, u"/v1/principals/{}/suspend"_s, id.value, change, {{"suspended"_L1, suspended}},
                    planedecode::one<Principal>());
}

std::unique_ptr<Watch> PlaneControl::watch(const QString &since)
{
    return m_watches(since);
}

} // namespace parapet::planeconnector
