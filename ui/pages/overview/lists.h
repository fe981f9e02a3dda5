// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/connection.h"
#include "models/domain/auditevent.h"
#include "ui/kit/charts.h"
#include "ui/kit/parts.h"

#include <deque>

namespace parapet::pages {

/// How each port of the connection is doing: mark, name, address, a sparkline of its last latencies, and what there is to say.
class ConnectionList : public QWidget
{
    Q_OBJECT

public:
    explicit ConnectionList(QWidget *parent = nullptr);
    void setConnection(const fleet::Connection *connection, Instant now);

private:
    struct Row {
        kit::RunLine *name;
        kit::RunLine *address;
        kit::Sparkline *spark;
        kit::RunLine *latency;
        kit::RunLine *note;
    };
    QVector<Row> m_rows;
};

/// The last events: time, actor, action, target. Text from outside is drawn inert.
class EventList : public QWidget
{
    Q_OBJECT

public:
    explicit EventList(QWidget *parent = nullptr);
    /// `proofs`: the mark of each.
    void setEvents(const std::deque<AuditEvent> &events, const QVector<Proof> &proofs);
    /// Room for at least so many is kept.
    void setLeastLines(int lines);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void show();
    void keepRoom();
    int m_leastLines = 1;
    QVector<kit::RunLine *> m_lines;
    std::deque<AuditEvent> m_events;
    QVector<Proof> m_proofs;
};

} // namespace parapet::pages
