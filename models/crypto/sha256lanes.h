// SPDX-License-Identifier: GPL-3.0-or-later
// The two interleaved streams behind sha256many.h. Included by its .cpp file only.
#pragma once

#include <QtCore/QByteArrayView>

namespace parapet::crypto::lanes {

/// Whether this processor has what the two functions below need (SHA extensions, SSSE3, SSE4.1). They must not be called where
/// it has not.
bool available();

/// SHA-256 of prefix ‖ first and of prefix ‖ second: 64 bytes to `digests`. Any lengths.
void hashTwo(unsigned char prefix, QByteArrayView first, QByteArrayView second, unsigned char *digests);
/// The same for two messages of 64 bytes each, behind one another. `digests` may be `blocks`.
void hashTwoBlocks(unsigned char prefix, const unsigned char *blocks, unsigned char *digests);

} // namespace parapet::crypto::lanes
