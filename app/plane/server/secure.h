// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/server/server.h"

#include <openssl/ssl.h>

namespace parapet::server {

/// Sets the TLS rules on a fresh server context: TLS 1.3 only, the configured chain and key, client certificates
/// verified against only the given authorities, no tickets and no sessions (each connection proves its identity), ALPN
/// http/1.1.
Status secure(SSL_CTX *context, const Config &config);

/// Remembers the certificate that the verification of `tls` turns down in `refused`, which must outlive the handshake.
void rememberRefusal(SSL *tls, RefusedPeer *refused);

/// The verified peer of a finished handshake; empty when it presented nothing.
PeerIdentity peerIdentity(SSL *tls);

} // namespace parapet::server
