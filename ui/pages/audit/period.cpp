// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/period.h"

#include "models/query/literals.h"
#include "ui/kit/text/format.h"
#include "ui/pages/audit/timefilter.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QLocale>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto usualPeriod = 24h;

Instant wholeSecond(Instant at)
{
    return Instant(std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()));
}

} // namespace

Period periodOf(const QString &filter, Instant now)
{
    const Instant present = Instant(std::chrono::ceil<std::chrono::seconds>(now.time_since_epoch()));
    const std::optional<TimeTerms> terms = timeTermsOf(filter);
    if (!terms)
        return {present - usualPeriod, present};
    const Instant to = wholeSecond(isKnown(terms->to) ? terms->to : present);
    const Instant from = wholeSecond(isKnown(terms->from) ? terms->from : to - usualPeriod);
    return from < to ? Period{from, to} : Period{to - usualPeriod, to};
}

std::optional<Instant> momentFrom(const QString &text, bool isEnd, Instant now)
{
    const QString word = text.trimmed();
    if (word.compare("now"_L1, Qt::CaseInsensitive) == 0)
        return Instant(std::chrono::ceil<std::chrono::seconds>(now.time_since_epoch()));
    if (const std::optional<qint64> age = query::durationLiteral(word); age && !word.isEmpty())
        return wholeSecond(now - Milliseconds(*age));
    const std::optional<query::NumberRange> at = query::timeLiteral(word);
    if (!at)
        return std::nullopt;
    const bool wide = Milliseconds(at->last - at->first + 1) >= usualPeriod;
    return wholeSecond(Instant(Milliseconds(isEnd && wide ? at->last + 1 : at->first)));
}

QString momentText(Instant at)
{
    return QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count(), Qt::UTC).toString(u"yyyy-MM-ddTHH:mm:ss'Z'"_s);
}

QString spokenText(const Period &period)
{
    const auto local = [](Instant at) { return QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count()).toLocalTime(); };
    const QDateTime from = local(period.from);
    const QDateTime to = local(period.to);
    const bool oneDay = from.date() == to.date();
    return QCoreApplication::translate("audit", "%1 to %2 %3, %4")
        .arg(QLocale().toString(from, u"d MMM HH:mm:ss"_s), QLocale().toString(to, oneDay ? u"HH:mm:ss"_s : u"d MMM HH:mm:ss"_s), to.timeZoneAbbreviation(),
             kit::durationText(period.length()));
}

} // namespace parapet::pages
