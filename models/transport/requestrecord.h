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
    int status = 0;               ///< HTTP status; 0: no answer
    Milliseconds took{};
    qint64 bytes = 0;             ///< of the body received
    std::optional<Error> error;   ///< why there was no usable answer
    QString curl;                 ///< the same call as a curl command line
    QString requestId;            ///< as the server named it, to find it in its log

    /// True when the peer answered as itself, whatever it said: only 5xx and no answer at all are failures of the peer.
    bool peerIsWell() const { return status > 0 && status < 500 && !(error && error->code == Error::Code::Protocol); }
};

} // namespace parapet::transport

Q_DECLARE_METATYPE(parapet::transport::RequestRecord)
