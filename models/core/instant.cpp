// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/instant.h"

#include <QtCore/QCoreApplication>

namespace parapet {

namespace {

using Days = std::chrono::days;

constexpr Instant firstInstant = std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
constexpr Instant endOfInstants = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1);

class SystemClock final : public Clock
{
public:
    Instant now() const override
    {
        return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
    }
};

void putDigits(char *to, int digits, int value)
{
    for (int i = digits; i-- > 0; value /= 10)
        to[i] = char('0' + value % 10);
}

/// Reads RFC 3339 §5.6 from the left; every step fails for good once one failed.
class Rfc3339Reader
{
public:
    explicit Rfc3339Reader(QStringView text) : m_text(text) {}

    bool failed() const { return m_failed; }
    bool atEnd() const { return m_at == m_text.size(); }

    int number(int digits, int least, int most)
    {
        int value = 0;
        for (int i = 0; i < digits; ++i) {
            if (!nextIsDigit()) {
                m_failed = true;
                return least;
            }
            value = value * 10 + (m_text[m_at++].unicode() - u'0');
        }
        m_failed = m_failed || value < least || value > most;
        return value;
    }

    bool take(char16_t wanted)
    {
        if (atEnd() || m_text[m_at].unicode() != wanted)
            return false;
        ++m_at;
        return true;
    }

    void require(char16_t wanted) { m_failed = !take(wanted) || m_failed; }
    void requireEither(char16_t a, char16_t b) { m_failed = !(take(a) || take(b)) || m_failed; }

    int fraction()
    {
        int milliseconds = 0;
        int digits = 0;
        for (; nextIsDigit(); ++digits, ++m_at) {
            if (digits < 3)
                milliseconds = milliseconds * 10 + (m_text[m_at].unicode() - u'0');
        }
        m_failed = m_failed || digits < 1 || digits > 9;
        for (; digits < 3; ++digits)
            milliseconds *= 10;
        return milliseconds;
    }

private:
    bool nextIsDigit() const { return !atEnd() && m_text[m_at].unicode() >= u'0' && m_text[m_at].unicode() <= u'9'; }

    QStringView m_text;
    qsizetype m_at = 0;
    bool m_failed = false;
};

Failure notATime(QStringView text)
{
    return fail(Error::Code::Invalid,
                QCoreApplication::translate("Instant",
                                            "This is not a date and time in the form 2026-03-17T13:41:31Z (RFC 3339)."),
                text.left(64).toString());
}

} // namespace

QString toRfc3339(Instant at)
{
    if (!isKnown(at) || at < firstInstant || at >= endOfInstants)
        return {};
    const auto day = std::chrono::floor<Days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(at - day);

    char text[] = "0000-00-00T00:00:00.000Z";
    putDigits(text, 4, int(date.year()));
    putDigits(text + 5, 2, int(unsigned(date.month())));
    putDigits(text + 8, 2, int(unsigned(date.day())));
    putDigits(text + 11, 2, int(time.hours().count()));
    putDigits(text + 14, 2, int(time.minutes().count()));
    putDigits(text + 17, 2, int(time.seconds().count()));
    putDigits(text + 20, 3, int(time.subseconds().count()));
    return QString::fromLatin1(text, sizeof text - 1);
}

Result<Instant> fromRfc3339(QStringView text)
{
    Rfc3339Reader in(text);
    const int year = in.number(4, 0, 9999);
    in.require(u'-');
    const int month = in.number(2, 1, 12);
    in.require(u'-');
    const int day = in.number(2, 1, 31);
    in.requireEither(u'T', u't');
    const int hour = in.number(2, 0, 23);
    in.require(u':');
    const int minute = in.number(2, 0, 59);
    in.require(u':');
    const int second = in.number(2, 0, 60); // 60: a leap second, read as the second that follows
    const int milliseconds = in.take(u'.') ? in.fraction() : 0;

    std::chrono::minutes offset{};
    if (!in.take(u'Z') && !in.take(u'z')) {
        const bool west = in.take(u'-');
        if (!west)
            in.require(u'+');
        offset = std::chrono::hours(in.number(2, 0, 23));
        in.require(u':');
        offset += std::chrono::minutes(in.number(2, 0, 59));
        if (west)
            offset = -offset;
    }
    if (in.failed() || !in.atEnd())
        return notATime(text);

    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(unsigned(month)),
                                           std::chrono::day(unsigned(day))};
    if (!date.ok())
        return notATime(text);
    const Instant at = std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
                       std::chrono::seconds(second) + Milliseconds(milliseconds) - offset;
    // Leap seconds stand only at the end of a UTC day (RFC 3339 §5.7).
    if (second == 60 && std::chrono::floor<std::chrono::seconds>(at - std::chrono::floor<Days>(at)).count() != 0)
        return notATime(text);
    if (at < firstInstant || at >= endOfInstants)
        return notATime(text);
    return at;
}

const Clock &Clock::system()
{
    static const SystemClock clock;
    return clock;
}

} // namespace parapet
