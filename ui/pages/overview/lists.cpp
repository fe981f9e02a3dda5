// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/lists.h"

#include "ui/kit/keepscaled.h"
#include "ui/kit/marks.h"
#include "ui/kit/text/format.h"
#include "ui/kit/tooltip.h"
#include "ui/shell/healthmark.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QGridLayout>

namespace parapet::pages {

using namespace Qt::StringLiterals;

namespace {

constexpr int portRows = 3;
constexpr int portRowHeight = 28;
constexpr int portNameWidth = 116;
constexpr int portAddressWidth = 132;
constexpr int portLatencyWidth = 52;
constexpr int sparkWidth = 96;
constexpr int sparkHeight = 18;
constexpr int eventLineHeight = 20;
constexpr int eventLines = 12;

QUrl addressOf(const fleet::Profile &profile, fleet::PortName port)
{
    switch (port) {
    case fleet::PortName::Control: return profile.control;
    case fleet::PortName::Audit: return profile.audit;
    case fleet::PortName::Agent: break;
    }
    return profile.agent;
}

QString noteOf(const fleet::Health &health, Instant now)
{
    switch (health.state()) {
    case fleet::HealthState::Failing:
        return ConnectionList::tr("silent for %1").arg(kit::durationText(now - health.failingSince()));
    case fleet::HealthState::Untrusted:
        return ConnectionList::tr("stopped: not who was pinned");
    default:
        break;
    }
    if (!isKnown(health.lastGood()))
        return fleet::titleOf(health.state());
    return ConnectionList::tr("answered %1").arg(kit::agoText(health.lastGood(), now));
}

} // namespace

ConnectionList::ConnectionList(QWidget *parent) : QWidget(parent)
{
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(kit::space::l);
    grid->setVerticalSpacing(0);
    for (int i = 0; i < portRows; ++i) {
        const Row row{new kit::RunLine(this), new kit::RunLine(this), new kit::Sparkline(this), new kit::RunLine(this), new kit::RunLine(this)};
        kit::keepWidth(row.spark, sparkWidth);
        kit::keepHeight(row.spark, sparkHeight);
        grid->addWidget(row.name, i, 0);
        grid->addWidget(row.address, i, 1);
        grid->addWidget(row.spark, i, 2);
        grid->addWidget(row.latency, i, 3);
        grid->addWidget(row.note, i, 4);
        m_rows << row;
    }
    grid->setColumnStretch(4, 1);
    kit::keepScaled(this, [grid](const kit::Theme &look) {
        for (int i = 0; i < portRows; ++i)
            grid->setRowMinimumHeight(i, look.scaled(portRowHeight));
        grid->setColumnMinimumWidth(0, look.scaled(portNameWidth));
        grid->setColumnMinimumWidth(1, look.scaled(portAddressWidth));
        grid->setColumnMinimumWidth(3, look.scaled(portLatencyWidth));
    });
}

void ConnectionList::setConnection(const fleet::Connection *connection, Instant now)
{
    for (int i = 0; i < m_rows.size(); ++i) {
        const auto port = fleet::PortName(i);
        const Row &row = m_rows[i];
        row.name->setRuns({{fleet::titleOf(port), kit::Type::Body, kit::Role::Text, 500}});
        if (!connection) {
            row.name->setMark(StateMark::Stopped);
            row.note->setRuns({{tr("not connected"), kit::Type::Small, kit::Role::Text3, 0}});
            continue;
        }
        const fleet::Health &health = connection->health(port);
        row.name->setMark(shell::markOf(health.state()));
        row.address->setRuns({{addressOf(connection->profile(), port).authority(), kit::Type::Mono, kit::Role::Text2, 0}});
        QVector<qreal> values;
        for (const qint32 latency : health.latencies())
            values << qMax(0, latency);
        const qint32 median = health.medianLatency();
        row.spark->setValues(values, tr("latency of the last %Ln call(s)", nullptr, int(values.size())));
        row.latency->setRuns({{median < 0 ? QString() : tr("%1 ms").arg(median), kit::Type::Mono, kit::Role::Text, 0}});
        const bool bad = health.state() == fleet::HealthState::Failing || health.state() == fleet::HealthState::Untrusted;
        row.note->setRuns({{noteOf(health, now), kit::Type::Small, bad ? kit::Role::Medium : kit::Role::Text3, 0}});
        row.note->setToolTip(bad ? kit::plainToolTip(health.lastError().message) : QString());
    }
}

EventList::EventList(QWidget *parent) : QWidget(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    for (int i = 0; i < eventLines; ++i) {
        auto *line = new kit::RunLine(this);
        kit::keepHeight(line, eventLineHeight);
        column->addWidget(line);
        m_lines << line;
    }
    column->addStretch();
    kit::keepScaled(this, [this](const kit::Theme &) { keepRoom(); });
}

void EventList::setLeastLines(int lines)
{
    m_leastLines = lines;
    keepRoom();
}

void EventList::keepRoom()
{
    setMinimumHeight(m_leastLines * kit::theme(this).scaled(eventLineHeight));
}

void EventList::setEvents(const std::deque<AuditEvent> &events, const QVector<Proof> &proofs)
{
    m_events = events;
    m_proofs = proofs;
    show();
}

void EventList::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    show();
}

void EventList::show()
{
    const int fitting = height() / kit::theme(this).scaled(eventLineHeight);
    for (int i = 0; i < m_lines.size(); ++i) {
        kit::RunLine *line = m_lines[i];
        line->setVisible(i < int(m_events.size()) && i < fitting);
        if (line->isHidden())
            continue;
        const AuditEvent &event = m_events[size_t(i)];
        const Proof proof = m_proofs.value(i, Proof::Unchecked);
        line->setMark(proof);
        line->setAccessibleDescription(kit::proofText(proof));
        const kit::Role outcome = event.outcome == Outcome::Success ? kit::Role::Text : kit::Role::High;
        line->setRuns({{kit::localClock(event.time) + u"  "_s, kit::Type::Mono, kit::Role::Text3, 0},
                       {event.actorName.inert(24) + u"  "_s, kit::Type::Small, kit::Role::Text2, 0},
                       {event.action + u"  "_s, kit::Type::Mono, outcome, 500},
                       {event.target.inert(80), kit::Type::Mono, kit::Role::Text3, 0}});
        line->setToolTip(kit::utcText(event.time));
    }
}

} // namespace parapet::pages
