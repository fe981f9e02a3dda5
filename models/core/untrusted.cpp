// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/untrusted.h"

#include "models/core/codepoints.h"

namespace parapet {

namespace {

constexpr char16_t returnSymbol = u'\u23CE';
constexpr int mostMarksInARow = 4;

/// Default-ignorable code points that are not of category Cf: they take no room, or look like a space.
bool isInvisible(char32_t c)
{
    return c == 0x034F || c == 0x115F || c == 0x1160 || c == 0x17B4 || c == 0x17B5 || (c >= 0x180B && c <= 0x180F) ||
           c == 0x2800 || c == 0x3164 || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFFA0 || (c >= 0xE0000 && c <= 0xE0FFF);
}

bool isMark(char32_t c)
{
    const QChar::Category category = QChar::category(c);
    return category == QChar::Mark_NonSpacing || category == QChar::Mark_Enclosing;
}

bool mustBeSpelled(char32_t c)
{
    switch (QChar::category(c)) {
    case QChar::Other_Control: // C1; C0 has pictures
    case QChar::Other_Format:  // bidirectional and zero-width controls, tags, the soft hyphen
    case QChar::Other_Surrogate:
    case QChar::Other_PrivateUse:
    case QChar::Other_NotAssigned:
        return true;
    default:
        return isInvisible(c);
    }
}

QString spelled(char32_t c)
{
    return QStringLiteral(u"\u27E8U+%1\u27E9")
        .arg(QString::number(uint(c), 16).toUpper().rightJustified(4, QLatin1Char('0')));
}

bool isLineBreak(char32_t c)
{
    return c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

} // namespace

QString Untrusted::inert(int limit) const
{
    QString shown;
    shown.reserve(qMin<qsizetype>(m_text.size(), limit) + 1);
    int marks = 0;
    for (qsizetype at = 0; at < m_text.size();) {
        const char32_t c = takeCodePoint(m_text, at);
        marks = isMark(c) ? marks + 1 : 0;

        QString piece;
        if (isLineBreak(c)) {
            piece = QChar(returnSymbol);
        } else if (c == '\r' && at < m_text.size() && m_text[at] == u'\n') {
            ++at;
            piece = QChar(returnSymbol);
        } else if (c < 0x20) {
            piece = QChar(char16_t(0x2400 + c));
        } else if (c == 0x7F) {
            piece = QChar(char16_t(0x2421));
        } else if (mustBeSpelled(c) || marks > mostMarksInARow) {
            piece = spelled(c);
        } else {
            piece =
                QStringView(QChar::fromUcs4(c)).toString(); // QString::fromUcs4 would take U+FEFF for a byte order mark
        }
        if (shown.size() + piece.size() > limit)
            return shown + QChar(u'\u2026');
        shown += piece;
    }
    return shown;
}

} // namespace parapet
