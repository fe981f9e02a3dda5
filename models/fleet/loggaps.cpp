// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/loggaps.h"

#include "models/query/printer.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QLocale>
#include <QtCore/QSet>

namespace parapet::fleet {

using namespace Qt::StringLiterals;

namespace {

QString gapsFilter(const QString &origin, qint64 low, qint64 high)
{
    using query::Operator;
    return query::term(u"origin"_s, Operator::Is, {origin}) + u' ' + query::term(u"originSequence"_s, Operator::AtLeast, {QString::number(low)}) + u' '
        + query::term(u"originSequence"_s, Operator::AtMost, {QString::number(high)});
}

} // namespace

QString sentenceOf(const SequenceGap &gap)
{
    const QLocale locale;
    const QString origin = Untrusted(gap.origin).inert(80);
    if (gap.missing() == 1)
        return QCoreApplication::translate("fleet", "1 sequence number missing from source %1: %2").arg(origin, locale.toString(gap.first));
    return QCoreApplication::translate("fleet", "%1 sequence numbers missing from source %2: %3 to %4")
        .arg(locale.toString(gap.missing()), origin, locale.toString(gap.first), locale.toString(gap.last));
}

void LogGaps::setAudit(AuditStore *audit)
{
    ++m_generation;
    m_audit = audit;
    m_running = m_again = false;
}

int LogGaps::sources() const
{
    QSet<QString> origins;
    for (const SequenceGap &gap : m_gaps)
        origins.insert(gap.origin);
    return int(origins.size());
}

void LogGaps::search()
{
    if (!m_audit)
        return;
    if (m_running) {
        m_again = true;
        return;
    }
    m_running = true;
    m_open.clear();
    m_found.clear();
    m_foundMissing = 0;
    askOrigins();
}

void LogGaps::askOrigins()
{
    deliver(this, m_audit->countEvents({}, u"origin"_s), [this, generation = m_generation](const Result<QVector<Bucket>> &origins) {
        if (generation != m_generation)
            return;
        if (!origins)
            return end(origins.error().message);
        m_origins.clear();
        for (const Bucket &bucket : *origins)
            m_origins << bucket.key;
        askEnds();
    });
}

void LogGaps::count(const QString &filter, const QString &sort, bool descending, std::function<void(const Page<AuditEvent> &)> then)
{
    PageRequest one;
    one.query = {filter, sort, descending};
    one.limit = 1;
    deliver(this, m_audit->events(one), [this, generation = m_generation, then = std::move(then)](const Result<Page<AuditEvent>> &page) {
        if (generation != m_generation)
            return;
        if (!page)
            return end(page.error().message);
        then(*page);
    });
}

void LogGaps::askEnds()
{
    if (m_origins.isEmpty())
        return locate();
    const QString origin = m_origins.takeFirst();
    const QString filter = query::term(u"origin"_s, query::Operator::Is, {origin});
    count(filter, u"originSequence"_s, true, [this, origin, filter](const Page<AuditEvent> &newest) {
        if (newest.items.isEmpty())
            return askEnds();
        // Events go on coming: the stretch ends with what was the newest one now, and is counted as far as that.
        const qint64 high = newest.items.first().originSequence;
        count(filter, u"originSequence"_s, false, [this, origin, high](const Page<AuditEvent> &oldest) {
            const qint64 low = oldest.items.isEmpty() ? high : oldest.items.first().originSequence;
            count(gapsFilter(origin, low, high), {}, false, [this, origin, low, high](const Page<AuditEvent> &all) {
                const qint64 missing = high - low + 1 - all.total.value();
                if (missing > 0) {
                    m_foundMissing += missing;
                    m_open.append({origin, low, high, all.total.value()});
                }
                askEnds();
            });
        });
    });
}

void LogGaps::locate()
{
    if (m_open.isEmpty())
        return end({});
    const Stretch stretch = m_open.takeLast();
    const qint64 length = stretch.high - stretch.low + 1;
    if (stretch.present == 0) {
        // Neighbouring halves may be one gap.
        for (SequenceGap &gap : m_found) {
            if (gap.origin == stretch.origin && gap.first == stretch.high + 1) {
                gap.first = stretch.low;
                return locate();
            }
        }
        m_found.append({stretch.origin, stretch.low, stretch.high});
        return locate();
    }
    const auto located = std::count_if(m_found.begin(), m_found.end(), [&](const SequenceGap &gap) { return gap.origin == stretch.origin; });
    if (stretch.present == length || located >= mostGaps)
        return locate();
    const qint64 middle = stretch.low + (length - 1) / 2;
    count(gapsFilter(stretch.origin, stretch.low, middle), {}, false, [this, stretch, middle](const Page<AuditEvent> &lower) {
        const qint64 below = lower.total.value();
        // The upper half is looked at first, so that the newest gaps are named first.
        m_open.append({stretch.origin, stretch.low, middle, below});
        m_open.append({stretch.origin, middle + 1, stretch.high, stretch.present - below});
        locate();
    });
}

void LogGaps::end(const QString &failure)
{
    m_running = false;
    m_failure = failure;
    if (failure.isEmpty()) {
        m_gaps = m_found;
        m_missing = m_foundMissing;
        m_known = true;
    }
    Q_EMIT searched();
    if (std::exchange(m_again, false))
        search();
}

} // namespace parapet::fleet
