// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/timefilter.h"

#include "models/query/chips.h"
#include "models/query/literals.h"
#include "models/query/printer.h"

#include <QtCore/QDateTime>

namespace parapet::pages {

using namespace Qt::StringLiterals;

namespace {

bool isTimeTerm(const query::Chip &chip)
{
    return chip.term.kind == query::Expression::Kind::Compare
        && (chip.term.field.compare("time"_L1, Qt::CaseInsensitive) == 0 || chip.term.field.compare("when"_L1, Qt::CaseInsensitive) == 0);
}

QString timeOfSecond(Instant at)
{
    return QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count(), Qt::UTC).toString(u"yyyy-MM-ddTHH:mm:ss'Z'"_s);
}

} // namespace

std::optional<TimeTerms> timeTermsOf(const QString &filter)
{
    using query::Operator;
    const auto chips = query::chips(filter);
    if (!chips)
        return std::nullopt;
    TimeTerms terms;
    bool any = false;
    for (const query::Chip &chip : *chips) {
        if (!isTimeTerm(chip) || chip.term.values.size() != 1)
            continue;
        const std::optional<query::NumberRange> at = query::timeLiteral(chip.term.values.first().text);
        if (!at)
            continue;
        const Instant first{Milliseconds(at->first)};
        const Instant after{Milliseconds(at->last + 1)};
        any = true;
        switch (chip.term.op) {
        case Operator::Is:
            terms = {first, after};
            break;
        case Operator::AtLeast:
            terms.from = first;
            break;
        case Operator::Greater:
            terms.from = after;
            break;
        case Operator::AtMost:
            terms.to = after;
            break;
        case Operator::Less:
            terms.to = first;
            break;
        default:
            any = false;
        }
    }
    return any ? std::optional(terms) : std::nullopt;
}

QString withoutTime(const QString &filter)
{
    const auto chips = query::chips(filter);
    if (!chips)
        return filter;
    QStringList rest;
    for (const query::Chip &chip : *chips) {
        if (!isTimeTerm(chip))
            rest << chip.text;
    }
    return rest.join(u' ');
}

QString withTime(const QString &filter, Instant from, Instant to)
{
    using query::Operator;
    const QString terms = query::term(u"time"_s, Operator::AtLeast, {timeOfSecond(from)}) + u' ' + query::term(u"time"_s, Operator::Less, {timeOfSecond(to)});
    return query::bothFilters(withoutTime(filter), terms);
}

} // namespace parapet::pages
