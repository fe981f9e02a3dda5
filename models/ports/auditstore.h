// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/reply.h"
#include "models/domain/auditevent.h"
#include "models/domain/recording.h"
#include "models/ports/change.h"
#include "models/ports/page.h"

#include <QtCore/QCoreApplication>

namespace parapet {

/// Events of people, of AI agents and of services in one slice of time, and how many of all of them were denied or failed.
struct ActivitySlice {
    Instant from{};
    qint64 people = 0;
    qint64 agents = 0;
    qint64 services = 0;
    qint64 refused = 0;
};

/// The tree head that the store states. Signed and proven in models/transparency.
struct LogHead {
    QString origin;
    qint64 size = 0;
    QByteArray rootHash; ///< 32 bytes, RFC 6962 §2.1
    Instant at{};
};

/// That a witness saw a tree head, and when (C2SP tlog-cosignature). Unchecked: models/fleet/cosignatures.h says what it is worth.
struct Cosignature {
    qint64 size = 0;
    QByteArray rootHash; ///< 32 bytes
    QString witness;
    QString line; ///< "— name base64(key hash ‖ time ‖ signature)", without a newline
    Instant at{}; ///< when the witness says that it signed
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

    /// The activity of the events that match `filter` alone, reads included. A store that cannot: an error of code NotFound.
    virtual Reply<QVector<ActivitySlice>> activityOf(const QString &filter, Instant from, Instant to, Milliseconds slice)
    {
        Q_UNUSED(filter) Q_UNUSED(from) Q_UNUSED(to) Q_UNUSED(slice)
        return ready<QVector<ActivitySlice>>(absent());
    }
    /// Exact counts of the events that match `filter`, by the values of one field, most first. At most 500 values.
    virtual Reply<QVector<Bucket>> countEvents(const QString &filter, const QString &byField)
    {
        Q_UNUSED(filter) Q_UNUSED(byField)
        return ready<QVector<Bucket>>(absent());
    }
    /// A resource of the published log (C2SP tlog-tiles): "checkpoint", "tile/0/x001/067", "tile/entries/000.p/8". Its bytes as
    /// they came, unchecked: models/transparency says what they prove. At most 20 MB.
    virtual Reply<QByteArray> published(const QString &path)
    {
        Q_UNUSED(path)
        return ready<QByteArray>(absent());
    }
    /// Terminal recordings, newest first unless the request sorts otherwise.
    virtual Reply<Page<Recording>> recordings(const PageRequest &request)
    {
        Q_UNUSED(request)
        return ready<Page<Recording>>(absent());
    }
    /// The bytes of an ended recording's asciinema v2 file, unchecked: its SHA-256 says whether they are those of the log. At most
    /// 64 MB. Conflict while it still runs.
    virtual Reply<QByteArray> recordingFile(const QString &id)
    {
        Q_UNUSED(id)
        return ready<QByteArray>(absent());
    }
    /// Which witnesses have cosigned which checkpoints, largest size first; at most `limit`, 1 to 500.
    virtual Reply<QVector<Cosignature>> cosignatures(int limit)
    {
        Q_UNUSED(limit)
        return ready<QVector<Cosignature>>(absent());
    }
    /// Adds the cosignature of the checkpoint of `size`. Forbidden when the store does not know the witness, Invalid when it does
    /// not verify there, NotFound beyond the log's head. Sent twice it is the same.
    virtual Reply<Cosignature> addCosignature(qint64 size, const QString &line, const Change &change)
    {
        Q_UNUSED(size) Q_UNUSED(line) Q_UNUSED(change)
        return ready<Cosignature>(absent());
    }

private:
    static Failure absent()
    {
        return fail(Error::Code::NotFound, QCoreApplication::translate("ports", "This audit store does not offer that."));
    }
};

} // namespace parapet
