// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/passphrasedialog.h"

#include "models/core/untrusted.h"
#include "models/crypto/random.h"
#include "ui/kit/button.h"
#include "ui/kit/text/label.h"

#include <QtGui/QAccessible>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QLineEdit>

namespace parapet::console {

PassphraseDialog::PassphraseDialog(const QString &identityPath, QWidget *host)
    : Overlay(host), m_identityPath(identityPath), m_passphrase(new QLineEdit(panel())),
      m_remember(new QCheckBox(tr("Keep it in the desktop's keychain"), panel())),
      m_problem(new kit::PlainLabel({}, kit::Type::Body, kit::Role::Critical, panel())),
      m_unlock(new kit::Button(tr("Unlock"), kit::Icon::Lock, kit::Button::Kind::Primary, panel()))
{
    setName(tr("Passphrase of your key"));
    setPanelSize({480, 240});
    auto *column = new QVBoxLayout(panel());
    column->setContentsMargins(kit::space::xl, kit::space::l, kit::space::xl, kit::space::l);
    column->setSpacing(kit::space::m);
    auto *path = new kit::MonoLabel(Untrusted(identityPath).inert(300), panel());
    m_passphrase->setEchoMode(QLineEdit::Password);
    m_passphrase->setAccessibleName(tr("Passphrase"));
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto *cancel = new kit::Button(tr("Cancel"), panel());
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_unlock);
    column->addWidget(new kit::PlainLabel(tr("Passphrase of your key"), kit::Type::DialogTitle, kit::Role::Text, panel()));
    column->addWidget(path);
    column->addWidget(m_passphrase);
    column->addWidget(m_problem);
    column->addWidget(m_remember);
    column->addLayout(buttons);
    connect(m_unlock, &kit::Button::clicked, this, &PassphraseDialog::give);
    connect(m_passphrase, &QLineEdit::returnPressed, this, &PassphraseDialog::give);
    connect(cancel, &kit::Button::clicked, this, &Overlay::dismiss);
    connect(this, &Overlay::dismissed, this, [this] {
        if (!m_accepted)
            Q_EMIT cancelled();
        deleteLater();
    });
    present(m_passphrase);
}

void PassphraseDialog::give()
{
    if (!m_unlock->isEnabled())
        return;
    QString typed = m_passphrase->text();
    QByteArray passphrase = typed.toUtf8();
    m_passphrase->setText({}); // not clear(), which could be undone
    typed.fill(u'\0');         // nobody shares it any more
    m_problem->hide();
    setWaiting(true);
    Q_EMIT given(passphrase, m_remember->isChecked());
    crypto::wipe(passphrase);
}

void PassphraseDialog::refuse(const QString &why)
{
    setWaiting(false);
    m_problem->setText(why);
    m_problem->show();
    m_passphrase->setAccessibleDescription(why);
    m_passphrase->setFocus(Qt::OtherFocusReason);
    QAccessibleEvent alert(m_passphrase, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void PassphraseDialog::accept()
{
    m_accepted = true;
    dismiss();
}

void PassphraseDialog::setWaiting(bool waiting)
{
    // The field keeps the focus, so that the next try can be typed at once.
    m_unlock->setAvailable(!waiting, tr("The key is being opened."));
    m_passphrase->setReadOnly(waiting);
}

} // namespace parapet::console
