// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/fields.h"
#include "models/operation/run.h"

namespace parapet {

template<> struct EnumNames<operation::RunState> {
    static constexpr std::array names{"running", "paused", "cancelling", "cancelled", "stopped", "finished"};
};
template<> struct EnumNames<Error::Code> {
    static constexpr std::array names{"Network", "Tls", "Unauthorized", "Forbidden", "NotFound", "Conflict", "Invalid",
                                      "RateLimited", "Server", "Protocol", "Cancelled", "Storage"};
};

} // namespace parapet
