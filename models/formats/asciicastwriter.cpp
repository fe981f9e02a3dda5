// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/formats/asciicastwriter.h"

#include <cstdio>

namespace parapet::formats {

namespace {

constexpr QByteArrayView castReplacement = "\xEF\xBF\xBD"; // U+FFFD

void castEscape(QByteArray &into, unsigned code)
{
    switch (code) {
    case '\b':
        into += "\\b";
        return;
    case '\t':
        into += "\\t";
        return;
    case '\n':
        into += "\\n";
        return;
    case '\f':
        into += "\\f";
        return;
    case '\r':
        into += "\\r";
        return;
    default:
        break;
    }
    char text[8];
    std::snprintf(text, sizeof text, "\\u%04x", code);
    into += text;
}

void castAscii(QByteArray &into, uchar byte)
{
    if (byte < 0x20 || byte == 0x7F) {
        castEscape(into, byte);
        return;
    }
    if (byte == '"' || byte == '\\')
        into += '\\';
    into += char(byte);
}

/// `[1.500000, "o", "`, in digits that no locale changes.
void castBegin(QByteArray &into, AsciicastWriter::Time at)
{
    const long long microseconds = std::max<long long>(0, at.count());
    char text[48];
    std::snprintf(text, sizeof text, "[%lld.%06lld, \"o\", \"", microseconds / 1'000'000, microseconds % 1'000'000);
    into += text;
}

} // namespace

void AsciicastWriter::header(QByteArray &into, int columns, int rows, Instant started, QByteArrayView term)
{
    into += "{\"version\": 2, \"width\": " + QByteArray::number(columns) + ", \"height\": " + QByteArray::number(rows)
        + ", \"timestamp\": " + QByteArray::number(qint64(started.time_since_epoch().count() / 1000)) + ", \"env\": {\"TERM\": \"";
    for (const char c : term)
        castAscii(into, uchar(c) < 0x80 ? uchar(c) : '?');
    into += "\"}}\n";
}

void AsciicastWriter::output(QByteArray &into, Time at, QByteArrayView bytes)
{
    const qsizetype before = into.size();
    castBegin(into, at);
    const qsizetype begun = into.size();
    into.reserve(begun + bytes.size() + 16);
    decode(into, bytes);
    if (into.size() == begun)
        into.truncate(before);
    else
        into += "\"]\n";
}

void AsciicastWriter::finish(QByteArray &into, Time at)
{
    if (m_missing == 0)
        return;
    m_missing = 0;
    m_pending.clear();
    castBegin(into, at);
    into += castReplacement;
    into += "\"]\n";
}

void AsciicastWriter::decode(QByteArray &into, QByteArrayView bytes)
{
    for (const char c : bytes) {
        const auto byte = uchar(c);
        if (m_missing > 0) {
            if (byte >= m_low && byte <= m_high) {
                m_low = 0x80;
                m_high = 0xBF;
                m_pending += c;
                if (--m_missing > 0)
                    continue;
                // C1 controls are the only two-byte sequences that a terminal obeys.
                if (uchar(m_pending[0]) == 0xC2 && uchar(m_pending[1]) < 0xA0)
                    castEscape(into, uchar(m_pending[1]));
                else
                    into += m_pending;
                m_pending.clear();
                continue;
            }
            into += castReplacement;
            m_pending.clear();
            m_missing = 0;
        }
        take(into, byte);
    }
}

/// A byte that begins something: a character of its own, a sequence, or nothing that may be (Unicode 15, table 3-7).
void AsciicastWriter::take(QByteArray &into, uchar byte)
{
    if (byte < 0x80) {
        castAscii(into, byte);
        return;
    }
    m_missing = byte >= 0xC2 && byte <= 0xDF ? 1 : byte >= 0xE0 && byte <= 0xEF ? 2 : byte >= 0xF0 && byte <= 0xF4 ? 3 : 0;
    if (m_missing == 0) {
        into += castReplacement;
        return;
    }
    m_low = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80;
    m_high = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
    m_pending = QByteArray(1, char(byte));
}

} // namespace parapet::formats
