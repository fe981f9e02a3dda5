// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/secretstore.h"

#include <QtCore/QObject>

namespace parapet::console {

/// Passphrases in the operating system's keychain (Secret Service, macOS Keychain, Windows Credential Manager) by QtKeychain.
/// Where none runs, every call fails with Storage and a sentence; the console then asks for the passphrase each time.
class KeychainStore : public QObject, public fleet::SecretStore
{
    Q_OBJECT

public:
    explicit KeychainStore(QObject *parent = nullptr);
    Reply<QByteArray> read(const QString &key) override;
    Reply<void> write(const QString &key, const QByteArray &secret) override;
    Reply<void> remove(const QString &key) override;
};

} // namespace parapet::console
