// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/text/format.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QLocale>
#include <QtCore/QTimeZone>

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

QString agoText(Instant at, Instant now)
{
    if (!isKnown(at))
        return {};
    const Milliseconds since = now - at;
    return since < Milliseconds(1000) ? tr("just now") : tr("%1 ago").arg(durationText(since));
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
