// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/error.h"
#include "models/core/instant.h"

#include <QtCore/QMetaType>
#include <QtCore/QString>

#include <optional>

namespace parapet::transport {

/// One call that went out, as it may be shown and logged: no header values that prove who we are, no secret in the URL.
struct RequestRecord {
    Instant at{};
    QString method;
    QString url;
    int status = 0; ///< HTTP status; 0: no answer
    Milliseconds took{};
    qint64 bytes = 0;           ///< of the body received
    std::optional<Error> error; ///< why there was no usable answer
    QString curl;               ///< the same call as a curl command line
    QString requestId;          ///< as the server named it, to find it in its log

    /// True when the peer answered as it should, even if it said no: what is cut off, nonsense or 5xx is a failure of
    /// the peer.
    bool peerIsWell() const
    {
        const bool broken = error && (error->code == Error::Code::Network || error->code == Error::Code::Tls ||
                                      error->code == Error::Code::Protocol);
        return status > 0 && status < 500 && !broken;
    }
};

} // namespace parapet::transport

Q_DECLARE_METATYPE(parapet::transport::RequestRecord)
