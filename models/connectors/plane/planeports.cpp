// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connectors/plane/planeports.h"

#include "models/transport/eventstream.h"

namespace parapet::planeconnector {

using namespace Qt::StringLiterals;

namespace {

PlaneControl::MakeWatch watchesOf(const transport::Trust &trust, const transport::TlsIdentity &identity,
                                  const QUrl &base, const Clock &clock)
{
    return [trust, identity, base, &clock](const QString &since) -> std::unique_ptr<Watch> {
        transport::EventStream::Options options;
        options.url = planecalls::get(base, u"/v1/changes"_s).url;
        options.since = since;
        return std::make_unique<transport::EventStream>(trust, identity, options, clock);
    };
}

} // namespace

PlanePorts::PlanePorts(const transport::Trust &trust, const transport::TlsIdentity &identity,
                       const Endpoints &endpoints, const Clock &clock)
    : controlClient(trust, identity, clock),
      auditClient(trust, identity, clock),
      agentClient(trust, identity, clock),
      control(controlClient, endpoints.control, watchesOf(trust, identity, endpoints.control, clock)),
      runtime(agentClient, endpoints.agent),
      broker(controlClient, endpoints.control),
      audit(auditClient, endpoints.audit)
{
}

} // namespace parapet::planeconnector
