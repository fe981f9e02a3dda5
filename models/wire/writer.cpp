// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/wire/writer.h"

#include <charconv>
#include <cmath>

namespace parapet::wire {
namespace {

constexpr char writerHex[] = "0123456789abcdef";

void appendEscaped(QByteArray &out, char16_t c)
{
    switch (c) {
    case u'"':
        out += "\\\"";
        return;
    case u'\\':
        out += "\\\\";
        return;
    case u'\b':
        out += "\\b";
        return;
    case u'\f':
        out += "\\f";
        return;
    case u'\n':
        out += "\\n";
        return;
    case u'\r':
        out += "\\r";
        return;
    case u'\t':
        out += "\\t";
        return;
    default: {
        const char escape[] = {'\\', 'u', '0', '0', writerHex[c >> 4 & 0xf], writerHex[c & 0xf]};
        out.append(escape, sizeof escape);
    }
    }
}

void appendUtf8(QByteArray &out, char32_t c)
{
    char bytes[4];
    int size = 0;
    if (c < 0x800) {
        bytes[size++] = char(0xc0 | c >> 6);
    } else {
        if (c < 0x10000) {
            bytes[size++] = char(0xe0 | c >> 12);
        } else {
            bytes[size++] = char(0xf0 | c >> 18);
            bytes[size++] = char(0x80 | (c >> 12 & 0x3f));
        }
        bytes[size++] = char(0x80 | (c >> 6 & 0x3f));
    }
    bytes[size++] = char(0x80 | (c & 0x3f));
    out.append(bytes, size);
}

char *writeDigits(char *end, unsigned value, int count)
{
    for (int i = 0; i < count; ++i) {
        *--end = char('0' + value % 10);
        value /= 10;
    }
    return end;
}

} // namespace

void appendString(QByteArray &out, QStringView text)
{
    out += '"';
    const char16_t *it = text.utf16();
    const char16_t *const end = it + text.size();
    while (it != end) {
        // Runs of plain ASCII are by far the most: copy them at once.
        char run[128];
        qsizetype size = 0;
        while (it != end && size < qsizetype(sizeof run) && *it >= 0x20 && *it <= 0x7f && *it != u'"' && *it != u'\\')
            run[size++] = char(*it++);
        out.append(run, size);
        if (it == end || size == qsizetype(sizeof run))
            continue;
        const char16_t c = *it++;
        if (c < 0x80) {
            appendEscaped(out, c);
        } else if (QChar::isHighSurrogate(c) && it != end && QChar::isLowSurrogate(*it)) {
            appendUtf8(out, QChar::surrogateToUcs4(c, *it++));
        } else {
            appendUtf8(out, QChar::isSurrogate(c) ? char32_t(QChar::ReplacementCharacter) : char32_t(c));
        }
    }
    out += '"';
}

void appendInteger(QByteArray &out, qint64 number)
{
    char digits[24];
    const auto written = std::to_chars(digits, digits + sizeof digits, number);
    out.append(digits, written.ptr - digits);
}

void appendReal(QByteArray &out, double number)
{
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    char digits[32];
    const auto written = std::to_chars(digits, digits + sizeof digits, number);
    out.append(digits, written.ptr - digits);
}

void appendTime(QByteArray &out, Instant at)
{
    using namespace std::chrono;
    const auto day = floor<days>(at);
    const year_month_day date(day);
    const int year = int(date.year());
    if (!isKnown(at) || year < 0 || year > 9999) {
        out += "null";
        return;
    }
    const auto ofDay = unsigned((at - day).count());
    char text[] = "\"0000-00-00T00:00:00.000Z\"";
    writeDigits(text + 5, unsigned(year), 4);
    writeDigits(text + 8, unsigned(date.month()), 2);
    writeDigits(text + 11, unsigned(date.day()), 2);
    writeDigits(text + 14, ofDay / 3600000, 2);
    writeDigits(text + 17, ofDay / 60000 % 60, 2);
    writeDigits(text + 20, ofDay / 1000 % 60, 2);
    writeDigits(text + 24, ofDay % 1000, 3);
    out.append(text, sizeof text - 1);
}

void appendName(QByteArray &out, const char *name)
{
    if (!out.endsWith('{'))
        out += ',';
    out += '"';
    out += name;
    out += "\":";
}

} // namespace parapet::wire
