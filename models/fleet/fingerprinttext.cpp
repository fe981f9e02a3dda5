// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fingerprinttext.h"

namespace parapet::fleet {

namespace {

constexpr int groupSize = 4;
constexpr int groupsInLine = 8;

/// Hex digits in lower case without separators; empty when there is anything else.
QString normalized(const QString &text)
{
    QString hex;
    for (const QChar c : text) {
        const QChar lower = c.toLower();
        if ((lower >= u'0' && lower <= u'9') || (lower >= u'a' && lower <= u'f'))
            hex += lower;
        else if (!c.isSpace() && c != u':' && c != u'-')
            return {};
    }
    return hex;
}

} // namespace

FingerprintText::FingerprintText(const QString &hex) : m_hex(normalized(hex))
{
}

QStringList FingerprintText::groups() const
{
    QStringList found;
    for (qsizetype at = 0; at < m_hex.size(); at += groupSize)
        found << m_hex.mid(at, groupSize).toUpper();
    return found;
}

QString FingerprintText::text() const
{
    const QStringList all = groups();
    QStringList lines;
    for (qsizetype at = 0; at < all.size(); at += groupsInLine)
        lines << all.mid(at, groupsInLine).join(u' ');
    return lines.join(u'\n');
}

QString FingerprintText::spoken() const
{
    QStringList parts;
    for (const QString &group : groups()) {
        QStringList characters;
        for (const QChar c : group)
            characters << QString(c);
        parts << characters.join(u' ');
    }
    return parts.join(QLatin1String(", "));
}

bool FingerprintText::matches(const QString &typed) const
{
    return !m_hex.isEmpty() && normalized(typed) == m_hex;
}

} // namespace parapet::fleet
