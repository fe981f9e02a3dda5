// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connectors/plane/planecalls.h"
#include "models/ports/credentialbroker.h"
#include "models/transport/httpclient.h"

namespace parapet::planeconnector {

/// The credential broker of a Parapet plane, over HTTPS. `client` outlives it.
class PlaneBroker final : public CredentialBroker
{
public:
    PlaneBroker(transport::HttpClient &client, QUrl base) : m_client(client), m_base(std::move(base)) {}

    Reply<QVector<Lease>> leases(const WorkspaceId &id) override;
    Reply<Lease> lease(const LeaseId &id) override;
    Reply<Lease> revokeLease(const LeaseId &id, const Change &change) override;
    Reply<QVector<HeldSecret>> heldSecrets(const WorkspaceId &id) override;

private:
    transport::HttpClient &m_client;
    QUrl m_base;
};

} // namespace parapet::planeconnector
