// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/operation/plan.h"

#include <QtWidgets/QWidget>

class QCheckBox;
class QLineEdit;

namespace parapet::kit {
class PlainLabel;
}

namespace parapet::ui {

/// What a person says before a plan starts: the reason, and, only to go without evidence, a second one.
class StartForm : public QWidget
{
    Q_OBJECT

public:
    explicit StartForm(QWidget *parent = nullptr);
    void setPlan(const operation::Plan &plan);

    QString reason() const;
    QString evidenceOverride() const;
    QLineEdit *reasonEdit() const { return m_reason; }
    QCheckBox *skipEvidence() const { return m_skip; }
    QLineEdit *overrideEdit() const { return m_override; }
    /// Why it cannot start yet; empty when it can.
    QString problem() const;

Q_SIGNALS:
    void changed();
    void submitted();

private:
    QLineEdit *m_reason;
    QCheckBox *m_skip;
    QLineEdit *m_override;
    kit::PlainLabel *m_warnings;
    bool m_hasEvidence = false;
};

} // namespace parapet::ui
