// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/targets/logins.h"

#include "models/crypto/digest.h"
#include "models/crypto/random.h"

namespace parapet::plane {

LoginStore::LoginStore() : m_salt(crypto::randomBytes(16))
{
}

QByteArray LoginStore::digestOf(const QByteArray &user, const QByteArray &secret) const
{
    crypto::Sha256 digest;
    digest.add(m_salt);
    digest.add(user);
    digest.add(QByteArrayView("\0", 1));
    digest.add(secret);
    return digest.result();
}

void LoginStore::grant(const QByteArray &user, const Credential &credential)
{
    const QByteArray digest = digestOf(user, credential.secret);
    const std::lock_guard lock(m_mutex);
    m_logins.remove(m_digests.value(credential.lease));
    m_digests.insert(credential.lease, digest);
    m_logins.insert(digest, {credential.lease, credential.as});
}

bool LoginStore::drop(const LeaseId &lease)
{
    const std::lock_guard lock(m_mutex);
    const QByteArray digest = m_digests.take(lease);
    return !digest.isEmpty() && m_logins.remove(digest);
}

std::optional<LoginStore::Login> LoginStore::find(const QByteArray &user, const QByteArray &secret) const
{
    const QByteArray digest = digestOf(user, secret);
    const std::lock_guard lock(m_mutex);
    const auto found = m_logins.constFind(digest);
    return found == m_logins.constEnd() ? std::nullopt : std::optional(*found);
}

qsizetype LoginStore::size() const
{
    const std::lock_guard lock(m_mutex);
    return m_logins.size();
}

} // namespace parapet::plane
