// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/profile.h"

#include <QtWidgets/QWidget>

class QCheckBox;
class QGridLayout;
class QLineEdit;
class QPlainTextEdit;

namespace parapet::kit {
class Button;
class PlainLabel;
}

namespace parapet::pages {

/// The form of a new profile. The authority's file is read here and its fingerprint shown in groups of four; the profile can be
/// saved only after the person has said that it was compared with what the plane's owner told.
class ProfileForm : public QWidget
{
    Q_OBJECT

public:
    explicit ProfileForm(QWidget *parent = nullptr);
    void clear();
    /// What saving met: shown beside the button.
    void showError(const QString &sentence);

Q_SIGNALS:
    void saveRequested(const parapet::fleet::Profile &profile);

private:
    QLineEdit *addLine(const QString &label, const QString &hint, bool file = false);
    void readAuthority();
    void check();
    fleet::Profile profile() const;

    QGridLayout *m_grid;
    QLineEdit *m_name;
    QLineEdit *m_control;
    QLineEdit *m_audit;
    QLineEdit *m_agent;
    QLineEdit *m_ca;
    QLineEdit *m_logKey;
    QLineEdit *m_identity;
    QLineEdit *m_prober;
    QPlainTextEdit *m_witnesses;
    kit::PlainLabel *m_fingerprint;
    QCheckBox *m_compared;
    kit::PlainLabel *m_problem;
    kit::Button *m_save;
    QString m_caSha256;
};

} // namespace parapet::pages
