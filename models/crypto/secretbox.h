// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>

namespace parapet::crypto {

/// Seals small secrets at rest: AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce under one key.
/// Sealed form: 1 byte version (1) ‖ 12 bytes nonce ‖ ciphertext ‖ 16 bytes tag. `context` is authenticated, not
/// stored: a sealed value moved to another row does not open. Good for 2^32 seals under one key.
class SecretBox
{
public:
    /// `key`: 32 bytes.
    static Result<SecretBox> fromKey(QByteArray key);
    /// Reads the 32 bytes of a key file, or makes one (mode 0600) where there is none. Forbidden when others can read
    /// it.
    static Result<SecretBox> fromKeyFile(const QString &path);
    ~SecretBox();
    SecretBox(SecretBox &&) noexcept = default;
    SecretBox &operator=(SecretBox &&) noexcept = default;

    QByteArray seal(QByteArrayView secret, QByteArrayView context) const;
    /// Invalid when it was altered, sealed under another key, or for another context.
    Result<QByteArray> open(QByteArrayView sealed, QByteArrayView context) const;

private:
    explicit SecretBox(QByteArray key) : m_key(std::move(key)) {}
    QByteArray m_key;
};

} // namespace parapet::crypto
