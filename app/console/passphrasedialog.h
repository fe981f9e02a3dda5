// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/overlay.h"

class QCheckBox;
class QLineEdit;

namespace parapet::kit {
class Button;
class PlainLabel;
}

namespace parapet::console {

/// Asks for the passphrase of a key file, and whether the keychain may keep it. It stays until accept() or until the person
/// cancels: opening a key takes a moment, and a wrong passphrase is said in the same place. Deletes itself when it closes.
class PassphraseDialog : public kit::Overlay
{
    Q_OBJECT

public:
    /// Presents itself.
    PassphraseDialog(const QString &identityPath, QWidget *host);

    const QString &identityPath() const { return m_identityPath; }
    /// It was wrong, for this reason: the next one may be typed.
    void refuse(const QString &why);
    /// It was right.
    void accept();

Q_SIGNALS:
    /// The bytes are wiped when the signal returns: take a copy that nobody shares.
    void given(const QByteArray &passphrase, bool remember);
    /// Closed without the passphrase that opens the key.
    void cancelled();

private:
    void give();
    void setWaiting(bool waiting);

    const QString m_identityPath;
    QLineEdit *m_passphrase;
    QCheckBox *m_remember;
    kit::PlainLabel *m_problem;
    kit::Button *m_unlock;
    bool m_accepted = false;
};

} // namespace parapet::console
