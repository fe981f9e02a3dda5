// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QMetaType>
#include <QtCore/QString>
#include <QtCore/QStringView>

namespace parapet {

/// Why something did not happen. `message` is translated, for a person, and says what to do;
/// `detail` is technical, already redacted, and goes to the log. Cheap to move, never thrown.
struct Error {
    enum class Code {
        Network,      ///< no answer: refused, reset, timed out, unreachable
        Tls,          ///< the peer is not who it must be, or the handshake failed
        Unauthorized, ///< the identity was not accepted (401)
        Forbidden,    ///< the identity may not do this (403)
        NotFound,     ///< 404, 410
        Conflict,     ///< changed meanwhile or key reused with another body (409, 412)
        Invalid,      ///< the input is wrong (400, 413, 422)
        RateLimited,  ///< 429
        Server,       ///< the peer failed (5xx)
        Protocol,     ///< the peer answered something that is not the contract
        Cancelled,    ///< asked for by the caller
        Storage,      ///< a local file or database failed
    };

    Code code = Code::Protocol;
    QString message;
    QString detail;
    bool retryable = false;
    int retryAfterSeconds = 0; ///< how long the peer asked us to wait (Retry-After, RFC 9110 §10.2.3); 0: it did not say

    bool isTransient() const { return retryable; }
};

/// The stable, untranslated name of a code, as written to logs and JSON.
QString nameOf(Error::Code code);

/// The code of a name that nameOf() wrote; false, and `code` untouched, when there is none.
bool fromName(QStringView name, Error::Code &code);

} // namespace parapet

Q_DECLARE_METATYPE(parapet::Error)
