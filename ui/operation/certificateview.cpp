// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operation/certificateview.h"

#include "ui/kit/button.h"
#include "ui/kit/parts.h"
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"

#include <QtCore/QDateTime>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QSaveFile>
#include <QtCore/QThreadPool>
#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QScrollArea>

namespace parapet::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 largestCertificate = 16 << 20;

Result<QByteArray> certificateBytes(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(Error::Code::NotFound, CertificateView::tr("The certificate cannot be read: %1").arg(file.errorString()));
    const QByteArray bytes = file.read(largestCertificate + 1);
    if (bytes.size() > largestCertificate)
        return fail(Error::Code::Invalid, CertificateView::tr("The file is too large to be a certificate."));
    return bytes;
}

Result<evidence::Report> checkCertificate(const QString &path, const QString &authorityPath)
{
    const Result<QByteArray> bytes = certificateBytes(path);
    if (!bytes)
        return fail(bytes.error());
    evidence::Trust trust;
    if (!authorityPath.isEmpty()) {
        const Result<QByteArray> pem = certificateBytes(authorityPath);
        Result<crypto::Certificate> authority = pem ? crypto::Certificate::fromPem(*pem) : Result<crypto::Certificate>(fail(pem.error()));
        if (authority)
            trust.authority = std::move(*authority);
    }
    return evidence::verify(*bytes, trust);
}

/// Reads and checks on a thread of the pool.
Reply<evidence::Report> checkBeside(const QString &path, const QString &authorityPath)
{
    auto promise = std::make_shared<QPromise<Result<evidence::Report>>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, path, authorityPath] {
        promise->addResult(checkCertificate(path, authorityPath));
        promise->finish();
    });
    return promise->future();
}

StateMark markOfFinding(evidence::Finding::State state)
{
    switch (state) {
    case evidence::Finding::State::Holds: return StateMark::Observed;
    case evidence::Finding::State::Fails: return StateMark::Survives;
    case evidence::Finding::State::NotChecked: break;
    }
    return StateMark::Requested;
}

} // namespace

CertificateView::CertificateView(const QString &path, const QString &authorityPath, QWidget *host)
    : Overlay(host), m_path(path), m_authorityPath(authorityPath), m_verdict(new kit::StatePill(panel())), m_sentence(new kit::RunLine(panel())),
      m_findings(new QWidget(panel())), m_rows(new QVBoxLayout(m_findings)),
      m_verify(new kit::Button(tr("Verify now"), kit::Icon::Certificate, kit::Button::Kind::Primary, panel())),
      m_export(new kit::Button(tr("Export…"), kit::Icon::Download, kit::Button::Kind::Normal, panel())),
      m_copy(new kit::Button(tr("Copy path"), kit::Icon::Copy, kit::Button::Kind::Normal, panel()))
{
    setName(tr("Certificate"));
    setPanelSize({860, 560});
    auto *column = new QVBoxLayout(panel());
    column->setContentsMargins(kit::space::l, kit::space::m, kit::space::l, kit::space::l);
    column->setSpacing(kit::space::s);
    auto *head = new QHBoxLayout;
    auto *close = new kit::Button(tr("Close"), panel());
    close->setKeyHint(u"Esc"_s);
    head->addWidget(new kit::PlainLabel(tr("Certificate"), kit::Type::DialogTitle, kit::Role::Text, panel()));
    head->addWidget(m_verdict);
    head->addStretch(1);
    head->addWidget(close);
    column->addLayout(head);
    column->addWidget(new kit::MonoLabel(Untrusted(path).inert(400), panel()));
    column->addWidget(m_sentence);
    column->addWidget(new kit::Hairline(Qt::Horizontal, panel()));
    m_rows->setContentsMargins(0, kit::space::s, 0, kit::space::s);
    m_rows->setSpacing(kit::space::xs);
    m_rows->addStretch();
    auto *scroll = new QScrollArea(panel());
    scroll->setWidget(m_findings);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setAccessibleName(tr("What the certificate states"));
    scroll->viewport()->setAutoFillBackground(false);
    m_findings->setAutoFillBackground(false);
    column->addWidget(scroll, 1);
    auto *foot = new QHBoxLayout;
    foot->setSpacing(kit::space::s);
    foot->addWidget(m_copy);
    foot->addWidget(m_export);
    foot->addStretch(1);
    foot->addWidget(m_verify);
    column->addLayout(foot);
    connect(close, &kit::Button::clicked, this, &Overlay::dismiss);
    connect(this, &Overlay::dismissed, this, &QObject::deleteLater);
    connect(m_verify, &kit::Button::clicked, this, &CertificateView::verifyNow);
    connect(m_copy, &kit::Button::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_path); });
    connect(m_export, &kit::Button::clicked, this, [this] {
        exportFile(m_path, this, [this](bool written, const QString &sentence) {
            m_sentence->setRuns({{sentence, kit::Type::Small, written ? kit::Role::Text2 : kit::Role::Critical, 0}});
        });
    });
    verifyNow();
}

void CertificateView::verifyNow()
{
    m_verify->setAvailable(false, tr("It is being checked."));
    m_verdict->setState(StateMark::Requested, tr("checking"));
    deliver(this, checkBeside(m_path, m_authorityPath), [this](const Result<evidence::Report> &report) { show(report); });
}

void CertificateView::show(const Result<evidence::Report> &report)
{
    m_verify->setAvailable(true);
    while (m_rows->count() > 1) {
        QLayoutItem *item = m_rows->takeAt(0);
        delete item->widget();
        delete item;
    }
    const bool holds = report && report->holds();
    m_verdict->setState(holds ? StateMark::Observed : StateMark::Survives, holds ? tr("holds") : tr("does not hold"));
    const QString when = kit::localTime(Clock::system().now());
    if (!report) {
        m_sentence->setRuns({{report.error().message, kit::Type::Small, kit::Role::Critical, 0}});
    } else {
        m_sentence->setRuns({{tr("Checked at %1, offline.").arg(when) + u' ', kit::Type::Small, kit::Role::Text2, 0},
                             {report->keySha256.isEmpty() ? tr("No signature verifies.") : tr("key "), kit::Type::Small, kit::Role::Text3, 0},
                             {report->keySha256.left(16), kit::Type::MonoSmall, kit::Role::Text2, 0}});
        for (const evidence::Finding &finding : report->findings)
            addFinding(markOfFinding(finding.state), finding.text, finding.why);
    }
    Q_EMIT verified(holds);
}

void CertificateView::addFinding(StateMark mark, const QString &text, const QStringList &why)
{
    auto *line = new kit::RunLine(m_findings);
    line->setMark(mark);
    line->setRuns({{text, kit::Type::Body, kit::Role::Text, 0}});
    m_rows->insertWidget(m_rows->count() - 1, line);
    for (const QString &reason : why) {
        auto *note = new kit::PlainLabel(reason, kit::Type::Small, mark == StateMark::Survives ? kit::Role::Critical : kit::Role::Text3, m_findings);
        note->setWordWrap(true);
        note->setContentsMargins(kit::space::xl, 0, 0, 0);
        m_rows->insertWidget(m_rows->count() - 1, note);
    }
}

void exportFile(const QString &path, QWidget *parent, std::function<void(bool, const QString &)> told)
{
    auto *dialog = new QFileDialog(parent, CertificateView::tr("Export"), {}, CertificateView::tr("JSON (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(QFileInfo(path).fileName());
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, [path, told = std::move(told)](const QString &chosen) {
        const Result<QByteArray> bytes = certificateBytes(path);
        if (!bytes)
            return told(false, bytes.error().message);
        QSaveFile file(chosen);
        const bool written = file.open(QIODevice::WriteOnly) && file.write(*bytes) == bytes->size() && file.commit();
        told(written, written ? CertificateView::tr("Written to %1").arg(Untrusted(chosen).inert(160))
                              : CertificateView::tr("The file cannot be written: %1").arg(file.errorString()));
    });
    dialog->open();
}

} // namespace parapet::ui
