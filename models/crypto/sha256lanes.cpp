// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/crypto/sha256lanes.h"

#include <QtCore/QtEndian>

#include <cstring>

#if defined(__x86_64__) && defined(__GNUC__)
#define PARAPET_SHA_LANES 1
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace parapet::crypto::lanes {

#ifdef PARAPET_SHA_LANES

// Functions of this file alone are compiled for the extensions: everything else runs on any x86-64.
#define LANES_TARGET __attribute__((target("sha,sse4.1,ssse3")))
#define LANES_INLINE __attribute__((target("sha,sse4.1,ssse3"), always_inline)) inline

namespace {

// FIPS 180-4 §4.2.2 and §5.3.3.
alignas(16) constexpr quint32 laneConstants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/// The state as the instructions want it: a, b, e, f and c, d, g, h.
struct LaneState {
    __m128i abef;
    __m128i cdgh;
};

/// One stream within a block: the working variables and the last sixteen words of the message schedule.
struct LaneRound {
    LaneState state;
    __m128i w0, w1, w2, w3;

    template<int I>
    LANES_INLINE __m128i &w()
    {
        if constexpr ((I & 3) == 0)
            return w0;
        else if constexpr ((I & 3) == 1)
            return w1;
        else if constexpr ((I & 3) == 2)
            return w2;
        else
            return w3;
    }
};

LANES_INLINE LaneState laneBegin()
{
    return {_mm_set_epi32(int(0x6a09e667), int(0xbb67ae85), int(0x510e527f), int(0x9b05688c)),
            _mm_set_epi32(int(0x3c6ef372), int(0xa54ff53a), int(0x1f83d9ab), int(0x5be0cd19))};
}

LANES_INLINE __m128i laneSwapped(__m128i bytes)
{
    return _mm_shuffle_epi8(bytes, _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL));
}

/// A block as it lies in memory, words 4·I to 4·I+3.
struct LaneBlock {
    const unsigned char *at;
    template<int I>
    LANES_INLINE __m128i load() const
    {
        return _mm_loadu_si128(reinterpret_cast<const __m128i *>(at) + I);
    }
};

/// A message's first block: the prefix, then 63 bytes where they lie. Put together in registers, since a load right behind the stores of
/// its parts would wait for them.
struct LaneFirstBlock {
    unsigned char prefix;
    const unsigned char *at;
    template<int I>
    LANES_INLINE __m128i load() const
    {
        if constexpr (I == 0)
            return _mm_or_si128(_mm_slli_si128(_mm_loadu_si128(reinterpret_cast<const __m128i *>(at)), 1), _mm_cvtsi32_si128(prefix));
        else
            return _mm_loadu_si128(reinterpret_cast<const __m128i *>(at + I * 16 - 1));
    }
};

/// The second block of a message of 65 bytes: the last byte, the end mark, and the length of 520 bits.
struct LaneLastByte {
    unsigned char byte;
    template<int I>
    LANES_INLINE __m128i load() const
    {
        if constexpr (I == 0)
            return _mm_cvtsi32_si128(0x8000 | byte);
        else if constexpr (I == 3)
            return _mm_set_epi64x(0x0802000000000000LL, 0);
        else
            return _mm_setzero_si128();
    }
};

/// Rounds 4·I to 4·I+3 of one stream (FIPS 180-4 §6.2.2), and its share of the schedule of later rounds.
template<int I, class Block>
LANES_INLINE void laneStep(LaneRound &lane, const Block &block)
{
    if constexpr (I < 4)
        lane.w<I>() = laneSwapped(block.template load<I>());
    const __m128i words = lane.w<I>();
    __m128i sum = _mm_add_epi32(words, _mm_load_si128(reinterpret_cast<const __m128i *>(laneConstants) + I));
    lane.state.cdgh = _mm_sha256rnds2_epu32(lane.state.cdgh, lane.state.abef, sum);
    if constexpr (I >= 3 && I < 15) {
        __m128i &next = lane.w<I + 1>();
        next = _mm_sha256msg2_epu32(_mm_add_epi32(next, _mm_alignr_epi8(words, lane.w<I + 3>(), 4)), words);
    }
    sum = _mm_shuffle_epi32(sum, 0x0e);
    lane.state.abef = _mm_sha256rnds2_epu32(lane.state.abef, lane.state.cdgh, sum);
    if constexpr (I >= 1 && I < 13)
        lane.w<I + 3>() = _mm_sha256msg1_epu32(lane.w<I + 3>(), words);
}

template<int I, class Block>
LANES_INLINE void laneStepsTwo(LaneRound &first, LaneRound &second, const Block &a, const Block &b)
{
    laneStep<I>(first, a);
    laneStep<I>(second, b);
    if constexpr (I < 15)
        laneStepsTwo<I + 1>(first, second, a, b);
}

template<int I, class Block>
LANES_INLINE void laneStepsOne(LaneRound &lane, const Block &block)
{
    laneStep<I>(lane, block);
    if constexpr (I < 15)
        laneStepsOne<I + 1>(lane, block);
}

LANES_INLINE void laneAdd(LaneState &state, const LaneState &worked)
{
    state.abef = _mm_add_epi32(state.abef, worked.abef);
    state.cdgh = _mm_add_epi32(state.cdgh, worked.cdgh);
}

template<class Block>
LANES_INLINE void laneBlockTwo(LaneState &first, LaneState &second, const Block &a, const Block &b)
{
    LaneRound left{first, {}, {}, {}, {}}, right{second, {}, {}, {}, {}};
    laneStepsTwo<0>(left, right, a, b);
    laneAdd(first, left.state);
    laneAdd(second, right.state);
}

template<class Block>
LANES_INLINE void laneBlockOne(LaneState &state, const Block &block)
{
    LaneRound lane{state, {}, {}, {}, {}};
    laneStepsOne<0>(lane, block);
    laneAdd(state, lane.state);
}

LANES_INLINE void laneDigest(const LaneState &state, unsigned char *digest)
{
    const __m128i feba = _mm_shuffle_epi32(state.abef, 0x1b);
    const __m128i dchg = _mm_shuffle_epi32(state.cdgh, 0xb1);
    _mm_storeu_si128(reinterpret_cast<__m128i *>(digest), laneSwapped(_mm_blend_epi16(feba, dchg, 0xf0)));
    _mm_storeu_si128(reinterpret_cast<__m128i *>(digest) + 1, laneSwapped(_mm_alignr_epi8(dchg, feba, 8)));
}

/// One message cut into what the compression reads: whole blocks where they lie, shifted by the prefix, and the padded rest
/// (FIPS 180-4 §5.1.1).
struct LaneMessage {
    unsigned char prefix;
    const unsigned char *bytes;
    size_t whole;                              ///< blocks without padding, the first one, with the prefix, included
    size_t rest;                               ///< blocks with padding: 1 or 2
    alignas(16) unsigned char padded[16 + 128]; ///< the rest begins at 16

    LANES_INLINE LaneMessage(unsigned char first, QByteArrayView message)
        : prefix(first), bytes(reinterpret_cast<const unsigned char *>(message.data()))
    {
        const size_t size = size_t(message.size());
        whole = (size + 1) / 64;
        const size_t left = (size + 1) % 64;
        rest = left < 56 ? 1 : 2;
        unsigned char *const last = padded + 16;
        for (int i = 0; i < 8; ++i)
            _mm_store_si128(reinterpret_cast<__m128i *>(last) + i, _mm_setzero_si128());
        if (whole > 0) {
            // By sixteen from the message's end back, never beyond it; what lands before the rest is not read.
            for (size_t done = 0; done < left; done += 16) {
                const size_t from = size - std::min(size, done + 16), to = left + 16 - std::min(left + 16, done + 16);
                _mm_storeu_si128(reinterpret_cast<__m128i *>(padded + to), _mm_loadu_si128(reinterpret_cast<const __m128i *>(bytes + from)));
            }
        } else {
            last[0] = prefix;
            if (size > 0)
                std::memcpy(last + 1, bytes, size);
        }
        last[left] = 0x80;
        qToBigEndian(quint64(size + 1) * 8, last + rest * 64 - 8);
    }
    LaneFirstBlock firstBlock() const { return {prefix, bytes}; }
    /// Block `i` ≥ 1 of the whole ones.
    LaneBlock block(size_t i) const { return {bytes + i * 64 - 1}; }
    LaneBlock restBlock(size_t i) const { return {padded + 16 + i * 64}; }
};

/// What one stream has left before its rest when the other one is done.
LANES_TARGET void laneAlone(LaneState &state, const LaneMessage &message, size_t from)
{
    for (size_t i = from; i < message.whole; ++i) {
        if (i == 0)
            laneBlockOne(state, message.firstBlock());
        else
            laneBlockOne(state, message.block(i));
    }
}

} // namespace

bool available()
{
    static const bool found = [] {
        unsigned a = 0, b = 0, c = 0, d = 0;
        if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & (1u << 9)) || !(c & (1u << 19))) // SSSE3, SSE4.1
            return false;
        return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & (1u << 29)); // SHA
    }();
    return found;
}

LANES_TARGET void hashTwo(unsigned char prefix, QByteArrayView first, QByteArrayView second, unsigned char *digests)
{
    const LaneMessage a(prefix, first), b(prefix, second);
    LaneState one = laneBegin(), two = laneBegin();
    const size_t both = std::min(a.whole, b.whole);
    if (both > 0)
        laneBlockTwo(one, two, a.firstBlock(), b.firstBlock());
    for (size_t i = 1; i < both; ++i)
        laneBlockTwo(one, two, a.block(i), b.block(i));
    if (a.whole != b.whole) {
        laneAlone(one, a, both);
        laneAlone(two, b, both);
    }
    laneBlockTwo(one, two, a.restBlock(0), b.restBlock(0));
    if (a.rest == 2 && b.rest == 2)
        laneBlockTwo(one, two, a.restBlock(1), b.restBlock(1));
    else if (a.rest == 2)
        laneBlockOne(one, a.restBlock(1));
    else if (b.rest == 2)
        laneBlockOne(two, b.restBlock(1));
    laneDigest(one, digests);
    laneDigest(two, digests + 32);
}

LANES_TARGET void hashTwoBlocks(unsigned char prefix, const unsigned char *blocks, unsigned char *digests)
{
    const LaneLastByte a{blocks[63]}, b{blocks[127]};
    LaneState one = laneBegin(), two = laneBegin();
    laneBlockTwo(one, two, LaneFirstBlock{prefix, blocks}, LaneFirstBlock{prefix, blocks + 64});
    laneBlockTwo(one, two, a, b);
    laneDigest(one, digests);
    laneDigest(two, digests + 32);
}

#undef LANES_TARGET
#undef LANES_INLINE
#undef PARAPET_SHA_LANES

#else

bool available()
{
    return false;
}

void hashTwo(unsigned char, QByteArrayView, QByteArrayView, unsigned char *)
{
    qFatal("There are no SHA extensions here.");
}

void hashTwoBlocks(unsigned char, const unsigned char *, unsigned char *)
{
    qFatal("There are no SHA extensions here.");
}

#endif

} // namespace parapet::crypto::lanes
