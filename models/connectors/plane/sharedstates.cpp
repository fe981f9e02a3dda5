// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connectors/plane/sharedstates.h"

namespace parapet::planeconnector {

Reply<RuntimeState> SharedStates::state(const WorkspaceId &id)
{
    if (const auto asked = m_asked.constFind(id); asked != m_asked.cend())
        return asked->reply;
    if (m_asked.isEmpty())
        QMetaObject::invokeMethod(this, &SharedStates::send, Qt::QueuedConnection);
    Asked asked;
    asked.promise = std::make_shared<QPromise<Result<RuntimeState>>>();
    asked.promise->start();
    asked.reply = asked.promise->future();
    m_asked.insert(id, asked);
    return asked.reply;
}

void SharedStates::send()
{
    const QHash<WorkspaceId, Asked> all = std::exchange(m_asked, {});
    for (auto it = all.cbegin(); it != all.cend(); ++it) {
        deliver(this, m_runtime.state(it.key()), [promise = it->promise](const Result<RuntimeState> &state) {
            promise->addResult(state);
            promise->finish();
        });
    }
}

} // namespace parapet::planeconnector
