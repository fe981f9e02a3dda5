// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArrayView>

#include <span>

namespace parapet::crypto {

/// SHA-256 (FIPS 180-4) of many independent messages at once: two streams through the processor's SHA extensions, interleaved,
/// where it has them (found out when the program runs), otherwise libcrypto with one call a message.
///
/// Each message is `prefix` and then the bytes: how Merkle trees tell leaves from nodes (RFC 6962 §2.1). `digests` receives 32
/// bytes for each message, in order, and must not overlap the messages.
void sha256Many(unsigned char prefix, std::span<const QByteArrayView> messages, unsigned char *digests);

/// The same for `count` messages of 64 bytes each that lie behind one another: the nodes of one tree level. `digests` may be
/// `blocks` itself, so that a level can be hashed in place.
void sha256Pairs(unsigned char prefix, const unsigned char *blocks, size_t count, unsigned char *digests);

/// Which of the two it is: "sha-ni" or "libcrypto".
const char *sha256ManyMeans();

/// Only libcrypto, whatever the processor can do: what the tests and the bench compare with.
void sha256ManyPortable(unsigned char prefix, std::span<const QByteArrayView> messages, unsigned char *digests);
void sha256PairsPortable(unsigned char prefix, const unsigned char *blocks, size_t count, unsigned char *digests);

} // namespace parapet::crypto
