// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/workspace.h"
#include "models/items/pagedmodel.h"

#include <QtCore/QPromise>

#include <map>
#include <memory>

namespace parapet {

inline QString keyOfRow(qint64 row)
{
    return QStringLiteral("ws-%1").arg(row);
}

inline Workspace workspaceAt(qint64 row, qint64 version = 1)
{
    Workspace workspace;
    workspace.id = WorkspaceId(keyOfRow(row));
    workspace.name = Untrusted(QStringLiteral("name-%1").arg(row));
    workspace.version = version;
    workspace.state = WorkspaceState::Running;
    workspace.leases = row;
    return workspace;
}

/// A source of `total` rows that answers when told to, or at once.
class HeldSource : public RowSource<Workspace>
{
public:
    struct Asked {
        PageRequest request;
        std::shared_ptr<QPromise<Result<Page<Workspace>>>> promise;
    };

    Reply<Page<Workspace>> fetch(const PageRequest &request) override
    {
        Asked asked{request, std::make_shared<QPromise<Result<Page<Workspace>>>>()};
        asked.promise->start();
        Reply<Page<Workspace>> reply = asked.promise->future();
        log << asked;
        if (atOnce)
            answer(int(log.size()) - 1);
        return reply;
    }

    Page<Workspace> page(const PageRequest &request) const
    {
        Page<Workspace> result;
        result.total = Count::exactly(total);
        for (qint64 row = request.at; row < std::min(total, request.at + request.limit); ++row)
            result.items << (rows ? rows(row) : workspaceAt(row));
        return result;
    }

    void answer(int call) { give(call, page(log[call].request)); }
    void give(int call, Result<Page<Workspace>> result)
    {
        log[call].promise->addResult(std::move(result));
        log[call].promise->finish();
    }
    void refuse(int call, bool retryable = false)
    {
        give(call, fail(Error::Code::Network, QStringLiteral("gone"), {}, retryable));
    }
    bool cancelled(int call) const { return log[call].promise->isCanceled(); }
    QVector<qint64> positions() const
    {
        QVector<qint64> result;
        for (const Asked &asked : log)
            result << asked.request.at;
        return result;
    }

    qint64 total = 0;
    bool atOnce = true;
    std::function<Workspace(qint64)> rows;
    QVector<Asked> log;
};

} // namespace parapet
