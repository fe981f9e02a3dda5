// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ports/auditstore.h"
#include "models/ports/controlplane.h"
#include "models/ports/credentialbroker.h"
#include "models/ports/observer.h"
#include "models/ports/runtime.h"

#include <QtCore/QObject>
#include <QtCore/QPointer>

namespace parapet {

/// The ports that one connected system offers. A null port is absent; `why` says why. Pointers live as long as their owner.
struct System {
    ControlPlane *control = nullptr;
    Runtime *runtime = nullptr;
    CredentialBroker *broker = nullptr;
    AuditStore *audit = nullptr;
    QVector<Observer *> observers;
    QPointer<QObject> owner;     ///< what the ports live as long as, where that is an object: whoever keeps a System looks at it
};

} // namespace parapet
