// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/text/format.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QLocale>
#include <QtCore/QTimeZone>

#include <array>

namespace parapet::kit {

namespace {

QDateTime localOf(Instant at)
{
    return QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count()).toLocalTime();
}

QString tr(const char *text)
{
    return QCoreApplication::translate("kit", text);
}

} // namespace

QString localClock(Instant at)
{
    return isKnown(at) ? localOf(at).toString(QStringLiteral("HH:mm:ss")) : QString();
}

QString localTime(Instant at)
{
    if (!isKnown(at))
        return {};
    const QDateTime local = localOf(at);
    return local.toString(QStringLiteral("HH:mm:ss ")) + local.timeZoneAbbreviation();
}

QString localDateTime(Instant at)
{
    if (!isKnown(at))
        return {};
    const QDateTime local = localOf(at);
    return QLocale().toString(local, QStringLiteral("d MMM yyyy HH:mm:ss ")) + local.timeZoneAbbreviation();
}

QString utcText(Instant at)
{
    if (!isKnown(at))
        return {};
    const QDateTime utc = QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count(), Qt::UTC);
    return QLocale().toString(utc, QStringLiteral("HH:mm:ss.zzz 'UTC', d MMM yyyy"));
}

QString durationText(Milliseconds duration)
{
    const qint64 seconds = std::max<qint64>(0, duration.count() / 1000);
    if (seconds < 60)
        return tr("%1 s").arg(seconds);
    if (seconds < 3600)
        return tr("%1 min").arg(seconds / 60);
    if (seconds < 86400)
        return tr("%1 h %2 m").arg(seconds / 3600).arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'));
    return tr("%1 d %2 h").arg(seconds / 86400).arg(seconds / 3600 % 24, 2, 10, QLatin1Char('0'));
}

QString agoText(Instant at, Instant now)
{
    if (!isKnown(at))
        return {};
    const Milliseconds since = now - at;
    return since < Milliseconds(1000) ? tr("just now") : tr("%1 ago").arg(durationText(since));
}

QString bytesText(qint64 bytes)
{
    constexpr std::array units{"B", "kB", "MB", "GB", "TB", "PB"};
    double value = double(bytes);
    size_t unit = 0;
    while (std::abs(value) >= 999.5 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    const int decimals = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return QLocale().toString(value, 'f', decimals) + u' ' + QLatin1String(units[unit]);
}

QString numberText(qint64 number)
{
    return QLocale().toString(number);
}

QString shortDigest(const QString &digest)
{
    const QLatin1String prefix("sha256:");
    return digest.startsWith(prefix) ? digest.mid(prefix.size(), 8) : digest;
}

} // namespace parapet::kit
