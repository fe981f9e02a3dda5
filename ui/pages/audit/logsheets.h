// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/loggaps.h"
#include "models/fleet/logfollower.h"
#include "ui/kit/overlay.h"

namespace parapet::pages {

/// What a verified log does not prove, a sentence each. Presents itself, and deletes itself when it closes.
class LimitsSheet : public kit::Overlay
{
    Q_OBJECT

public:
    explicit LimitsSheet(QWidget *host);
};

/// The gaps in the sources' own numbers; each leads to the events around it.
class GapsSheet : public kit::Overlay
{
    Q_OBJECT

public:
    GapsSheet(QWidget *host, const fleet::LogGaps &gaps);

Q_SIGNALS:
    void filterRequested(const QString &filter);
};

class WitnessList;

/// Who has seen the log: each witness with the latest checkpoint that it cosigned. Asked once.
class WitnessesSheet : public kit::Overlay
{
    Q_OBJECT

public:
    WitnessesSheet(QWidget *host, fleet::LogFollower &log, const Clock &clock);
    const WitnessList *list() const { return m_list; }

Q_SIGNALS:
    /// Where witnesses are pinned.
    void connectionsRequested();

private:
    WitnessList *m_list;
};

} // namespace parapet::pages
