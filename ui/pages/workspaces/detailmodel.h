// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/count.h"
#include "models/core/instant.h"
#include "models/domain/auditevent.h"
#include "models/domain/lease.h"
#include "models/domain/process.h"
#include "models/domain/session.h"
#include "ui/kit/paint.h"

#include <QtCore/QAbstractListModel>

#include <optional>

namespace parapet::pages {

/// One line of the detail pane, ready to be drawn: everything from outside is inert here.
struct DetailRow {
    enum class Kind : quint8 { Section, Line, Note };
    Kind kind = Kind::Line;
    kit::Icon icon = kit::Icon::None;
    kit::Role iconRole = kit::Role::Text2;
    StateMark state = StateMark::None;
    Proof proof = Proof::None;
    int indent = 0;              ///< steps of 12 px
    QVector<kit::Run> runs;
    QVector<kit::Run> right;
    QString copy;                ///< what Ctrl+C takes
    QString tip;                 ///< plain
};

/// The lines of one workspace's detail: sections one after the other, each with its figure. A part that could not be learnt says
/// so in its section, with since when, and keeps what was known.
class DetailModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum class Part : quint8 { Sessions, Processes, Leases, Flows, Events };
    static constexpr int PartCount = 5;

    explicit DetailModel(const Clock &clock, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    const DetailRow &row(int index) const { return m_rows[size_t(index)]; }

    void clear();
    void setSessions(const QVector<Session> &sessions);
    void setProcesses(const QVector<Process> &processes);
    void setLeases(const QVector<Lease> &leases);
    void setFlows(const QVector<Flow> &flows);
    void setEvents(const QVector<AuditEvent> &events, const Count &total);
    /// The part's last answer failed; its lines stay, marked as old.
    void setFailed(Part part, const QString &sentence);
    /// Nothing announces changes any more, or some were missed: what is shown stays, marked as old, each part with since when, until
    /// it is answered anew. The sentence says why on top of all.
    void setStale(const QString &sentence);
    /// Changes are announced again. What is old stays marked until it is answered anew.
    void endStale();
    bool isStale(Part part) const { return m_sections[size_t(part)].stale; }

private:
    struct Section {
        QVector<DetailRow> rows;
        QString figure;
        QString failure;
        Instant at{};
        bool known = false;
        bool stale = false;
    };
    void put(Part part, QVector<DetailRow> rows, const QString &figure);
    void rebuild();
    void addSection(std::vector<DetailRow> &rows, Part part) const;

    const Clock &m_clock;
    std::array<Section, PartCount> m_sections;
    std::vector<DetailRow> m_rows;
    QString m_staleWhy; ///< empty: changes are announced
};

} // namespace parapet::pages
