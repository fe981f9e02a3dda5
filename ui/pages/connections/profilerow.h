// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/connection.h"
#include "ui/kit/parts.h"

namespace parapet::pages {

/// One saved profile: name, addresses, pins, how it is doing, and what can be done with it.
class ProfileRow : public kit::Ground
{
    Q_OBJECT

public:
    ProfileRow(const fleet::Profile &profile, QWidget *parent);
    const fleet::Profile &profile() const { return m_profile; }
    /// `connection` is the open one, if it is this profile's; else null.
    void setConnection(const fleet::Connection *connection);

Q_SIGNALS:
    void openRequested();
    void closeRequested();
    void forgetRequested();
    void witnessesRequested();

private:
    fleet::Profile m_profile;
    bool m_open = false;
    kit::StatePill *m_state;
    kit::RunLine *m_summary;
    kit::Button *m_toggle;
};

} // namespace parapet::pages
