// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ports/runtime.h"

#include <QtCore/QHash>
#include <QtCore/QObject>

namespace parapet::planeconnector {

/// The runtime's states for several observers: those that ask for the same workspace in one turn of the event loop get one
/// reading. It is asked for after the last of them asked, so that no verdict is older than its question.
class SharedStates : public QObject
{
    Q_OBJECT

public:
    explicit SharedStates(Runtime &runtime, QObject *parent = nullptr) : QObject(parent), m_runtime(runtime) {}

    Reply<RuntimeState> state(const WorkspaceId &id);

private:
    struct Asked {
        std::shared_ptr<QPromise<Result<RuntimeState>>> promise;
        Reply<RuntimeState> reply;
    };
    void send();

    Runtime &m_runtime;
    QHash<WorkspaceId, Asked> m_asked; ///< in this turn
};

} // namespace parapet::planeconnector
