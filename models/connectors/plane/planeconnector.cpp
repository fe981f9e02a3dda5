// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connectors/plane/planeconnector.h"

namespace parapet::planeconnector {

PlaneConnector::Prober::Prober(const Parts &parts, const KernelView &kernel, const Clock &clock)
    : ports(parts.trust, *parts.proberIdentity, parts.endpoints, clock),
      targets(parts.trust, std::nullopt, clock),
      secrets(ports.broker),
      states(ports.runtime),
      tokens(secrets, ports.controlClient, parts.endpoints.control, clock),
      leases(secrets, targets, clock),
      processes(states, kernel, parts.sameHost, clock),
      network(states, clock),
      sessions(ports.control, clock),
      audit(ports.audit, clock),
      evidence(ports.runtime, clock)
{
}

PlaneConnector::PlaneConnector(Parts parts, const Clock &clock, QObject *parent)
    : QObject(parent), m_ports(parts.trust, parts.operatorIdentity, parts.endpoints, clock)
{
    listen(m_ports);
    if (!parts.proberIdentity)
        return;
    m_prober = std::make_unique<Prober>(parts, m_kernel, clock);
    listen(m_prober->ports);
    listen(m_prober->targets, Interface::Target);
}

void PlaneConnector::listen(transport::HttpClient &client, Interface interface)
{
    connect(&client, &transport::HttpClient::finished, this,
            [this, interface](const transport::RequestRecord &record) { Q_EMIT finished(interface, record); });
    connect(&client, &transport::HttpClient::waitingLong, this, [this, interface] { Q_EMIT waitingLong(interface); });
}

void PlaneConnector::listen(PlanePorts &ports)
{
    listen(ports.controlClient, Interface::Control);
    listen(ports.auditClient, Interface::Audit);
    listen(ports.agentClient, Interface::Agent);
}

System PlaneConnector::system()
{
    System system{&m_ports.control, &m_ports.runtime, &m_ports.broker, &m_ports.audit, {}, this};
    if (m_prober)
        system.observers = {&m_prober->tokens,   &m_prober->leases, &m_prober->processes, &m_prober->network,
                            &m_prober->sessions, &m_prober->audit,  &m_prober->evidence};
    return system;
}

QVector<transport::HttpClient *> PlaneConnector::clients()
{
    QVector<transport::HttpClient *> all{&m_ports.controlClient, &m_ports.auditClient, &m_ports.agentClient};
    if (m_prober)
        all << &m_prober->ports.controlClient << &m_prober->ports.auditClient << &m_prober->ports.agentClient
            << &m_prober->targets;
    return all;
}

void PlaneConnector::refuse(const Error &why)
{
    for (transport::HttpClient *client : clients())
        client->refuse(why);
}

void PlaneConnector::forgetPeers()
{
    for (transport::HttpClient *client : clients())
        client->channel().forgetOrigins();
}

} // namespace parapet::planeconnector
