// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/error.h"
#include "models/core/instant.h"

#include <QtCore/QByteArray>
#include <QtCore/QJsonObject>
#include <QtCore/QObject>

namespace parapet {

/// One change of one object, in the order of the source.
struct ChangeEvent {
    QString sequence;        ///< where to resume: opaque
    QString kind;            ///< "workspace", "session", "lease", "principal", "event", "operation"
    QString id;
    bool removed = false;
    QJsonObject object;      ///< the object as it is now, in wire form; empty when removed
};

/// A resumable stream of changes. It reconnects by itself (with growing, jittered waits), resumes where it stood, notices a gap
/// or a missing ping (3 × the announced interval) and says so. Lives on the thread of its owner.
class Watch : public QObject
{
    Q_OBJECT

public:
    enum class State { Connecting, Live, Broken };
    Q_ENUM(State)
    using QObject::QObject;

    virtual State state() const = 0;
    /// When the source was last heard (an event or a ping).
    virtual Instant lastHeard() const = 0;
    /// Tries at once instead of after the wait.
    virtual void reconnectNow() = 0;

Q_SIGNALS:
    /// A batch, as it came in one read: handle it as one.
    void changed(const QVector<parapet::ChangeEvent> &events);
    /// What was missed cannot be replayed: refetch everything shown.
    void gapFound();
    void stateChanged(parapet::Watch::State state, const parapet::Error &why);
};

} // namespace parapet
