// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/verify.h"
#include "models/items/roles.h"
#include "ui/kit/overlay.h"

namespace parapet::kit {
class Button;
class MonoLabel;
class PlainLabel;
class RunLine;
class StatePill;
}

class QVBoxLayout;

namespace parapet::ui {

/// A certificate as it lies on the disk, checked offline on another thread: each statement with what was found. Verify now reads and
/// checks the file again.
class CertificateView : public kit::Overlay
{
    Q_OBJECT

public:
    /// `authorityPath` is the PEM file of the system's authority, which the signer's certificate must chain to; empty: whose key it is
    /// stays unchecked, and the view says so.
    CertificateView(const QString &path, const QString &authorityPath, QWidget *host);

    kit::StatePill *verdict() const { return m_verdict; }
    kit::Button *verifyButton() const { return m_verify; }
    kit::Button *exportButton() const { return m_export; }
    kit::Button *copyButton() const { return m_copy; }

public Q_SLOTS:
    void verifyNow();

Q_SIGNALS:
    /// What was found, each time; a file that cannot be read, or is no certificate, has no report.
    void verified(bool holds);

private:
    void show(const Result<evidence::Report> &report);
    void addFinding(StateMark mark, const QString &text, const QStringList &why);

    QString m_path;
    QString m_authorityPath;
    kit::StatePill *m_verdict;
    kit::RunLine *m_sentence;
    QWidget *m_findings;
    QVBoxLayout *m_rows;
    kit::Button *m_verify;
    kit::Button *m_export;
    kit::Button *m_copy;
};

/// Asks where to, and copies the file there. `told` gets what became of it, in a sentence; it is not called when nothing was chosen.
void exportFile(const QString &path, QWidget *parent, std::function<void(bool written, const QString &sentence)> told);

} // namespace parapet::ui
