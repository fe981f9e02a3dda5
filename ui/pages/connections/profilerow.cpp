// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/connections/profilerow.h"

#include "models/fleet/fingerprinttext.h"
#include "ui/kit/text/label.h"
#include "ui/shell/healthmark.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QGridLayout>

namespace parapet::pages {

using namespace Qt::StringLiterals;

ProfileRow::ProfileRow(const fleet::Profile &profile, QWidget *parent)
    : Ground(kit::Role::Surface, parent, Qt::BottomEdge), m_profile(profile), m_state(new kit::StatePill(this)), m_summary(new kit::RunLine(this)),
      m_toggle(new kit::Button(tr("Open"), this))
{
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(kit::space::page, kit::space::m, kit::space::page, kit::space::m);
    grid->setHorizontalSpacing(kit::space::m);
    grid->setVerticalSpacing(kit::space::xs);
    const QString name = Untrusted(profile.name).inert(80);
    auto *title = new kit::PlainLabel(name, kit::Type::BodyStrong, kit::Role::Text, this);
    auto *forget = new kit::Button(tr("Forget…"), kit::Icon::Close, kit::Button::Kind::Ghost, this);
    forget->setAccessibleName(tr("Forget %1").arg(name));
    grid->addWidget(title, 0, 0);
    grid->addWidget(m_state, 0, 1);
    grid->addWidget(m_summary, 0, 2);
    auto *witnesses = new kit::Button(tr("Witnesses…"), kit::Icon::People, kit::Button::Kind::Ghost, this);
    witnesses->setAvailable(!profile.logKey.isEmpty(), tr("No key of this system's log is pinned: there is nothing to witness."));
    witnesses->setAccessibleName(tr("Witnesses of %1").arg(name));
    grid->addWidget(witnesses, 0, 3);
    grid->addWidget(forget, 0, 4);
    grid->addWidget(m_toggle, 0, 5);
    grid->setColumnStretch(2, 1);
    auto *address = new kit::PlainLabel(profile.control.toString(QUrl::RemoveUserInfo), kit::Type::Mono, kit::Role::Text3, this);
    address->setElide(Qt::ElideMiddle);
    auto *pin = new kit::PlainLabel(tr("authority %1").arg(fleet::FingerprintText(profile.caSha256).groups().mid(0, 4).join(u' ')) + u" …"_s,
                                    kit::Type::MonoSmall, kit::Role::Text3, this);
    pin->setToolTip(fleet::FingerprintText(profile.caSha256).text());
    grid->addWidget(address, 1, 0, 1, 3);
    grid->addWidget(pin, 1, 3, 1, 3, Qt::AlignRight);
    connect(m_toggle, &kit::Button::clicked, this, [this] {
        if (m_open)
            Q_EMIT closeRequested();
        else
            Q_EMIT openRequested();
    });
    connect(witnesses, &kit::Button::clicked, this, &ProfileRow::witnessesRequested);
    connect(forget, &kit::Button::clicked, this, &ProfileRow::forgetRequested);
    setConnection(nullptr);
}

void ProfileRow::setConnection(const fleet::Connection *connection)
{
    m_open = connection != nullptr;
    const fleet::HealthState state = connection ? connection->state() : fleet::HealthState::Closed;
    m_state->setState(shell::markOf(state), fleet::titleOf(state));
    m_summary->setRuns({{connection ? connection->summary() : QString(), kit::Type::Small, kit::Role::Text3, 0}});
    m_toggle->setText(m_open ? tr("Disconnect") : tr("Open"));
    m_toggle->setAccessibleName(m_toggle->text() + u' ' + Untrusted(m_profile.name).inert(80));
}

} // namespace parapet::pages
