// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/passphrasedialog.h"

#include "models/core/untrusted.h"
#include "ui/kit/button.h"
#include "ui/kit/text/label.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QLineEdit>

namespace parapet::console {

PassphraseDialog::PassphraseDialog(const QString &identityPath, QWidget *host)
    : Overlay(host), m_passphrase(new QLineEdit(panel())), m_remember(new QCheckBox(tr("Keep it in the desktop's keychain"), panel()))
{
    setName(tr("Passphrase of your key"));
    setPanelSize({480, 208});
    auto *column = new QVBoxLayout(panel());
    column->setContentsMargins(kit::space::xl, kit::space::l, kit::space::xl, kit::space::l);
    column->setSpacing(kit::space::m);
    auto *path = new kit::MonoLabel(Untrusted(identityPath).inert(300), panel());
    m_passphrase->setEchoMode(QLineEdit::Password);
    m_passphrase->setAccessibleName(tr("Passphrase"));
    auto *unlock = new kit::Button(tr("Unlock"), kit::Icon::Lock, kit::Button::Kind::Primary, panel());
    auto *cancel = new kit::Button(tr("Cancel"), panel());
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(unlock);
    column->addWidget(new kit::PlainLabel(tr("Passphrase of your key"), kit::Type::DialogTitle, kit::Role::Text, panel()));
    column->addWidget(path);
    column->addWidget(m_passphrase);
    column->addWidget(m_remember);
    column->addLayout(buttons);
    connect(unlock, &kit::Button::clicked, this, &PassphraseDialog::accept);
    connect(m_passphrase, &QLineEdit::returnPressed, this, &PassphraseDialog::accept);
    connect(cancel, &kit::Button::clicked, this, &Overlay::dismiss);
    connect(this, &Overlay::dismissed, this, &QObject::deleteLater);
    present(m_passphrase);
}

void PassphraseDialog::accept()
{
    const QByteArray passphrase = m_passphrase->text().toUtf8();
    m_passphrase->clear();
    Q_EMIT given(passphrase, m_remember->isChecked());
    dismiss();
}

} // namespace parapet::console
