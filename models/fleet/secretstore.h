// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/reply.h"

#include <QtCore/QByteArray>
#include <QtCore/QHash>

namespace parapet::fleet {

/// Where passphrases are kept: the operating system's keychain (app/console), or memory only. Keys are "identity:" and
/// the identity file's path, and "witness:" and the name of this console's witness key (logwitness.h). Threads: called and answered on one thread, never blocking.
class SecretStore
{
public:
    virtual ~SecretStore() = default;
    /// NotFound when there is none; Storage when the keychain cannot be used.
    virtual Reply<QByteArray> read(const QString &key) = 0;
    virtual Reply<void> write(const QString &key, const QByteArray &secret) = 0;
    virtual Reply<void> remove(const QString &key) = 0;
};

/// Forgets everything with the program, and wipes what it held.
class MemorySecretStore final : public SecretStore
{
public:
    ~MemorySecretStore() override;
    Reply<QByteArray> read(const QString &key) override;
    Reply<void> write(const QString &key, const QByteArray &secret) override;
    Reply<void> remove(const QString &key) override;

private:
    QHash<QString, QByteArray> m_secrets;
};

} // namespace parapet::fleet
