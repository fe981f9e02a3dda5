// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connectors/plane/planeaudit.h"
#include "models/connectors/plane/planebroker.h"
#include "models/connectors/plane/planecontrol.h"
#include "models/connectors/plane/planeruntime.h"

namespace parapet::planeconnector {

/// The four ports of a plane for one identity: a client for each interface, and the ports over them.
class PlanePorts
{
public:
    PlanePorts(const transport::Trust &trust, const transport::TlsIdentity &identity, const Endpoints &endpoints,
               const Clock &clock);
    PlanePorts(const PlanePorts &) = delete;

    transport::HttpClient controlClient;
    transport::HttpClient auditClient;
    transport::HttpClient agentClient;
    PlaneControl control;
    PlaneRuntime runtime;
    PlaneBroker broker;
    PlaneAudit audit;
};

} // namespace parapet::planeconnector
