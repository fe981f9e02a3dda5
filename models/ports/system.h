// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ports/auditstore.h"
#include "models/ports/controlplane.h"
#include "models/ports/credentialbroker.h"
#include "models/ports/observer.h"
#include "models/ports/runtime.h"

namespace parapet {

/// The ports that one connected system offers. A null port is absent; `why` says why. Pointers live as long as their owner.
struct System {
    ControlPlane *control = nullptr;
    Runtime *runtime = nullptr;
    CredentialBroker *broker = nullptr;
    AuditStore *audit = nullptr;
    QVector<Observer *> observers;
};

} // namespace parapet
