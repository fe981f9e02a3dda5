// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connectors/plane/planecalls.h"
#include "models/ports/auditstore.h"
#include "models/transport/httpclient.h"

namespace parapet::planeconnector {

/// The audit store of a Parapet plane, over HTTPS. `client` outlives it.
class PlaneAudit final : public AuditStore
{
public:
    PlaneAudit(transport::HttpClient &client, QUrl base) : m_client(client), m_base(std::move(base)) {}

    Reply<Page<AuditEvent>> events(const PageRequest &request) override;
    Reply<AuditEvent> event(qint64 index) override;
    Reply<AuditEvent> record(const AuditEvent &draft, const Change &change) override;
    Reply<QVector<ActivitySlice>> activity(Instant from, Instant to, Milliseconds slice) override;
    Reply<LogHead> head() override;
    Reply<QVector<ActivitySlice>> activityOf(const QString &filter, Instant from, Instant to, Milliseconds slice) override;
    Reply<QVector<Bucket>> countEvents(const QString &filter, const QString &byField) override;
    Reply<QByteArray> published(const QString &path) override;

private:
    transport::HttpClient &m_client;
    QUrl m_base;
};

} // namespace parapet::planeconnector
