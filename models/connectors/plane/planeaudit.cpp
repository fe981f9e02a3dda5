// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connectors/plane/planeaudit.h"

#include "models/connectors/plane/planedecode.h"
#include "models/connectors/plane/planesend.h"
#include "models/wire/activity.h"

#include <QtCore/QRegularExpression>

namespace parapet::planeconnector {

using namespace Qt::StringLiterals;

Reply<Page<AuditEvent>> PlaneAudit::events(const PageRequest &request)
{
    return m_client.send<Page<AuditEvent>>(
        planecalls::page(m_base, u"/v1/events"_s, request),
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

namespace {

constexpr qint64 recordingLimit = 64 << 20;
constexpr qint64 publishedLimit = 20 << 20; ///< 256 entries of 65,535 bytes, and their lengths

planecalls::Parameters slicesOf(Instant from, Instant to, Milliseconds slice)
{
    const qint64 seconds = std::chrono::duration_cast<std::chrono::seconds>(slice).count();
    return {{u"from"_s, toRfc3339(from)}, {u"to"_s, toRfc3339(to)}, {u"sliceSeconds"_s, QString::number(seconds)}};
}

} // namespace

Reply<QVector<ActivitySlice>> PlaneAudit::activity(Instant from, Instant to, Milliseconds slice)
{
    const planecalls::Parameters parameters = slicesOf(from, to, slice);
    return m_client.send<QVector<ActivitySlice>>(planecalls::get(m_base, u"/v1/activity"_s, {}, parameters),
                                                 planedecode::items<ActivitySlice>());
}

Reply<LogHead> PlaneAudit::head()
{
    return m_client.send<LogHead>(planecalls::get(m_base, u"/v1/head"_s), planedecode::one<LogHead>());
}

Reply<QVector<ActivitySlice>> PlaneAudit::activityOf(const QString &filter, Instant from, Instant to, Milliseconds slice)
{
    // A filter that is empty is said too: without it the interface leaves reads out.
    planecalls::Parameters parameters = slicesOf(from, to, slice);
    parameters.append({u"filter"_s, filter});
    return m_client.send<QVector<ActivitySlice>>(planecalls::get(m_base, u"/v1/activity"_s, {}, parameters),
                                                 planedecode::items<ActivitySlice>());
}

Reply<QVector<Bucket>> PlaneAudit::countEvents(const QString &filter, const QString &byField)
{
    planecalls::Parameters parameters{{u"by"_s, byField}};
    if (!filter.isEmpty())
        parameters.append({u"filter"_s, filter});
    return m_client.send<QVector<Bucket>>(planecalls::get(m_base, u"/v1/events/counts"_s, {}, parameters),
                                          [](transport::HttpResponse &response) -> Result<QVector<Bucket>> {
                                              const auto json = planedecode::object(response);
                                              return json ? planedecode::blame(wire::bucketsFromJson(*json))
                                                          : Result<QVector<Bucket>>(fail(json.error()));
                                          });
}

Reply<QByteArray> PlaneAudit::published(const QString &path)
{
    static const QRegularExpression resource(u"^(checkpoint|tile/[a-z0-9./]{1,64})$"_s);
    if (!resource.match(path).hasMatch() || path.contains(".."_L1)) {
        return ready<QByteArray>(fail(Error::Code::Invalid, QCoreApplication::translate("connectors", "“%1” is no resource of a published log.")
                                                                .arg(Untrusted(path).inert(80))));
    }
    auto request = planecalls::get(m_base, u'/' + path);
    request.accept = path == "checkpoint"_L1 ? "text/plain" : "application/octet-stream";
    request.limit = publishedLimit;
    request.together.clear(); // a bundle of entries is larger than what may come with others
    return m_client.send<QByteArray>(std::move(request), [](transport::HttpResponse &response) -> Result<QByteArray> { return std::move(response.body); });
}

Reply<Page<Recording>> PlaneAudit::recordings(const PageRequest &request)
{
    return m_client.send<Page<Recording>>(planecalls::page(m_base, u"/v1/recordings"_s, request), planedecode::page<Recording>());
}

Reply<QByteArray> PlaneAudit::recordingFile(const QString &id)
{
    auto request = planecalls::get(m_base, u"/v1/recordings/{}/file"_s, id);
    request.accept = "application/x-asciicast";
    request.limit = recordingLimit;
    request.together.clear();
    return m_client.send<QByteArray>(std::move(request), [](transport::HttpResponse &response) -> Result<QByteArray> { return std::move(response.body); });
}

Reply<QVector<Cosignature>> PlaneAudit::cosignatures(int limit)
{
    const planecalls::Parameters parameters{{u"limit"_s, QString::number(std::clamp(limit, 1, 500))}};
    auto request = planecalls::get(m_base, u"/v1/cosignatures"_s, {}, parameters);
    request.together.clear(); // five hundred of them are more than may come with others
    return m_client.send<QVector<Cosignature>>(std::move(request), planedecode::items<Cosignature>());
}

Reply<Cosignature> PlaneAudit::addCosignature(qint64 size, const QString &line, const Change &change)
{
    return sendPost(m_client, m_base, u"/v1/cosignatures"_s, u"cosignatures"_s, change, {{u"size"_s, size}, {u"line"_s, line}},
                    planedecode::one<Cosignature>());
}

} // namespace parapet::planeconnector
