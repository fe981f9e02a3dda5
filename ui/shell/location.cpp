// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/location.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QUrl>

namespace parapet::shell {

namespace {

constexpr qsizetype locationLimit = 8192;
constexpr qsizetype historyLimit = 200;

bool isName(QStringView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'-';
    });
}

Failure notAPlace(const QString &detail)
{
    return fail(Error::Code::Invalid,
                QCoreApplication::translate("shell", "This is not a place in Parapet. Write it as page?name=value."),
                detail);
}

/// Decodes %XX; false when a percent sign is not followed by two hex digits or the bytes are not UTF-8.
bool decode(QStringView text, QString &result)
{
    const QByteArray bytes = text.toUtf8();
    QByteArray decoded;
    decoded.reserve(bytes.size());
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        if (bytes.at(i) != '%') {
            decoded += bytes.at(i);
            continue;
        }
        bool ok = false;
        const int value = i + 2 < bytes.size() ? bytes.mid(i + 1, 2).toInt(&ok, 16) : 0;
        if (!ok)
            return false;
        decoded += char(value);
        i += 2;
    }
    result = QString::fromUtf8(decoded);
    return result.toUtf8() == decoded;
}

} // namespace

Location Location::with(const QString &name, const QString &value) const
{
    Location place = *this;
    if (value.isEmpty())
        place.params.remove(name);
    else
        place.params.insert(name, value);
    return place;
}

QString Location::toString() const
{
    QString text = page;
    QChar separator = u'?';
    for (auto it = params.begin(); it != params.end(); ++it) {
        text += separator + it.key() + u'=' + QString::fromLatin1(QUrl::toPercentEncoding(it.value(), ":,@/"));
        separator = u'&';
    }
    return text;
}

Result<Location> Location::parse(QStringView text)
{
    if (text.size() > locationLimit)
        return notAPlace(QStringLiteral("too long"));
    Location place;
    const qsizetype question = text.indexOf(u'?');
    const QStringView page = question < 0 ? text : text.left(question);
    if (!isName(page))
        return notAPlace(QStringLiteral("page name"));
    place.page = page.toString();
    if (question < 0)
        return place;
    for (const QStringView part : text.mid(question + 1).split(u'&', Qt::SkipEmptyParts)) {
        const qsizetype equals = part.indexOf(u'=');
        const QStringView name = equals < 0 ? part : part.left(equals);
        QString value;
        if (!isName(name) || place.params.contains(name.toString()))
            return notAPlace(QStringLiteral("parameter name"));
        if (equals >= 0 && !decode(part.mid(equals + 1), value))
            return notAPlace(QStringLiteral("percent encoding"));
        if (!value.isEmpty())
            place.params.insert(name.toString(), value);
    }
    return place;
}

void History::push(const Location &place)
{
    if (m_at >= 0 && m_places.at(m_at) == place)
        return;
    m_places.resize(m_at + 1);
    m_places.append(place);
    if (m_places.size() > historyLimit)
        m_places.removeFirst();
    m_at = m_places.size() - 1;
}

void History::replace(const Location &place)
{
    if (m_at < 0)
        push(place);
    else
        m_places[m_at] = place;
}

const Location &History::back()
{
    if (canGoBack())
        --m_at;
    return current();
}

const Location &History::forward()
{
    if (canGoForward())
        ++m_at;
    return current();
}

} // namespace parapet::shell
