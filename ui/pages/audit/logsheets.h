// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/loggaps.h"
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

} // namespace parapet::pages
