// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/id.h"

#include <QtCore/QRandomGenerator>

#include <array>

namespace parapet {

namespace {

constexpr qsizetype identifierLimit = 128;

bool isIdentifierCharacter(char16_t c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'.' || c == u'_' ||
           c == u':' || c == u'-';
}

bool isIdentifierSeparator(char16_t c)
{
    return c == u'-' || c == u'.' || c == u'_' || c == u':';
}

} // namespace

bool isIdentifier(QStringView text)
{
    if (text.isEmpty() || text.size() > identifierLimit)
        return false;
    return std::all_of(text.begin(), text.end(), [](QChar c) { return isIdentifierCharacter(c.unicode()); });
}

QString newIdentifier(QStringView prefix)
{
    // RFC 4648 §6 in lower case: no digit that looks like a letter, safe in a URL, a file name and a shell.
    static constexpr char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

    std::array<quint32, 3> random{};
    QRandomGenerator::system()->generate(random.begin(), random.end());

    QString text = prefix.toString();
    if (!text.isEmpty() && !isIdentifierSeparator(text.back().unicode()))
        text += QLatin1Char('-');
    for (int i = 0; i < 16; ++i) {
        // Six characters of five bits from each word of 32.
        const quint32 bits = random[size_t(i / 6)] >> (5 * (i % 6));
        text += QLatin1Char(alphabet[bits & 31]);
    }
    return text;
}

} // namespace parapet
