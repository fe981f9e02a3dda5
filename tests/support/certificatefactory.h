// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/crypto/certificate.h"
#include "models/transport/tlsidentity.h"
#include "models/transport/trust.h"

#include <QtCore/QTemporaryDir>

namespace parapet::support {

/// An authority made for one test, in memory and as files in a temporary folder. No key is in the source tree.
class CertificateFactory
{
public:
    explicit CertificateFactory(const QString &name = QStringLiteral("Test authority"),
                                const Clock &clock = Clock::system());

    const crypto::CertificateAuthority &authority() const { return m_authority; }
    transport::Trust trust() const;
    QString caPath() const { return m_folder.filePath(QStringLiteral("ca.pem")); }
    QString caSha256() const { return m_authority.certificate().fingerprint(); }

    crypto::Identity client(const QString &principal) const;
    transport::TlsIdentity tlsClient(const QString &principal) const;
    /// Writes a client's identity (mode 0600) and gives its path; with a passphrase its key is locked.
    QString clientFile(const QString &principal, const QByteArray &passphrase = {}) const;
    /// For a server on this machine's loopback address and "localhost", TLS 1.3, which asks for a client certificate of
    /// this authority.
    QSslConfiguration server(const QStringList &hosts = {QStringLiteral("127.0.0.1"),
                                                         QStringLiteral("localhost")}) const;

private:
    QTemporaryDir m_folder;
    const Clock &m_clock;
    crypto::CertificateAuthority m_authority;
};

} // namespace parapet::support
