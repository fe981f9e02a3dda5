// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operation/certificatebar.h"

#include "ui/kit/button.h"
#include "ui/kit/parts.h"
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"

#include <QtCore/QSaveFile>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QGridLayout>

namespace parapet::ui {

using namespace Qt::StringLiterals;

CertificateBar::CertificateBar(QWidget *parent)
    : QWidget(parent), m_pill(new kit::StatePill(this)), m_sentence(new kit::RunLine(this)), m_detail(new kit::RunLine(this)),
      m_export(new kit::Button(tr("Export draft"), kit::Icon::Download, kit::Button::Kind::Normal, this)),
      m_sign(new kit::Button(tr("Sign certificate"), kit::Icon::Certificate, kit::Button::Kind::Normal, this))
{
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(kit::space::l, kit::space::m, kit::space::l, kit::space::m);
    grid->setHorizontalSpacing(kit::space::s);
    grid->setVerticalSpacing(2);
    auto *icon = new kit::RunLine(this);
    icon->setGlyph(kit::Icon::Certificate, kit::Role::Text2);
    icon->setRuns({{tr("Certificate"), kit::Type::BodyStrong, kit::Role::Text, 0}});
    grid->addWidget(icon, 0, 0);
    grid->addWidget(m_pill, 0, 1);
    grid->addWidget(m_sentence, 0, 2);
    grid->addWidget(m_detail, 1, 0, 1, 3);
    grid->addWidget(m_export, 0, 3, 2, 1);
    grid->addWidget(m_sign, 0, 4, 2, 1);
    grid->setColumnStretch(2, 1);
    connect(m_sign, &kit::Button::clicked, this, &CertificateBar::signRequested);
    connect(m_export, &kit::Button::clicked, this, [this] {
        if (m_operation && m_operation->run().certificate) {
            exportAs(m_operation->id().value + u".certificate.json"_s, m_operation->run().certificate->envelope);
        } else if (m_operation && m_certifier) {
            const Result<QByteArray> draft = m_certifier->draft(m_operation->run());
            if (draft)
                exportAs(m_operation->id().value + u".draft.json"_s, *draft);
            else
                m_sentence->setRuns({{draft.error().message, kit::Type::Small, kit::Role::Critical, 0}});
        }
    });
}

void CertificateBar::show(const operation::Plan &plan, const operation::Operation *operation, const operation::Certifier *certifier)
{
    m_operation = operation;
    m_certifier = certifier;
    setVisible(plan.certified);
    if (!plan.certified)
        return;
    const QString key = certifier ? certifier->keyName() : QString();
    const auto say = [this](const QString &sentence, kit::Role role = kit::Role::Text2) {
        m_sentence->setRuns({{sentence, kit::Type::Small, role, 0}});
    };
    const operation::Run *run = operation ? &operation->run() : nullptr;
    const bool issued = run && run->certificate;
    m_export->setText(issued ? tr("Export") : tr("Export draft"));
    m_export->setAvailable(issued || (run && certifier), tr("There is nothing to export before the start."));
    m_sign->setVisible(!issued);
    const operation::Summary summary = operation ? operation->summary() : operation::Summary();
    // It was to be signed and was not: everything holds, and a person may try again.
    const bool signable = run && !run->certificateRefused.isEmpty();
    if (issued) {
        m_pill->setState(StateMark::Observed, tr("issued"));
        say(tr("All %Ln statement(s) hold. Signed %1.", nullptr, summary.probes).arg(kit::localDateTime(run->certificate->issued)));
        m_detail->setRuns({{tr("DSSE, SHA-256 "), kit::Type::Small, kit::Role::Text3, 0},
                           {run->certificate->sha256.left(16) + u"…"_s, kit::Type::MonoSmall, kit::Role::Text2, 0},
                           {u"  "_s + tr("key "), kit::Type::Small, kit::Role::Text3, 0},
                           {run->certificate->keyName, kit::Type::MonoSmall, kit::Role::Text2, 0}});
        m_detail->setToolTip(run->certificate->sha256 + u'\n' + run->certificate->path);
        return;
    }
    m_pill->setState(StateMark::Requested, tr("not issued"));
    if (run && !run->certificateRefused.isEmpty())
        say(run->certificateRefused, kit::Role::Critical);
    else if (!run)
        say(tr("It will be signed when all %Ln probe(s) hold.", nullptr, int(plan.probes.size())));
    else
        say(tr("%1 of %Ln statement(s) hold; signed when all do.", nullptr, summary.probes).arg(summary.hold));
    m_detail->setRuns({{tr("Canonical JSON, in-toto statement in DSSE  "), kit::Type::Small, kit::Role::Text3, 0},
                       {key.isEmpty() ? tr("there is no key here to sign with") : tr("key "), kit::Type::Small, key.isEmpty() ? kit::Role::Medium : kit::Role::Text3, 0},
                       {key, kit::Type::MonoSmall, kit::Role::Text2, 0}});
    m_sign->setAvailable(signable && !key.isEmpty(), key.isEmpty() ? tr("There is no key here to sign with.") : tr("It is signed when every probe holds."));
}

void CertificateBar::exportAs(const QString &suggested, const QByteArray &content)
{
    m_content = content;
    auto *dialog = new QFileDialog(this, tr("Export"), {}, tr("JSON (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(suggested);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        QSaveFile file(path);
        const bool written = file.open(QIODevice::WriteOnly) && file.write(m_content) == m_content.size() && file.commit();
        m_sentence->setRuns({{written ? tr("Written to %1").arg(Untrusted(path).inert(160)) : tr("The file cannot be written: %1").arg(file.errorString()),
                              kit::Type::Small, written ? kit::Role::Text2 : kit::Role::Critical, 0}});
    });
    dialog->open();
}

} // namespace parapet::ui
