// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/overlay.h"
#include "ui/pages/audit/comparemodel.h"
#include "ui/pages/audit/period.h"
#include "ui/shell/consolecontext.h"

class QLineEdit;

namespace parapet::kit {
class PlainLabel;
class RunLine;
class StatePage;
class TableView;
}

namespace parapet::pages {

class PeriodBars;

/// Two periods of the log side by side: the events that match a filter, counted by the values of one field in A and in B, the
/// largest difference first. Both periods are asked for at the same time, and again when a person wants it: when the log has grown
/// within them it says so. Presents itself, and deletes itself when it closes; closing gives up what was asked.
class CompareSheet : public kit::Overlay
{
    Q_OBJECT

public:
    /// `filter` gives period A by its terms on time, or the last day; B is the one before it.
    CompareSheet(QWidget *host, shell::ConsoleContext &context, const QString &filter);
    ~CompareSheet() override;

    const Period &periodA() const { return m_a; }
    const Period &periodB() const { return m_b; }
    /// Counts by another field of events.
    void setField(const QString &field);
    CompareModel *model() const { return m_model; }
    kit::TableView *table() const { return m_table; }
    kit::StatePage *states() const { return m_states; }
    PeriodBars *bars() const { return m_bars; }
    QString summary() const;
    QLineEdit *edit(bool ofB, bool isEnd) const { return m_edits[(ofB ? 2 : 0) + (isEnd ? 1 : 0)]; }

Q_SIGNALS:
    /// The events behind a figure: the filter with the period, and the value.
    void rowsRequested(const QString &filter);

protected:
    /// Shift and Enter in the table: the events of B.
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Round;
    QWidget *makeHead();
    QWidget *makePeriods();
    QWidget *makeFoot();
    void showPeriods();
    void readPeriods(bool ofB);
    void ask();
    void giveUp();
    void answered(const std::shared_ptr<Round> &round);
    void showCounts(const Round &round);
    void showBars(const Round &round);
    void showAge();
    void hear(const QVector<ChangeEvent> &changes);
    void chooseField(const QPoint &at);
    void goToRows(bool ofB);
    void exportCsv();

    shell::ConsoleContext &m_context;
    QString m_filter; ///< without its terms on time
    QString m_field;
    Period m_a, m_b;
    bool m_bFollows = true; ///< B is the one before A until a person says otherwise
    bool m_grown = false;
    Instant m_asOf{};
    std::shared_ptr<Round> m_round;
    CompareModel *m_model;
    QLineEdit *m_edits[4] = {};
    kit::PlainLabel *m_spoken[2] = {};
    kit::PlainLabel *m_problem = nullptr;
    kit::Button *m_by = nullptr;
    kit::Button *m_follow = nullptr;
    kit::RunLine *m_totals = nullptr;
    kit::RunLine *m_age = nullptr;
    kit::Button *m_again = nullptr;
    PeriodBars *m_bars = nullptr;
    kit::TableView *m_table = nullptr;
    kit::StatePage *m_states = nullptr;
    kit::Button *m_rowsA = nullptr;
    kit::Button *m_rowsB = nullptr;
    kit::RunLine *m_told = nullptr;
};

} // namespace parapet::pages
