// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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
    void setEvents(const QVector<AuditEvent> &events, qint64 total);
    /// The part's last answer failed; its lines stay, marked as old.
    void setFailed(Part part, const QString &sentence);
    /// What is shown stays, each part with since when it is old.
    void setAllFailed(const QString &sentence);

private:
    struct Section {
        QVector<DetailRow> rows;
        QString figure;
        QString failure;
        Instant at{};
        bool known = false;
    };
    void put(Part part, QVector<DetailRow> rows, const QString &figure);
    void rebuild();

    const Clock &m_clock;
    std::array<Section, PartCount> m_sections;
    std::vector<DetailRow> m_rows;
};

} // namespace parapet::pages
