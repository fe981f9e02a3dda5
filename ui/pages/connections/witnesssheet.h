// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/switchboard.h"
#include "ui/kit/overlay.h"

class QCheckBox;
class QPlainTextEdit;
class QSpinBox;

namespace parapet::kit {
class Button;
class PlainLabel;
}

namespace parapet::pages {

/// The witnesses of one connection's log: whose cosignatures count, how many are wanted and how soon, and whether this console is
/// one itself. Keys are judged as they are typed and kept with Save; the switch acts at once. Presents itself, and deletes itself
/// when it closes.
class WitnessSheet : public kit::Overlay
{
    Q_OBJECT

public:
    /// `name` of a saved profile. `switchboard` lives longer.
    WitnessSheet(QWidget *host, fleet::Switchboard &switchboard, const QString &name);

    QPlainTextEdit *keys() const { return m_keys; }
    QCheckBox *cosigning() const { return m_cosigning; }
    kit::Button *saveButton() const { return m_save; }
    QString problem() const;
    QString ownKey() const;

private:
    QWidget *makeKeys();
    QWidget *makeOwn();
    fleet::Profile edited() const;
    void judge();
    void save();
    void cosign(bool on);
    void showOwn();

    fleet::Switchboard &m_switchboard;
    QString m_name;
    QPlainTextEdit *m_keys = nullptr;
    QSpinBox *m_least = nullptr;
    QSpinBox *m_hours = nullptr;
    kit::PlainLabel *m_problem = nullptr;
    kit::Button *m_save = nullptr;
    QCheckBox *m_cosigning = nullptr;
    kit::PlainLabel *m_own = nullptr;
    kit::Button *m_copy = nullptr;
    kit::PlainLabel *m_ownState = nullptr;
};

} // namespace parapet::pages
