// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/overlay.h"

class QCheckBox;
class QLineEdit;

namespace parapet::console {

/// Asks for the passphrase of a key file, and whether the keychain may keep it.
class PassphraseDialog : public kit::Overlay
{
    Q_OBJECT

public:
    PassphraseDialog(const QString &identityPath, QWidget *host);

Q_SIGNALS:
    void given(const QByteArray &passphrase, bool remember);

private:
    void accept();
    QLineEdit *m_passphrase;
    QCheckBox *m_remember;
};

} // namespace parapet::console
