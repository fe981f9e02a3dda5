// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/switchboard.h"
#include "ui/shell/page.h"

class QVBoxLayout;

namespace parapet::kit {
class Banner;
class PlainLabel;
}

namespace parapet::pages {

class ProfileForm;
class ProfileRow;

/// First run and profiles: the local plane in one click, saved connections, a new one.
class ConnectionsPage : public shell::Page
{
    Q_OBJECT

public:
    explicit ConnectionsPage(fleet::Switchboard &switchboard, QWidget *parent = nullptr);

    QWidget *firstFocus() override;
    QVector<shell::Command> commands() override;
    ProfileForm *form() const { return m_form; }

private:
    QWidget *makeLocal();
    void showLocal();
    void showProfiles();
    void followConnection();
    void showConnection();
    void save(const fleet::Profile &profile);
    void askToForget(const fleet::Profile &profile);

    fleet::Switchboard &m_switchboard;
    kit::Banner *m_banner;
    kit::StatePill *m_localState;
    kit::PlainLabel *m_localMessage;
    kit::Button *m_localButton;
    kit::PlainLabel *m_none;
    QVBoxLayout *m_list;
    QVector<ProfileRow *> m_rows;
    ProfileForm *m_form;
};

} // namespace parapet::pages
