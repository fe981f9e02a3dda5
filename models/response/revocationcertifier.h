// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/crypto/certificate.h"
#include "models/domain/principal.h"
#include "models/evidence/revocation.h"
#include "models/operation/certifier.h"

namespace parapet::response {

/// Signs what a revocation observed with the operator's key (models/evidence/revocation.h).
class RevocationCertifier final : public operation::Certifier
{
public:
    explicit RevocationCertifier(const Clock &clock = Clock::system()) : m_clock(clock) {}

    /// The operator whose identity the connection uses, as the control plane names them. Until then nothing can be signed.
    void setOperator(const Principal &self, crypto::Identity identity);
    void clearOperator() { m_identity.reset(); }

    QString keyName() const override;
    operation::Operator signer() const override;
    Result<QByteArray> draft(const operation::Run &run) const override;
    /// Signed on a thread of its own: a bulk revocation's statement is large.
    Reply<QByteArray> issue(const operation::Run &run) override;

    evidence::RevocationRecord record(const operation::Run &run) const;

private:
    const Clock &m_clock;
    Principal m_self;
    std::optional<crypto::Identity> m_identity;
};

} // namespace parapet::response
