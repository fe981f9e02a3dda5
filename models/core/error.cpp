// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/error.h"

#include <array>

namespace parapet {

namespace {
constexpr std::array errorCodeNames{"Network", "Tls",         "Unauthorized", "Forbidden", "NotFound",  "Conflict",
                                    "Invalid", "RateLimited", "Server",       "Protocol",  "Cancelled", "Storage"};
static_assert(errorCodeNames.size() == size_t(Error::Code::Storage) + 1);
} // namespace

QString nameOf(Error::Code code)
{
    return QString::fromLatin1(errorCodeNames[size_t(code)]);
}

bool fromName(QStringView name, Error::Code &code)
{
    for (size_t i = 0; i < errorCodeNames.size(); ++i) {
        if (name == QLatin1String(errorCodeNames[i])) {
            code = Error::Code(i);
            return true;
        }
    }
    return false;
}

} // namespace parapet
