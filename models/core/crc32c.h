// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArrayView>

#include <array>

namespace parapet {

/// CRC-32C (Castagnoli; RFC 3720 §12.1, reflected polynomial 0x82F63B78), fed in pieces.
/// It finds accidents; what must not be forged is hashed with SHA-256 besides.
class Crc32c
{
public:
    void add(QByteArrayView bytes)
    {
        for (const char c : bytes)
            add(c);
    }
    void add(char c) { m_state = table[(m_state ^ uchar(c)) & 0xFF] ^ (m_state >> 8); }
    quint32 value() const { return ~m_state; }

    static quint32 of(QByteArrayView bytes)
    {
        Crc32c crc;
        crc.add(bytes);
        return crc.value();
    }

private:
    static constexpr std::array<quint32, 256> makeTable()
    {
        std::array<quint32, 256> values{};
        for (quint32 i = 0; i < 256; ++i) {
            quint32 value = i;
            for (int bit = 0; bit < 8; ++bit)
                value = (value >> 1) ^ ((value & 1) ? 0x82F63B78u : 0u);
            values[i] = value;
        }
        return values;
    }
    static const std::array<quint32, 256> table;

    quint32 m_state = ~quint32(0);
};

inline constexpr std::array<quint32, 256> Crc32c::table = Crc32c::makeTable();

} // namespace parapet
