// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/operation/operation.h"
#include "models/operation/certifier.h"

#include <QtCore/QPointer>
#include <QtWidgets/QWidget>

namespace parapet::kit {
class Button;
class PlainLabel;
class RunLine;
class StatePill;
}

namespace parapet::ui {

/// The foot of the proof: whether the certificate is issued, what is missing, who signed; export of it or of its draft.
class CertificateBar : public QWidget
{
    Q_OBJECT

public:
    explicit CertificateBar(QWidget *parent = nullptr);
    /// `certifier` may be null: there is no key here. `operation` is null before the start.
    void show(const operation::Plan &plan, const operation::Operation *operation, const operation::Certifier *certifier);

Q_SIGNALS:
    void signRequested();

private:
    void exportAs(const QString &suggested, const QByteArray &content);

    kit::StatePill *m_pill;
    kit::RunLine *m_sentence;
    kit::RunLine *m_detail;
    kit::Button *m_export;
    kit::Button *m_sign;
    QByteArray m_content;
    QString m_fileName;
    const operation::Certifier *m_certifier = nullptr;
    QPointer<const operation::Operation> m_operation; ///< the runner forgets old runs
};

} // namespace parapet::ui
