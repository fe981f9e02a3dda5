// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>

namespace parapet::terminal {

/// What stands between a recording and libvterm: lets pass what draws (text, C0 controls, escape and control sequences of ECMA-48 with
/// numbers that a screen can have), and nothing that asks or tells. Control strings (OSC, DCS, APC, PM, SOS: titles, clipboard, links,
/// pictures, settings) are swallowed to their end, however long; so are the bell, and sequences that want an answer or move a window.
/// libvterm 0.1.4 alone is not enough: DECRQSS makes it read a number as
/// a pointer, C1 controls put its cursor left of the screen.
///
/// A value of plain bytes: what it waits for is a part of the terminal's state.
class Gate
{
public:
    /// What of these bytes may pass, in order; a sequence that is not finished is kept for the next call.
    QByteArray pass(QByteArrayView bytes);

private:
    enum class At : quint8 { Text, Escape, EscapeMore, Control, ControlLost, String, StringEscape };
    static constexpr int longestSequence = 128;

    void take(char byte, QByteArray &out);
    void takeCharacter(uchar byte, QByteArray &out);
    void giveUpCharacter(QByteArray &out);
    void takeEscape(uchar byte, QByteArray &out);
    void takeControl(uchar byte, QByteArray &out);
    void finishControl(char final, QByteArray &out);
    void keep(char byte, At overflow);

    At m_at = At::Text;
    quint8 m_had = 0;     ///< bytes of a character that is not whole yet
    quint8 m_missing = 0; ///< bytes of it that are to come
    char32_t m_character = 0;
    char32_t m_last = 0; ///< the last one that passed, for REP
    quint8 m_length = 0;
    char m_kept[longestSequence] = {}; ///< of the sequence, without its introducer
};

} // namespace parapet::terminal
