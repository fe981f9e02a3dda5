// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/terminal/gate.h"

#include <QtCore/QString>

#include <algorithm>
#include <utility>

namespace parapet::terminal {

namespace {

constexpr char escapeByte = '\x1b';
constexpr char replacement[] = "\xEF\xBF\xBD"; ///< U+FFFD
constexpr int largestNumber = 9999; ///< more than any side of a screen
constexpr int marginMode = 69;      ///< DECLRMM: margins at the sides, which libvterm does not bring within a smaller screen
constexpr int longestRepeat = 1000; ///< a line
constexpr int mostNumbers = 16;     ///< as many as libvterm keeps

bool isIntermediate(uchar byte)
{
    return byte >= 0x20 && byte <= 0x2F;
}

/// Ends that ask for an answer (DA, DSR, DECREQTPARM) or mean the window; what is drawn does not depend on any of them.
bool wantsMore(char final, QByteArrayView middle)
{
    if (final == 'c' || final == 'n' || final == 't' || final == 'x')
        return true;
    return final == 'p' && middle.contains('$'); // DECRQM
}

} // namespace

QByteArray Gate::pass(QByteArrayView bytes)
{
    QByteArray out;
    out.reserve(bytes.size() + 16);
    for (qsizetype i = 0; i < bytes.size();) {
        if (m_at == At::Text) {
            // Most of it is plain text: up to what is not, at once.
            qsizetype end = i;
            while (end < bytes.size() && uchar(bytes[end]) < 0x80 && bytes[end] != escapeByte && bytes[end] != '\a')
                ++end;
            if (end > i)
                giveUpCharacter(out);
            out.append(bytes.data() + i, end - i);
            if (end > i && uchar(bytes[end - 1]) >= 0x20)
                m_last = uchar(bytes[end - 1]);
            i = end;
            if (i == bytes.size())
                break;
            if (uchar(bytes[i]) >= 0x80) {
                takeCharacter(uchar(bytes[i++]), out);
                continue;
            }
            giveUpCharacter(out);
        }
        take(bytes[i++], out);
    }
    return out;
}

/// One byte of a character of several. What is not UTF-8 becomes U+FFFD here: libvterm would put together what a sequence parted.
void Gate::takeCharacter(uchar byte, QByteArray &out)
{
    if (byte >= 0xC0) {
        giveUpCharacter(out);
        m_missing = byte >= 0xC2 && byte <= 0xDF ? 1 : byte >= 0xE0 && byte <= 0xEF ? 2 : byte >= 0xF0 && byte <= 0xF4 ? 3 : 0;
        m_had = 1;
        m_character = m_missing == 1 ? byte & 0x1F : m_missing == 2 ? byte & 0x0F : byte & 0x07;
        if (m_missing == 0)
            giveUpCharacter(out);
        return;
    }
    if (m_missing == 0) {
        out += replacement;
        return;
    }
    m_character = m_character << 6 | (byte & 0x3F);
    ++m_had;
    if (--m_missing > 0)
        return;
    const char32_t code = m_character;
    const bool tooLong = (m_had == 3 && code < 0x800) || (m_had == 4 && code < 0x10000);
    const bool control = code < 0xA0; // C1: libvterm would count it as one column back
    m_had = 0;
    if (tooLong || (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF)
        out += replacement;
    else if (!control)
        out += QString::fromUcs4(&(m_last = code), 1).toUtf8();
}

void Gate::giveUpCharacter(QByteArray &out)
{
    if (std::exchange(m_had, quint8(0)) > 0)
        out += replacement;
    m_missing = 0;
}

void Gate::take(char character, QByteArray &out)
{
    const auto byte = uchar(character);
    const bool stops = byte == 0x18 || byte == 0x1A; // CAN, SUB
    switch (m_at) {
    case At::Text:
        if (character == escapeByte) {
            m_at = At::Escape;
            m_length = 0;
        }
        return;
    case At::String:
        if (character == escapeByte)
            m_at = At::StringEscape;
        else if (character == '\a' || stops)
            m_at = At::Text;
        return;
    case At::StringEscape:
        if (character == '\\') {
            m_at = At::Text;
            return;
        }
        // Any other escape ends the string, too, and begins a sequence.
        m_at = At::Escape;
        m_length = 0;
        break;
    default:
        break;
    }
    if (stops) {
        m_at = At::Text;
    } else if (character == escapeByte) {
        m_at = At::Escape;
        m_length = 0;
    } else if (byte < 0x20) {
        // Controls inside of a sequence act at once.
        if (character != '\a')
            out += character;
    } else if (byte == 0x7F) {
        return;
    } else if (byte >= 0x80) {
        // No sequence holds one: it was none, and this is text.
        m_at = At::Text;
        takeCharacter(byte, out);
    } else if (m_at == At::Escape || m_at == At::EscapeMore) {
        takeEscape(byte, out);
    } else {
        takeControl(byte, out);
    }
}

void Gate::keep(char byte, At overflow)
{
    if (m_length < longestSequence)
        m_kept[m_length++] = byte;
    else
        m_at = overflow;
}

void Gate::takeEscape(uchar byte, QByteArray &out)
{
    if (isIntermediate(byte)) {
        m_at = At::EscapeMore;
        keep(char(byte), At::Text);
        return;
    }
    if (m_at == At::Escape) {
        if (byte == '[') {
            m_at = At::Control;
            return;
        }
        if (byte == ']' || byte == 'P' || byte == 'X' || byte == '^' || byte == '_') {
            m_at = At::String;
            return;
        }
    }
    m_at = At::Text;
    if (byte == 'Z' && m_length == 0) // DECID: who are you
        return;
    if (m_length > 0 && m_kept[0] == '#') // lines of double size: not drawn here, and libvterm trips over them
        return;
    out += escapeByte;
    out.append(m_kept, m_length);
    out += char(byte);
    // The place that DECRC brings back may lie outside of a screen that became smaller; libvterm sees to that after a control sequence
    // alone. This one (the usual font) changes nothing.
    if (byte == '8' && m_length == 0)
        out += "\x1b[10m";
}

void Gate::takeControl(uchar byte, QByteArray &out)
{
    if (byte >= 0x40) {
        const bool lost = m_at == At::ControlLost;
        m_at = At::Text;
        if (!lost)
            finishControl(char(byte), out);
        return;
    }
    if (m_at == At::Control)
        keep(char(byte), At::ControlLost);
}

void Gate::finishControl(char final, QByteArray &out)
{
    const QByteArrayView kept(m_kept, m_length);
    if (wantsMore(final, kept))
        return;
    QByteArray sequence("\x1b[");
    int number = -1;
    int numbers = 0;
    bool margins = false;
    const auto flush = [&] {
        if (number >= 0)
            sequence += QByteArray::number(number);
        number = -1;
    };
    for (const char byte : kept) {
        if (byte >= '0' && byte <= '9') {
            number = std::min(std::max(number, 0) * 10 + (byte - '0'), largestNumber);
            continue;
        }
        margins = margins || number == marginMode;
        flush();
        if ((byte == ';' || byte == ':') && ++numbers >= mostNumbers)
            return;
        sequence += byte;
    }
    margins = margins || number == marginMode;
    if (margins && kept.startsWith('?') && (final == 'h' || final == 'l'))
        return;
    if (final == 'b') { // REP, which libvterm does beyond the right edge where the character is wide
        if (m_last != 0)
            out += QString::fromUcs4(&m_last, 1).toUtf8().repeated(std::clamp(number, 1, longestRepeat));
        return;
    }
    flush();
    out += sequence + final;
}

} // namespace parapet::terminal
