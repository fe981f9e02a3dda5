// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/connections/profileform.h"

#include "models/crypto/certificate.h"
#include "models/fleet/fingerprinttext.h"
#include "ui/kit/button.h"
#include "ui/kit/keepscaled.h"
#include "ui/kit/text/label.h"

#include <QtCore/QFile>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPlainTextEdit>

namespace parapet::pages {

using namespace Qt::StringLiterals;

namespace {
constexpr qint64 largestAuthority = 64 * 1024;
constexpr int formLabelWidth = 132;
constexpr int witnessLines = 2;
}

ProfileForm::ProfileForm(QWidget *parent) : QWidget(parent), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(kit::space::m);
    m_grid->setVerticalSpacing(kit::space::s);
    kit::keepScaled(this, [this](const kit::Theme &look) { m_grid->setColumnMinimumWidth(0, look.scaled(formLabelWidth)); });
    m_grid->setColumnStretch(1, 1);
    m_name = addLine(tr("Name"), tr("prod-eu"));
    m_control = addLine(tr("Control plane"), tr("https://plane.example.org:8443"));
    m_audit = addLine(tr("Audit store"), tr("https://log.example.org:8444"));
    m_agent = addLine(tr("Runtime agents"), tr("https://agents.example.org:8445"));
    m_ca = addLine(tr("Authority (CA)"), tr("PEM file of the one certificate authority"), true);
    m_logKey = addLine(tr("Log key"), tr("verifier key, name+hash+base64"));
    m_identity = addLine(tr("Your identity"), tr("PEM file, certificate and key"), true);
    m_prober = addLine(tr("Prober's identity"), tr("PEM file of the identity that tries what must no longer work"), true);

    m_witnesses = new QPlainTextEdit(this);
    m_witnesses->setAccessibleName(tr("Witnesses"));
    m_witnesses->setPlaceholderText(tr("verifier keys of the log's witnesses, one a line; may stay empty"));
    m_witnesses->setTabChangesFocus(true);
    m_witnesses->setFixedHeight(kit::theme(this).lineHeight(kit::Type::Body) * witnessLines + 14);
    m_grid->addWidget(new kit::PlainLabel(tr("Witnesses"), kit::Type::Small, kit::Role::Text2, this), m_grid->rowCount(), 0, Qt::AlignTop);
    m_grid->addWidget(m_witnesses, m_grid->rowCount() - 1, 1, 1, 2);
    connect(m_witnesses, &QPlainTextEdit::textChanged, this, &ProfileForm::check);

    const int row = m_grid->rowCount();
    m_grid->addWidget(new kit::PlainLabel(tr("Fingerprint"), kit::Type::Small, kit::Role::Text2, this), row, 0, Qt::AlignTop);
    m_fingerprint = new kit::PlainLabel(tr("Choose the authority's file to see it."), kit::Type::Mono, kit::Role::Text3, this);
    m_fingerprint->setSelectable(true);
    m_grid->addWidget(m_fingerprint, row, 1, 1, 2);
    m_compared = new QCheckBox(tr("I compared it with what the plane's owner told me by another way"), this);
    m_grid->addWidget(m_compared, row + 1, 1, 1, 2);
    m_problem = new kit::PlainLabel({}, kit::Type::Small, kit::Role::Text3, this);
    m_problem->setWordWrap(true);
    m_save = new kit::Button(tr("Save and connect"), kit::Icon::Check, kit::Button::Kind::Primary, this);
    m_grid->addWidget(m_problem, row + 2, 1);
    m_grid->addWidget(m_save, row + 2, 2);

    connect(m_ca, &QLineEdit::textChanged, this, &ProfileForm::readAuthority);
    connect(m_compared, &QCheckBox::toggled, this, &ProfileForm::check);
    connect(m_save, &kit::Button::clicked, this, [this] { Q_EMIT saveRequested(profile()); });
    setFocusProxy(m_name);
    check();
}

QLineEdit *ProfileForm::addLine(const QString &label, const QString &hint, bool file)
{
    const int row = m_grid->rowCount();
    auto *edit = new QLineEdit(this);
    edit->setPlaceholderText(hint);
    edit->setAccessibleName(label);
    edit->setMaxLength(2048);
    m_grid->addWidget(new kit::PlainLabel(label, kit::Type::Small, kit::Role::Text2, this), row, 0);
    m_grid->addWidget(edit, row, 1, 1, file ? 1 : 2);
    connect(edit, &QLineEdit::textChanged, this, &ProfileForm::check);
    if (file) {
        auto *choose = new kit::Button(tr("Choose…"), this);
        choose->setAccessibleName(tr("Choose the file: %1").arg(label));
        m_grid->addWidget(choose, row, 2);
        connect(choose, &kit::Button::clicked, this, [this, edit, label] {
            auto *dialog = new QFileDialog(this, label, {}, tr("PEM files (*.pem *.crt);;All files (*)"));
            dialog->setAttribute(Qt::WA_DeleteOnClose);
            dialog->setFileMode(QFileDialog::ExistingFile);
            connect(dialog, &QFileDialog::fileSelected, edit, &QLineEdit::setText);
            dialog->open();
        });
    }
    return edit;
}

void ProfileForm::clear()
{
    for (QLineEdit *edit : {m_name, m_control, m_audit, m_agent, m_ca, m_logKey, m_identity, m_prober})
        edit->clear();
    m_witnesses->clear();
    m_compared->setChecked(false);
    check();
}

void ProfileForm::showError(const QString &sentence)
{
    m_problem->setRole(kit::Role::Critical);
    m_problem->setText(sentence);
}

void ProfileForm::readAuthority()
{
    m_caSha256.clear();
    m_compared->setChecked(false);
    QString shown = tr("Choose the authority's file to see it.");
    QFile file(m_ca->text());
    if (!m_ca->text().isEmpty() && file.open(QIODevice::ReadOnly)) {
        const Result<crypto::Certificate> authority = crypto::Certificate::fromPem(file.read(largestAuthority));
        if (authority && authority->isAuthority()) {
            m_caSha256 = authority->fingerprint();
            shown = fleet::FingerprintText(m_caSha256).text();
        } else {
            shown = tr("This file holds no certificate authority.");
        }
    } else if (!m_ca->text().isEmpty()) {
        shown = tr("This file cannot be read.");
    }
    m_fingerprint->setRole(m_caSha256.isEmpty() ? kit::Role::Text3 : kit::Role::Text);
    m_fingerprint->setText(shown);
    if (!m_caSha256.isEmpty())
        m_fingerprint->setAccessibleName(fleet::FingerprintText(m_caSha256).spoken());
    check();
}

fleet::Profile ProfileForm::profile() const
{
    fleet::Profile profile;
    profile.name = m_name->text().trimmed();
    profile.control = QUrl(m_control->text().trimmed(), QUrl::StrictMode);
    profile.audit = QUrl(m_audit->text().trimmed(), QUrl::StrictMode);
    profile.agent = QUrl(m_agent->text().trimmed(), QUrl::StrictMode);
    profile.caPath = m_ca->text().trimmed();
    profile.caSha256 = m_caSha256;
    profile.logKey = m_logKey->text().trimmed();
    profile.identityPath = m_identity->text().trimmed();
    profile.proberIdentityPath = m_prober->text().trimmed();
    profile.witnessKeys = m_witnesses->toPlainText().trimmed();
    return profile;
}

void ProfileForm::check()
{
    QString problem = fleet::problemOf(profile());
    if (problem.isEmpty() && !m_compared->isChecked())
        problem = tr("Compare the fingerprint, and say that you did.");
    m_compared->setEnabled(!m_caSha256.isEmpty());
    m_save->setAvailable(problem.isEmpty(), problem);
    m_problem->setRole(kit::Role::Text3);
    m_problem->setText(problem);
}

} // namespace parapet::pages
