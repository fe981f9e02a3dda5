// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/formats/importtext.h"

#include <algorithm>

namespace parapet::formats {

namespace {

constexpr size_t longestMember = 2048;
constexpr qsizetype longestAction = 64;
/// Room that is kept for "notTaken".
constexpr qsizetype detailRoom = longestImportedDetail - 512;

/// Where a cut at `most` bytes does not divide a character.
size_t wholeCharacters(std::string_view utf8, size_t most)
{
    if (utf8.size() <= most)
        return utf8.size();
    while (most > 0 && (uchar(utf8[most]) & 0xC0) == 0x80)
        --most;
    return most;
}

bool isPlain(uchar c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

} // namespace

QString importedText(std::string_view utf8, qsizetype most)
{
    // A character has at most four bytes: more than that cannot be kept anyway.
    const bool longer = utf8.size() > size_t(most) * 4;
    if (longer)
        utf8 = utf8.substr(0, wholeCharacters(utf8, size_t(most) * 4));
    QString text;
    // Qt takes U+FEFF at the beginning for a byte order mark and drops it.
    for (; utf8.starts_with("\xEF\xBB\xBF"); utf8.remove_prefix(3))
        text += QChar(QChar::ByteOrderMark);
    text += QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
    if (longer || text.size() > most) {
        text.truncate(std::min(text.size(), most - 1));
        if (!text.isEmpty() && text.back().isHighSurrogate())
            text.chop(1);
        text += QChar(u'…');
    }
    return text;
}

QString importedIdentifier(std::string_view text)
{
    QString identifier = QString::fromLatin1(text.data(), qsizetype(std::min<size_t>(text.size(), 256)));
    if (!isIdentifier(identifier))
        identifier.clear();
    return identifier;
}

QString importedAddress(std::string_view text)
{
    const auto fits = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
    };
    if (text.size() < 2 || text.size() > 45 || !std::all_of(text.begin(), text.end(), fits))
        return {};
    if (text.find_first_of(":.") == std::string_view::npos)
        return {};
    return QString::fromLatin1(text.data(), qsizetype(text.size()));
}

Instant importedTime(std::string_view text)
{
    char16_t wide[40];
    if (text.size() > std::size(wide))
        return {};
    std::transform(text.begin(), text.end(), wide, [](char c) { return char16_t(uchar(c)); });
    return fromRfc3339(QStringView(wide, qsizetype(text.size()))).value_or(Instant{});
}

void appendAction(QString &action, std::string_view part)
{
    if (part.empty())
        return;
    if (!action.isEmpty() && action.size() < longestAction - 1)
        action += u'.';
    for (const char c : part) {
        if (action.size() == longestAction)
            return;
        const bool upper = c >= 'A' && c <= 'Z';
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        action += QLatin1Char(upper ? char(c + 32) : plain ? c : '_');
    }
}

void appendJsonText(QByteArray &out, std::string_view utf8)
{
    static constexpr char hex[] = "0123456789abcdef";
    out += '"';
    const auto ascii = std::find_if(utf8.begin(), utf8.end(), [](char c) { return uchar(c) >= 0x80; });
    QByteArray mended;
    if (ascii != utf8.end() && !QUtf8StringView(utf8.data(), qsizetype(utf8.size())).isValidUtf8()) {
        mended = QString::fromUtf8(utf8.data(), qsizetype(utf8.size())).toUtf8();
        utf8 = {mended.constData(), size_t(mended.size())};
    }
    for (size_t at = 0; at < utf8.size();) {
        const size_t from = at;
        while (at < utf8.size() && (isPlain(uchar(utf8[at])) || uchar(utf8[at]) >= 0x80))
            ++at;
        out.append(utf8.data() + from, qsizetype(at - from));
        if (at == utf8.size())
            break;
        const uchar c = uchar(utf8[at++]);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += char(c);
        } else {
            const char escape[] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
            out.append(escape, sizeof escape);
        }
    }
    out += '"';
}

bool DetailJson::name(const char *name, size_t size)
{
    if (m_out.size() + qsizetype(size) + 64 > detailRoom) {
        notTaken(name);
        return false;
    }
    m_out += m_out.isEmpty() ? "{\"" : ",\"";
    m_out += name;
    m_out += "\":";
    return true;
}

void DetailJson::text(const char *member, std::string_view utf8)
{
    if (utf8.empty())
        return;
    const size_t kept = wholeCharacters(utf8, longestMember);
    if (!name(member, kept * 2))
        return;
    const qsizetype before = m_out.size();
    appendJsonText(m_out, utf8.substr(0, kept));
    if (kept < utf8.size()) {
        m_out.chop(1);
        m_out += "…\"";
    }
    // Text that is mostly escapes may still be longer than the room that was asked for.
    if (m_out.size() > detailRoom) {
        m_out.truncate(before);
        m_out += "null";
        notTaken(member);
    }
}

void DetailJson::number(const char *member, qint64 value)
{
    if (name(member, 20))
        m_out += QByteArray::number(value);
}

void DetailJson::json(const char *member, std::string_view text)
{
    if (text.empty())
        return;
    if (text.size() > longestMember)
        return notTaken(member);
    if (name(member, text.size()))
        m_out.append(text.data(), qsizetype(text.size()));
}

void DetailJson::notTaken(const char *member)
{
    if (m_notTaken.size() + qsizetype(std::string_view(member).size()) > 400)
        return;
    m_notTaken += m_notTaken.isEmpty() ? "\"" : ",\"";
    m_notTaken += member;
    m_notTaken += '"';
}

QString DetailJson::take()
{
    if (!m_notTaken.isEmpty()) {
        m_out += m_out.isEmpty() ? "{" : ",";
        m_out += "\"notTaken\":[" + m_notTaken + ']';
    }
    if (m_out.isEmpty())
        return {};
    m_out += '}';
    const QString text = QString::fromUtf8(m_out);
    m_out.clear();
    m_notTaken.clear();
    return text;
}

} // namespace parapet::formats
