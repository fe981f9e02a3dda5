// SPDX-License-Identifier: GPL-3.0-or-later
// What the Audit page counts: histogram, known values, groups, gaps.
#include "models/items/auditmodel.h"
#include "models/query/chips.h"
#include "ui/kit/text/format.h"
#include "ui/pages/audit/auditpage.h"
#include "ui/pages/audit/groupsheet.h"
#include "ui/pages/audit/logsheets.h"
#include "ui/pages/audit/timefilter.h"

#include <QtWidgets/QMenu>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int histogramSlices = 120;

} // namespace

void AuditPage::askHistogram()
{
    AuditStore *audit = m_context.system().audit;
    if (!audit || !isActive())
        return;
    const QString filter = m_model->query().filter;
    const std::optional<TimeTerms> terms = timeTermsOf(filter);
    const Instant now = m_context.clock().now();
    Instant to = now;
    Milliseconds span = m_span;
    if (terms) {
        const Instant first = isKnown(terms->from) ? terms->from : (isKnown(terms->to) ? terms->to : now) - span;
        const Instant last = isKnown(terms->to) ? terms->to : now;
        if (first < now - span || last > now) {
            // What is asked for lies elsewhere: it stands in the middle of what is shown.
            const Milliseconds length = std::max<Milliseconds>(last - first, 1min);
            to = std::max(last + length / 2, last);
            span = 2 * length;
            m_brush->setRange(kit::TimeBrush::Range{first, last});
        } else {
            m_brush->setRange(kit::TimeBrush::Range{first, last});
        }
    } else {
        m_brush->setRange(std::nullopt);
    }
    const auto slice = std::max<Milliseconds>(1s, std::chrono::ceil<std::chrono::seconds>(span / histogramSlices));
    // Slices begin at round times, so that they do not shiver while time goes on.
    const Instant end = Instant(((to.time_since_epoch() + slice) / slice) * slice);
    const Instant from = end - slice * histogramSlices;
    deliver(this, audit->activityOf(withoutTime(filter), from, end, slice), [this, from, slice, ticket = ++m_histogramTicket](const Result<QVector<ActivitySlice>> &slices) {
        if (ticket != m_histogramTicket)
            return;
        if (!slices)
            m_brush->setMissing(slices.error().message);
        else
            showHistogram(from, slice, *slices);
    });
}

void AuditPage::showHistogram(Instant from, Milliseconds slice, const QVector<ActivitySlice> &slices)
{
    QVector<kit::TimeBrush::Slice> bars;
    for (const ActivitySlice &one : slices)
        bars.append({one.people + one.agents + one.services, one.refused});
    m_brush->setData(from, slice, bars, tr("events in %1").arg(kit::durationText(slice)));
}

void AuditPage::askKnownValues()
{
    AuditStore *audit = m_context.system().audit;
    if (!audit)
        return;
    for (const QString &field : {u"action"_s, u"origin"_s, u"actorName"_s}) {
        deliver(this, audit->countEvents({}, field), [this, field](const Result<QVector<Bucket>> &answer) {
            if (!answer)
                return;
            QStringList values;
            for (const Bucket &bucket : *answer) {
                if (!bucket.key.isEmpty())
                    values << bucket.key;
            }
            m_syntax.setKnownValues(field, values);
        });
    }
}

void AuditPage::openGroups(const QPoint &at)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const char *name : {"actorName", "actorKind", "action", "target", "workspace", "outcome", "origin", "source", "session"}) {
        const QString field = QLatin1String(name);
        const QString label = labelOf(*findField<AuditEvent>(field));
        menu->addAction(label, this, [this, field, label] {
            auto *sheet = new GroupSheet(this, m_context.system().audit, m_model->query().filter, field, label);
            connect(&m_context, &shell::ConsoleContext::systemGone, sheet, &GroupSheet::dismiss);
            connect(sheet, &GroupSheet::termRequested, this, [this](const QString &term) { goToFilter(query::bothFilters(m_model->query().filter, term)); });
        });
    }
    menu->popup(at);
}

void AuditPage::openGaps()
{
    auto *sheet = new GapsSheet(this, m_gaps);
    connect(sheet, &GapsSheet::filterRequested, this, [this](const QString &filter) { goToFilter(filter); });
}

} // namespace parapet::pages
