// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/reply.h"
#include "models/ports/page.h"

namespace parapet {

/// Where a paged table's rows come from. Called and answered on the model's thread.
template<class Row>
class RowSource
{
public:
    virtual ~RowSource() = default;
    /// `request.at` is a multiple of the page size. Cancelling the reply gives the request up.
    virtual Reply<Page<Row>> fetch(const PageRequest &request) = 0;
};

} // namespace parapet
