// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verify/eventcheck.h"

#include "models/core/json.h"
#include "models/transparency/eventleaf.h"
#include "models/transparency/hash.h"
#include "models/wire/codec.h"

#include <QtCore/QCoreApplication>

namespace parapet::verify {

using namespace Qt::StringLiterals;

namespace {

struct EventText {
    Q_DECLARE_TR_FUNCTIONS(Verify)
};

} // namespace

EventRead readEvent(QByteArrayView entry, qint64 index)
{
    const Result<QJsonValue> json = parseJson(entry, {transparency::maximumEntry, 8});
    if (!json || !json->isObject())
        return {};
    Result<AuditEvent> event = wire::fromJson<AuditEvent>(json->toObject());
    if (!event)
        return {};
    EventRead read{std::move(*event), {}};
    if (read.event->index != index)
        read.wrong = EventText::tr("Event %1 says that it is event %2.").arg(index).arg(read.event->index);
    else if (transparency::leafOf(*read.event) != entry)
        read.wrong = EventText::tr("Event %1 is not in canonical form.").arg(index);
    return read;
}

QString OriginNumbers::follow(const AuditEvent &event)
{
    const auto known = m_last.find(event.origin);
    if (known == m_last.end()) {
        if (m_last.size() >= maximumOrigins || event.origin.size() > wire::maxIdentifierLength) {
            m_whole = false;
            return {};
        }
        m_last.insert(event.origin, event.originSequence);
        if (m_anew || event.originSequence == 1)
            return {};
        return EventText::tr("“%1” begins with number %2 at event %3, not with 1.")
            .arg(Untrusted(event.origin).inert(128)).arg(event.originSequence).arg(event.index);
    }
    const qint64 before = std::exchange(*known, event.originSequence);
    if (event.originSequence == before + 1)
        return {};
    return EventText::tr("“%1” goes from number %2 to %3 at event %4.")
        .arg(Untrusted(event.origin).inert(128)).arg(before).arg(event.originSequence).arg(event.index);
}

void OriginNumbers::lose()
{
    m_last.clear();
    m_anew = true;
    m_whole = false;
}

} // namespace parapet::verify
