// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connectors/plane/planeaudit.h"

#include "models/connectors/plane/planedecode.h"
#include "models/connectors/plane/planesend.h"
#include "models/wire/activity.h"

namespace parapet::planeconnector {

using namespace Qt::StringLiterals;

Reply<Page<AuditEvent>> PlaneAudit::events(const PageRequest &request)
{
    return m_client.send<Page<AuditEvent>>(
        planecalls::get(m_base, u"/v1/events"_s, {}, planecalls::parametersOf(request)),
        planedecode::page<AuditEvent>());
}

Reply<AuditEvent> PlaneAudit::event(qint64 index)
{
    return sendGet(m_client, m_base, u"/v1/events/{}"_s, QString::number(index), planedecode::one<AuditEvent>());
}

Reply<AuditEvent> PlaneAudit::record(const AuditEvent &draft, const Change &change)
{
    return sendPost(m_client, m_base, u"/v1/events"_s, u"events"_s, change, planecalls::bodyOf(draft),
                    planedecode::one<AuditEvent>());
}

Reply<QVector<ActivitySlice>> PlaneAudit::activity(Instant from, Instant to, Milliseconds slice)
{
    const qint64 seconds = std::chrono::duration_cast<std::chrono::seconds>(slice).count();
    const planecalls::Parameters parameters{
        {u"from"_s, toRfc3339(from)}, {u"to"_s, toRfc3339(to)}, {u"sliceSeconds"_s, QString::number(seconds)}};
    return m_client.send<QVector<ActivitySlice>>(planecalls::get(m_base, u"/v1/activity"_s, {}, parameters),
                                                 planedecode::items<ActivitySlice>());
}

Reply<LogHead> PlaneAudit::head()
{
    return m_client.send<LogHead>(planecalls::get(m_base, u"/v1/head"_s), planedecode::one<LogHead>());
}

} // namespace parapet::planeconnector
