// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operation/startform.h"

#include "ui/kit/text/label.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QLineEdit>

namespace parapet::ui {

StartForm::StartForm(QWidget *parent)
    : QWidget(parent), m_reason(new QLineEdit(this)), m_skip(new QCheckBox(tr("Go without evidence: nothing of the workspace is kept"), this)),
      m_override(new QLineEdit(this)), m_warnings(new kit::PlainLabel({}, kit::Type::Small, kit::Role::Medium, this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kit::space::s);
    m_reason->setPlaceholderText(tr("Reason, for the audit log: INC-0147, credential misuse"));
    m_reason->setAccessibleName(tr("Reason"));
    m_reason->setMaxLength(int(operation::MaximumReason));
    m_override->setPlaceholderText(tr("Why no evidence may be kept: logged, and part of the certificate"));
    m_override->setAccessibleName(tr("Reason to skip evidence"));
    m_override->setMaxLength(int(operation::MaximumReason));
    m_warnings->setWordWrap(true);
    column->addWidget(m_reason);
    column->addWidget(m_skip);
    column->addWidget(m_override);
    column->addWidget(m_warnings);
    m_override->hide();
    connect(m_skip, &QCheckBox::toggled, this, [this](bool on) {
        m_override->setVisible(on);
        if (on)
            m_override->setFocus();
        Q_EMIT changed();
    });
    connect(m_reason, &QLineEdit::textChanged, this, &StartForm::changed);
    connect(m_override, &QLineEdit::textChanged, this, &StartForm::changed);
    connect(m_reason, &QLineEdit::returnPressed, this, &StartForm::submitted);
    connect(m_override, &QLineEdit::returnPressed, this, &StartForm::submitted);
}

void StartForm::setPlan(const operation::Plan &plan)
{
    m_hasEvidence = std::any_of(plan.steps.begin(), plan.steps.end(), [](const operation::Step &step) { return step.evidence; });
    const bool destroys = std::any_of(plan.steps.begin(), plan.steps.end(), [](const operation::Step &step) { return step.destructive; });
    m_skip->setVisible(m_hasEvidence && destroys);
    m_skip->setChecked(destroys && !m_hasEvidence);
    m_override->setVisible(destroys && !m_hasEvidence);
    m_reason->setText(plan.reason);
    m_warnings->setText(plan.warnings.join(u'\n'));
    m_warnings->setVisible(!plan.warnings.isEmpty());
}

QString StartForm::reason() const
{
    return m_reason->text().trimmed();
}

QString StartForm::evidenceOverride() const
{
    return m_skip->isChecked() ? m_override->text().trimmed() : QString();
}

QString StartForm::problem() const
{
    if (reason().isEmpty())
        return tr("Type the reason first: it goes into the audit log.");
    if (m_skip->isChecked() && m_override->text().trimmed().size() < operation::MinimumOverride)
        return tr("Type why no evidence may be kept, in at least %1 characters.").arg(operation::MinimumOverride);
    return {};
}

} // namespace parapet::ui
