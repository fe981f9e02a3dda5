// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/control/state.h"
#include "models/ports/page.h"

#include <deque>
#include <mutex>

namespace parapet::plane {

class Authority;

/// The JSON of a workspace as it is now. A simulated one has no runtime that is asked: it is observed when it is read.
QByteArray jsonOf(const RowPtr<Workspace> &row, Instant now);

/// Lists of workspaces in any order with any filter, from memory. The rows of a query are kept sorted until the table changes, so
/// that paging, jumping and counting cost a search, not a scan. Any thread.
class WorkspaceList
{
public:
    using Rows = std::vector<RowPtr<Workspace>>;

    /// What `reader` may see of what matches. Code Invalid for filters, sorts and cursors that are none.
    Result<std::shared_ptr<const Rows>> rows(const State &state, const Query &query, const PrincipalId &reader, Instant now);

    /// The page as JSON.
    Result<QByteArray> page(const State &state, const PageRequest &request, const PrincipalId &reader, Instant now);
    Result<QByteArray> counts(const State &state, const QString &filter, const QString &byField, const PrincipalId &reader, Instant now);

private:
    struct Kept {
        QString key;
        quint64 generation = 0;
        std::shared_ptr<const Authority> authority;
        std::shared_ptr<const Rows> rows;
    };
    static constexpr size_t keptQueries = 32;

    std::mutex m_lock;
    std::deque<Kept> m_kept;   ///< most recent first
};

} // namespace parapet::plane
