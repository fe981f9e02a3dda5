// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/error.h"

#include <tl/expected.hpp>

namespace parapet {

/// A value or the reason why there is none.
template<class T>
using Result = tl::expected<T, Error>;

/// Done, or the reason why not.
using Status = Result<void>;

using Failure = tl::unexpected<Error>;

inline Failure fail(Error::Code code, QString message, QString detail = {}, bool retryable = false)
{
    return Failure(Error{code, std::move(message), std::move(detail), retryable});
}

inline Failure fail(Error error)
{
    return Failure(std::move(error));
}

} // namespace parapet
