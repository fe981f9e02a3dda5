// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/connections/witnesssheet.h"

#include "models/fleet/cosignatures.h"
#include "ui/kit/parts.h"
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QSpinBox>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using kit::Role;
using kit::Type;

WitnessSheet::WitnessSheet(QWidget *host, fleet::Switchboard &switchboard, const QString &name) : Overlay(host), m_switchboard(switchboard), m_name(name)
{
    const QString title = tr("Witnesses of %1").arg(Untrusted(name).inert(60));
    setName(title);
    setPanelSize({680, 560});
    auto *column = new QVBoxLayout(panel());
    column->setContentsMargins(kit::space::xl, kit::space::l, kit::space::xl, kit::space::l);
    column->setSpacing(kit::space::m);
    column->addWidget(new kit::PlainLabel(title, Type::DialogTitle, Role::Text, panel()));
    column->addWidget(makeKeys(), 1);
    column->addWidget(new kit::Hairline(Qt::Horizontal, panel()));
    column->addWidget(makeOwn());
    auto *foot = new QHBoxLayout;
    auto *close = new kit::Button(tr("Close"), panel());
    m_save = new kit::Button(tr("Save"), kit::Icon::Check, kit::Button::Kind::Primary, panel());
    foot->addStretch(1);
    foot->addWidget(close);
    foot->addWidget(m_save);
    column->addLayout(foot);
    const fleet::Profile profile = switchboard.profiles().find(name).value_or(fleet::Profile{});
    m_keys->setPlainText(profile.witnessKeys);
    m_least->setValue(profile.witnessLeast);
    m_hours->setValue(profile.witnessHours);
    connect(m_keys, &QPlainTextEdit::textChanged, this, &WitnessSheet::judge);
    connect(m_least, &QSpinBox::valueChanged, this, &WitnessSheet::judge);
    connect(m_hours, &QSpinBox::valueChanged, this, &WitnessSheet::judge);
    connect(m_save, &kit::Button::clicked, this, &WitnessSheet::save);
    connect(close, &kit::Button::clicked, this, &Overlay::dismiss);
    connect(this, &Overlay::dismissed, this, &QObject::deleteLater);
    connect(m_cosigning, &QCheckBox::clicked, this, &WitnessSheet::cosign);
    connect(&switchboard.profiles(), &fleet::ProfileStore::profilesChanged, this, &WitnessSheet::showOwn);
    if (fleet::Connection *connection = switchboard.connection())
        connect(connection, &fleet::Connection::stateChanged, this, &WitnessSheet::showOwn);
    judge();
    showOwn();
    present(m_keys);
}

QWidget *WitnessSheet::makeKeys()
{
    auto *part = new QWidget(panel());
    auto *lines = new QVBoxLayout(part);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(kit::space::s);
    auto *what = new kit::PlainLabel(tr("Cosignatures of these witnesses count as proof that others are given the same log. Verifier keys of cosignature/v1, one a line, "
                                        "as each witness's owner gives them to you."),
                                     Type::Small, Role::Text2, part);
    what->setWordWrap(true);
    m_keys = new QPlainTextEdit(part);
    m_keys->setAccessibleName(tr("Witness keys, one a line"));
    m_keys->setFont(kit::theme(this).font(Type::Mono));
    m_keys->setTabChangesFocus(true);
    m_keys->setWordWrapMode(QTextOption::WrapAnywhere);
    m_keys->setPlaceholderText(tr("witness.example+1f2c9a07+BA…"));
    m_problem = new kit::PlainLabel({}, Type::Small, Role::Text3, part);
    m_problem->setWordWrap(true);
    lines->addWidget(what);
    lines->addWidget(m_keys, 1);
    lines->addWidget(m_problem);
    auto *wanted = new QHBoxLayout;
    const auto label = [&](const QString &text) { wanted->addWidget(new kit::PlainLabel(text, Type::Small, Role::Text2, part)); };
    m_least = new QSpinBox(part);
    m_least->setRange(0, fleet::mostWitnesses);
    m_least->setSpecialValueText(tr("none"));
    m_least->setAccessibleName(tr("How many witnesses are wanted"));
    m_hours = new QSpinBox(part);
    m_hours->setRange(1, 8'760);
    m_hours->setAccessibleName(tr("Within how many hours"));
    label(tr("Wanted: at least"));
    wanted->addWidget(m_least);
    label(tr("of them within"));
    wanted->addWidget(m_hours);
    label(tr("hours of an event"));
    wanted->addStretch(1);
    lines->addLayout(wanted);
    return part;
}

QWidget *WitnessSheet::makeOwn()
{
    auto *part = new QWidget(panel());
    auto *lines = new QVBoxLayout(part);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(kit::space::s);
    m_cosigning = new QCheckBox(tr("Cosign what this console has verified"), part);
    auto *what = new kit::PlainLabel(tr("This console then is a witness: each checkpoint that it proved to continue all it had cosigned is cosigned with a key of its own "
                                        "and offered to the log. The key stays in this machine's keychain. To be taken, its verifier key must stand in the plane's "
                                        "file “witnesses”."),
                                     Type::Small, Role::Text2, part);
    what->setWordWrap(true);
    auto *row = new QHBoxLayout;
    m_own = new kit::MonoLabel(part);
    m_copy = new kit::Button(tr("Copy verifier key"), kit::Icon::Copy, kit::Button::Kind::Normal, part);
    row->addWidget(m_own, 1);
    row->addWidget(m_copy);
    m_ownState = new kit::PlainLabel({}, Type::Small, Role::Text2, part);
    m_ownState->setWordWrap(true);
    lines->addWidget(m_cosigning);
    lines->addWidget(what);
    lines->addLayout(row);
    lines->addWidget(m_ownState);
    connect(m_copy, &kit::Button::clicked, this, [this] { QGuiApplication::clipboard()->setText(ownKey()); });
    return part;
}

fleet::Profile WitnessSheet::edited() const
{
    // The profile of now: the switch, or another sheet, may have changed it.
    fleet::Profile profile = m_switchboard.profiles().find(m_name).value_or(fleet::Profile{});
    profile.witnessKeys = m_keys->toPlainText().trimmed();
    profile.witnessLeast = m_least->value();
    profile.witnessHours = m_hours->value();
    return profile;
}

void WitnessSheet::judge()
{
    const QString problem = fleet::problemOf(edited());
    const auto keys = fleet::parseWitnessKeys(m_keys->toPlainText());
    m_save->setAvailable(problem.isEmpty(), problem);
    m_problem->setRole(problem.isEmpty() ? Role::Text3 : Role::Critical);
    m_problem->setText(problem.isEmpty() ? tr("%n witness(es) will be pinned.", nullptr, keys ? int(keys->size()) : 0) : problem);
}

void WitnessSheet::save()
{
    if (const Status saved = m_switchboard.profiles().save(edited()); !saved) {
        m_problem->setRole(Role::Critical);
        m_problem->setText(saved.error().message);
        return;
    }
    dismiss();
}

void WitnessSheet::cosign(bool on)
{
    m_cosigning->setEnabled(false);
    m_ownState->setRole(Role::Text2);
    m_ownState->setText(tr("The keychain is being asked."));
    deliver(this, m_switchboard.setCosigning(m_name, on), [this](const Result<void> &done) {
        m_cosigning->setEnabled(true);
        showOwn();
        if (!done) {
            m_ownState->setRole(Role::Critical);
            m_ownState->setText(tr("Cosigning was not changed: %1").arg(done.error().message));
        }
    });
}

void WitnessSheet::showOwn()
{
    const fleet::Profile profile = m_switchboard.profiles().find(m_name).value_or(fleet::Profile{});
    m_cosigning->setChecked(profile.cosigns);
    m_own->setText(profile.ownWitness);
    m_own->setVisible(!profile.ownWitness.isEmpty());
    m_copy->setVisible(!profile.ownWitness.isEmpty());
    if (!m_cosigning->isEnabled())
        return;
    const fleet::Connection *connection = m_switchboard.connection();
    const bool open = connection && connection->profile().name == m_name;
    QString sentence = profile.cosigns ? (open ? connection->remark() : tr("It cosigns when the connection is open.")) : QString();
    m_ownState->setRole(Role::Text2);
    m_ownState->setText(sentence);
    m_ownState->setVisible(true);
}

QString WitnessSheet::problem() const
{
    return m_problem->fullText();
}

QString WitnessSheet::ownKey() const
{
    return m_own->fullText();
}

} // namespace parapet::pages
