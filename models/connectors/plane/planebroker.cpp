// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connectors/plane/planebroker.h"

#include "models/connectors/plane/planedecode.h"
#include "models/connectors/plane/planesend.h"
#include "models/wire/heldsecret.h"

namespace parapet::planeconnector {

using namespace Qt::StringLiterals;

Reply<QVector<Lease>> PlaneBroker::leases(const WorkspaceId &id)
{
    return sendGet(m_client, m_base, u"/v1/workspaces/{}/leases"_s, id.value, planedecode::items<Lease>());
}

Reply<Lease> PlaneBroker::lease(const LeaseId &id)
{
    return sendGet(m_client, m_base, u"/v1/leases/{}"_s, id.value, planedecode::one<Lease>());
}

Reply<Lease> PlaneBroker::revokeLease(const LeaseId &id, const Change &change)
{
    return sendPost(m_client, m_base, u"/v1/leases/{}/revoke"_s, id.value, change, {}, planedecode::one<Lease>());
}

Reply<QVector<HeldSecret>> PlaneBroker::heldSecrets(const WorkspaceId &id)
{
    if (Status valid = planecalls::check(id.value); !valid)
        return ready<QVector<HeldSecret>>(fail(valid.error()));
    auto request = planecalls::get(m_base, u"/v1/workspaces/{}/held-secrets"_s, id.value);
    request.secret = true;
    return m_client.send<QVector<HeldSecret>>(std::move(request), planedecode::items<HeldSecret>());
}

} // namespace parapet::planeconnector
