// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/logfollower.h"
#include "models/fleet/loggaps.h"
#include "ui/kit/parts.h"

namespace parapet::pages {

/// How the log stands, above the table: verified, with what; old, with since when; refused, in red over three lines, with where
/// the evidence is. Announced to assistive technology when the state changes.
class LogBanner : public QWidget
{
    Q_OBJECT

public:
    explicit LogBanner(QWidget *parent = nullptr);

    /// `follower` may be null: this console follows no log.
    void showLog(const fleet::LogFollower *follower, const fleet::LogGaps &gaps);
    /// All that is said, for tests and screen readers.
    QString text() const;
    bool isAlarm() const { return m_look == Look::Refused; }

Q_SIGNALS:
    void gapsRequested();
    void limitsRequested();
    void witnessesRequested();
    void bundleRequested();
    void acknowledged();
    void refreshRequested();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    enum class Look { Quiet, Verified, Stale, Refused };
    void showGood(const fleet::LogFollower &follower);
    void showConflict(const fleet::LogFollower &follower);
    void showReason(const fleet::LogFollower *follower);
    void showGaps(const fleet::LogGaps &gaps);
    void enter(Look look);

    Look m_look = Look::Quiet;
    kit::RunLine *m_title;
    kit::RunLine *m_what;
    kit::RunLine *m_where;
    kit::LinkButton *m_gaps;
    kit::LinkButton *m_witnesses;
    kit::LinkButton *m_limits;
    kit::Button *m_copy;
    kit::Button *m_retry;
    kit::Button *m_acknowledge;
};

} // namespace parapet::pages
