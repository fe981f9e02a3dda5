// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/reply.h"
#include "models/domain/auditevent.h"
#include "models/ports/change.h"
#include "models/ports/page.h"

namespace parapet {

/// Events of people and of AI agents in one slice of time.
struct ActivitySlice {
    Instant from{};
    qint64 people = 0;
    qint64 agents = 0;
};

/// The tree head that the store states. Signed and proven in models/transparency.
struct LogHead {
    QString origin;
    qint64 size = 0;
    QByteArray rootHash; ///< 32 bytes, RFC 6962 §2.1
    Instant at{};
};

/// Who did what. Appends are durable before the answer.
class AuditStore
{
public:
    virtual ~AuditStore() = default;
    virtual Reply<Page<AuditEvent>> events(const PageRequest &request) = 0;
    virtual Reply<AuditEvent> event(qint64 index) = 0;
    /// Records a statement of this console; the answer carries its index.
    virtual Reply<AuditEvent> record(const AuditEvent &draft, const Change &change) = 0;
    virtual Reply<QVector<ActivitySlice>> activity(Instant from, Instant to, Milliseconds slice) = 0;
    virtual Reply<LogHead> head() = 0;
};

} // namespace parapet
