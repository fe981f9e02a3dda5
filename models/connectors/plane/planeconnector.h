// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connectors/plane/credentialobserver.h"
#include "models/connectors/plane/planeports.h"
#include "models/connectors/plane/recordobserver.h"
#include "models/connectors/plane/runtimeobserver.h"
#include "models/ports/system.h"

namespace parapet::planeconnector {

/// A Parapet plane as a System: the operator's ports, and observers with connections and an identity of their own.
class PlaneConnector : public QObject
{
    Q_OBJECT

public:
    struct Parts {
        transport::Trust trust;
        transport::TlsIdentity operatorIdentity;
        std::optional<transport::TlsIdentity>
            proberIdentity; ///< none: no observers, since the doer must not be the prober
        Endpoints endpoints;
        bool sameHost = false; ///< the plane is a child of this program
    };

    /// Where a request went.
    enum class Interface { Control, Audit, Agent, Target };
    Q_ENUM(Interface)

    PlaneConnector(Parts parts, const Clock &clock, QObject *parent = nullptr);

    PlanePorts &ports() { return m_ports; }
    System system();
    /// Fails what runs and all that comes, at every connection.
    void refuse(const Error &why);
    /// Verifies every server anew before the next request: the plane may be another process now.
    void forgetPeers();

Q_SIGNALS:
    /// A request of the operator or of the prober has its answer.
    void finished(parapet::planeconnector::PlaneConnector::Interface interface,
                  const parapet::transport::RequestRecord &record);
    void waitingLong(parapet::planeconnector::PlaneConnector::Interface interface);

private:
    void listen(transport::HttpClient &client, Interface interface);
    void listen(PlanePorts &ports);
    QVector<transport::HttpClient *> clients();

    PlanePorts m_ports;
    struct Prober {
        Prober(const Parts &parts, const KernelView &kernel, const Clock &clock);
        PlanePorts ports;
        transport::HttpClient targets;
        SecretCache secrets;
        SharedStates states;
        TokenObserver tokens;
        LeaseObserver leases;
        ProcessObserver processes;
        NetworkObserver network;
        SessionRecordObserver sessions;
        AuditObserver audit;
        EvidenceObserver evidence;
    };
    KernelView m_kernel;
    std::unique_ptr<Prober> m_prober;
};

} // namespace parapet::planeconnector
