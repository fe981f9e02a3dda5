// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>

namespace parapet::crypto {

/// `count` bytes from the operating system's generator (through OpenSSL). Ends the program where there is none: nothing
/// that needs them could go on safely.
QByteArray randomBytes(qsizetype count);

/// A bearer secret of `bits` (at least 128) random bits in base64url without padding (RFC 4648 §5): 43 characters for
/// 256.
QByteArray newSecret(int bits = 256);

/// Overwrites a secret's bytes where nobody else shares them, and clears it.
void wipe(QByteArray &secret);

} // namespace parapet::crypto
