// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/query/literals.h"

#include <QtCore/QDateTime>
#include <QtCore/QLocale>

#include <cmath>
#include <limits>
#include <span>

namespace parapet::query {
namespace {

bool literalIsDigits(QStringView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
}

struct LiteralUnit {
    const char *name;
    double factor;
};

std::optional<qint64> literalUnits(QStringView text, std::span<const LiteralUnit> units)
{
    for (const LiteralUnit &unit : units) {
        if (text.compare(QLatin1String(unit.name), Qt::CaseInsensitive) == 0)
            return qint64(unit.factor);
    }
    return std::nullopt;
}

std::optional<NumberRange> literalSpan(const QDateTime &first, const QDateTime &after)
{
    if (!first.isValid() || !after.isValid())
        return std::nullopt;
    return NumberRange{first.toMSecsSinceEpoch(), after.toMSecsSinceEpoch() - 1};
}

QDateTime literalDay(QDate date)
{
    return date.isValid() ? QDateTime(date, QTime(0, 0), Qt::UTC) : QDateTime();
}

/// "2026", "2026-03", "2026-03-01".
std::optional<NumberRange> literalDate(QStringView text)
{
    const auto parts = text.split(u'-');
    const qsizetype widths[] = {4, 2, 2};
    if (parts.size() > 3)
        return std::nullopt;
    int numbers[3] = {1, 1, 1};
    for (int i = 0; i < parts.size(); ++i) {
        if (parts[i].size() != widths[i] || !literalIsDigits(parts[i]))
            return std::nullopt;
        numbers[i] = parts[i].toInt();
    }
    const QDate first(numbers[0], numbers[1], numbers[2]);
    if (!first.isValid())
        return std::nullopt;
    const QDate after = parts.size() == 1   ? first.addYears(1)
                        : parts.size() == 2 ? first.addMonths(1)
                                            : first.addDays(1);
    return literalSpan(literalDay(first), literalDay(after));
}

} // namespace

std::optional<qint64> integerLiteral(QStringView text)
{
    QString digits = text.toString();
    digits.remove(u'_');
    bool fits = false;
    const qint64 number = QLocale::c().toLongLong(digits, &fits);
    return fits && !digits.startsWith(u'+') && !digits.contains(u',') ? std::optional(number) : std::nullopt;
}

std::optional<double> realLiteral(QStringView text)
{
    bool fits = false;
    const double number = text.toDouble(&fits);
    return fits && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<bool> booleanLiteral(QStringView text)
{
    for (const char *yes : {"true", "yes", "1"}) {
        if (text.compare(QLatin1String(yes), Qt::CaseInsensitive) == 0)
            return true;
    }
    for (const char *no : {"false", "no", "0"}) {
        if (text.compare(QLatin1String(no), Qt::CaseInsensitive) == 0)
            return false;
    }
    return std::nullopt;
}

std::optional<qint64> durationLiteral(QStringView text)
{
    static constexpr LiteralUnit units[] = {{"w", 604800000}, {"d", 86400000}, {"h", 3600000},
                                            {"m", 60000},     {"s", 1000},     {"ms", 1}};
    double total = 0;
    double previous = std::numeric_limits<double>::infinity();
    while (!text.isEmpty()) {
        qsizetype digits = 0;
        while (digits < text.size() && text[digits] >= u'0' && text[digits] <= u'9')
            ++digits;
        qsizetype end = digits;
        while (end < text.size() && text[end].isLetter())
            ++end;
        const std::optional<qint64> factor = literalUnits(text.mid(digits, end - digits), units);
        if (digits == 0 || digits > 12 || !factor || double(*factor) >= previous)
            return std::nullopt;
        previous = double(*factor);
        total += double(text.first(digits).toLongLong()) * previous;
        text = text.sliced(end);
    }
    // A thousand years and more is a slip of the keyboard, and must not overflow.
    const bool sane = std::isfinite(previous) && total < 3.2e13;
    return sane ? std::optional(qint64(total)) : std::nullopt;
}

std::optional<qint64> sizeLiteral(QStringView text)
{
    static constexpr LiteralUnit units[] = {{"", 1},
                                            {"b", 1},
                                            {"k", 1e3},
                                            {"kb", 1e3},
                                            {"m", 1e6},
                                            {"mb", 1e6},
                                            {"g", 1e9},
                                            {"gb", 1e9},
                                            {"t", 1e12},
                                            {"tb", 1e12},
                                            {"kib", 1024.0},
                                            {"mib", 1048576.0},
                                            {"gib", 1073741824.0},
                                            {"tib", 1099511627776.0}};
    qsizetype end = text.size();
    while (end > 0 && text[end - 1].isLetter())
        --end;
    const std::optional<qint64> factor = literalUnits(text.sliced(end), units);
    const std::optional<double> number = realLiteral(text.first(end));
    if (!factor || !number || *number < 0 || *number * double(*factor) > 9e15)
        return std::nullopt;
    return qint64(std::llround(*number * double(*factor)));
}

std::optional<NumberRange> timeLiteral(QStringView text)
{
    const qsizetype t = text.indexOf(u'T', 0, Qt::CaseInsensitive);
    if (t < 0)
        return literalDate(text);
    // The moment is read by the one RFC 3339 reader; what was left out is filled in first.
    QString full = text.toString();
    qsizetype zone = full.indexOf(u'Z', t, Qt::CaseInsensitive);
    for (const QChar sign : {QChar(u'+'), QChar(u'-')}) {
        if (zone < 0)
            zone = full.indexOf(sign, t);
    }
    if (zone < 0) {
        zone = full.size();
        full += u'Z';
    }
    qint64 width = 1;
    if (const qsizetype clock = zone - t - 1; clock == 5) {
        full.insert(zone, QLatin1String(":00"));
        width = 60000;
    } else if (clock == 8) {
        width = 1000;
    }
    const Result<Instant> at = fromRfc3339(full);
    if (!at)
        return std::nullopt;
    const qint64 first = at->time_since_epoch().count();
    return NumberRange{first, first + width - 1};
}

} // namespace parapet::query
