// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connectors/plane/secretcache.h"
#include "models/ports/observer.h"
#include "models/transport/httpclient.h"

namespace parapet::planeconnector {

/// What one attempt with a credential came to. Exact: refused in so many words, accepted, or not known.
struct CredentialAnswer {
    Verdict verdict = Verdict::Unknown;
    QString seen;
};

/// A session token at the control plane (RFC 6750 §3): only a 401 that names the token as invalid is a refusal; a 401
/// for the prober's own certificate is not.
CredentialAnswer judgeToken(const transport::HttpResponse &response);
/// A lease's secret at its target: only 401 with {"accepted":false} is a refusal.
CredentialAnswer judgeLease(const transport::HttpResponse &response);

/// Tries session tokens: each token of the session at GET /v1/token. Holds only when every one is refused.
class TokenObserver final : public QObject, public Observer
{
    Q_OBJECT

public:
    TokenObserver(SecretCache &secrets, transport::HttpClient &client, QUrl control, const Clock &clock)
        : m_secrets(secrets), m_client(client), m_control(std::move(control)), m_clock(clock)
    {
    }

    bool canTry(ProbeKind kind) const override { return kind == ProbeKind::SessionToken; }
    Reply<ProbeResult> attempt(const Probe &probe) override;

private:
    SecretCache &m_secrets;
    transport::HttpClient &m_client;
    QUrl m_control;
    const Clock &m_clock;
};

/// Tries leases: each secret at its target's /v1/try, over TLS with the plane's authority and without a client
/// certificate.
class LeaseObserver final : public QObject, public Observer
{
    Q_OBJECT

public:
    /// `targets` has no identity.
    LeaseObserver(SecretCache &secrets, transport::HttpClient &targets, const Clock &clock)
        : m_secrets(secrets), m_targets(targets), m_clock(clock)
    {
    }

    bool canTry(ProbeKind kind) const override { return kind == ProbeKind::Lease; }
    Reply<ProbeResult> attempt(const Probe &probe) override;

private:
    SecretCache &m_secrets;
    transport::HttpClient &m_targets;
    const Clock &m_clock;
};

} // namespace parapet::planeconnector
