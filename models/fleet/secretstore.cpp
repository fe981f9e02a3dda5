// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/secretstore.h"

#include "models/crypto/random.h"

#include <QtCore/QCoreApplication>

namespace parapet::fleet {

MemorySecretStore::~MemorySecretStore()
{
    for (QByteArray &secret : m_secrets)
        crypto::wipe(secret);
}

Reply<QByteArray> MemorySecretStore::read(const QString &key)
{
    const auto found = m_secrets.constFind(key);
    if (found == m_secrets.cend())
        return ready<QByteArray>(fail(Error::Code::NotFound,
                                      QCoreApplication::translate("fleet", "No passphrase is kept for it. Enter it.")));
    return ready<QByteArray>(
        QByteArray(found->constData(), found->size())); // a copy of its own, so that both can be wiped
}

Reply<void> MemorySecretStore::write(const QString &key, const QByteArray &secret)
{
    QByteArray &kept = m_secrets[key];
    crypto::wipe(kept);
    kept = QByteArray(secret.constData(), secret.size());
    return ready<void>({});
}

Reply<void> MemorySecretStore::remove(const QString &key)
{
    if (const auto found = m_secrets.find(key); found != m_secrets.end()) {
        crypto::wipe(*found);
        m_secrets.erase(found);
    }
    return ready<void>({});
}

} // namespace parapet::fleet
