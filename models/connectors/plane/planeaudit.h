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
    Reply<Page<Recording>> recordings(const PageRequest &request) override;
    Reply<QByteArray> recordingFile(const QString &id) override;
    Reply<QVector<Cosignature>> cosignatures(int limit) override;
    Reply<Cosignature> addCosignature(qint64 size, const QString &line, const Change &change) override;

private:
    transport::HttpClient &m_client;
    QUrl m_base;
};

} // namespace parapet::planeconnector
