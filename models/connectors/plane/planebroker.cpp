// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connectors/plane/planebroker.h"

#include "models/connectors/plane/planedecode.h"
#include "models/connectors/plane/planesend.h"
#include "models/crypto/random.h"
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
    const auto decodeSecrets = planedecode::items<HeldSecret>();
    return sendGet<QVector<HeldSecret>>(m_client, m_base, u"/v1/workspaces/{}/held-secrets"_s, id.value,
                                        [decodeSecrets](transport::HttpResponse &response) {
                                            auto secrets = decodeSecrets(response);
                                            crypto::wipe(response.body);
                                            return secrets;
                                        });
}

} // namespace parapet::planeconnector
