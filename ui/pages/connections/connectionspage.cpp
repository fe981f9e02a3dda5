// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/connections/connectionspage.h"

#include "ui/kit/keepscaled.h"
#include "ui/kit/overlay.h"
#include "ui/kit/parts.h"
#include "ui/kit/text/label.h"
#include "ui/pages/connections/profileform.h"
#include "ui/pages/connections/profilerow.h"
#include "ui/pages/connections/witnesssheet.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QScrollArea>

namespace parapet::pages {

using namespace Qt::StringLiterals;

namespace {

constexpr int formWidth = 760;

QWidget *section(const QString &title, const QString &note, QWidget *parent)
{
    auto *header = new kit::SectionHeader(title, parent);
    header->setNote(note);
    return header;
}

} // namespace

ConnectionsPage::ConnectionsPage(fleet::Switchboard &switchboard, QWidget *parent) : Page(tr("Connections"), parent), m_switchboard(switchboard)
{
    m_banner = new kit::Banner(this);
    m_banner->hide();
    insertAboveContent(m_banner);
    auto *content = new kit::Ground(kit::Role::Surface, this);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(section(tr("Local plane"), tr("a complete small plane on this machine: to try, to drill, to test"), content));
    column->addWidget(makeLocal());
    column->addWidget(new kit::Hairline(Qt::Horizontal, content));
    column->addWidget(section(tr("Saved connections"), tr("each with its own authority, pinned"), content));
    m_none = new kit::PlainLabel(tr("None yet. Start the local plane, or add a connection below."), kit::Type::Body, kit::Role::Text3, content);
    m_none->setContentsMargins(kit::space::page, kit::space::s, kit::space::page, kit::space::m);
    column->addWidget(m_none);
    m_list = new QVBoxLayout;
    m_list->setSpacing(0);
    column->addLayout(m_list);
    column->addWidget(new kit::Hairline(Qt::Horizontal, content));
    column->addWidget(section(tr("Add a connection"), tr("nothing is saved before you confirmed the fingerprint"), content));
    auto *formFrame = new QWidget(content);
    auto *formRow = new QHBoxLayout(formFrame);
    formRow->setContentsMargins(kit::space::page, kit::space::s, kit::space::page, kit::space::l);
    m_form = new ProfileForm(formFrame);
    kit::keepScaled(m_form, [form = m_form](const kit::Theme &look) { form->setMaximumWidth(look.scaled(formWidth)); });
    formRow->addWidget(m_form, 1);
    formRow->addStretch();
    column->addWidget(formFrame);
    column->addStretch();
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setAccessibleName(tr("Connections"));
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    setContent(scroll);

    connect(m_form, &ProfileForm::saveRequested, this, &ConnectionsPage::save);
    connect(&switchboard.profiles(), &fleet::ProfileStore::profilesChanged, this, &ConnectionsPage::showProfiles);
    connect(&switchboard, &fleet::Switchboard::connectionChanged, this, &ConnectionsPage::followConnection);
    connect(&switchboard, &fleet::Switchboard::localFailed, this, &ConnectionsPage::showLocal);
    if (fleet::LocalPlane *local = switchboard.local()) {
        connect(local, &fleet::LocalPlane::stateChanged, this, &ConnectionsPage::showLocal);
        connect(local, &fleet::LocalPlane::progressed, this, &ConnectionsPage::showLocal);
    }
    showLocal();
    showProfiles();
    followConnection();
}

QWidget *ConnectionsPage::makeLocal()
{
    auto *frame = new QWidget(this);
    auto *row = new QHBoxLayout(frame);
    row->setContentsMargins(kit::space::page, kit::space::s, kit::space::page, kit::space::l);
    row->setSpacing(kit::space::m);
    m_localState = new kit::StatePill(frame);
    m_localMessage = new kit::PlainLabel({}, kit::Type::Body, kit::Role::Text2, frame);
    m_localMessage->setWordWrap(true);
    m_localButton = new kit::Button(tr("Start the local plane"), kit::Icon::Play, kit::Button::Kind::Primary, frame);
    row->addWidget(m_localButton);
    row->addWidget(m_localState);
    row->addWidget(m_localMessage, 1);
    connect(m_localButton, &kit::Button::clicked, this, [this] {
        const fleet::LocalPlane *local = m_switchboard.local();
        if (local && local->state() == fleet::LocalPlane::State::Running)
            m_switchboard.stopLocal();
        else
            m_switchboard.openLocal();
    });
    return frame;
}

void ConnectionsPage::showLocal()
{
    const fleet::LocalPlane *local = m_switchboard.local();
    if (!local) {
        m_localState->setState(StateMark::Stopped, tr("Absent"));
        m_localMessage->setText(tr("parapet-plane is not installed beside this program."));
        m_localButton->setAvailable(false, tr("parapet-plane is not installed beside this program."));
        return;
    }
    using State = fleet::LocalPlane::State;
    const State state = local->state();
    const bool running = state == State::Running;
    m_localButton->setText(running ? tr("Stop the local plane") : tr("Start the local plane"));
    m_localButton->setGlyph(running ? kit::Icon::Stop : kit::Icon::Play);
    m_localButton->setKind(running ? kit::Button::Kind::Normal : kit::Button::Kind::Primary);
    m_localButton->setAvailable(state != State::Starting && state != State::Stopping, tr("It is under way."));
    switch (state) {
    case State::Running: m_localState->setState(StateMark::Observed, tr("Running")); break;
    case State::Starting: m_localState->setState(StateMark::Starting, tr("Starting")); break;
    case State::Stopping: m_localState->setState(StateMark::Requested, tr("Stopping")); break;
    case State::Failed: m_localState->setState(StateMark::Survives, tr("Failed")); break;
    case State::Stopped: m_localState->setState(StateMark::Stopped, tr("Stopped")); break;
    }
    m_localMessage->setText(local->message());
}

void ConnectionsPage::showProfiles()
{
    // A click on a row may have changed the profiles: the row goes when its click is over.
    for (ProfileRow *row : std::as_const(m_rows)) {
        row->hide();
        row->deleteLater();
    }
    m_rows.clear();
    for (const fleet::Profile &profile : m_switchboard.profiles().profiles()) {
        auto *row = new ProfileRow(profile, this);
        connect(row, &ProfileRow::openRequested, this, [this, profile] {
            if (profile.isLocal())
                m_switchboard.openLocal();
            else
                m_switchboard.open(profile);
        });
        connect(row, &ProfileRow::closeRequested, &m_switchboard, &fleet::Switchboard::close);
        connect(row, &ProfileRow::witnessesRequested, this, [this, name = profile.name] { new WitnessSheet(this, m_switchboard, name); });
        connect(row, &ProfileRow::forgetRequested, this, [this, profile] { askToForget(profile); });
        m_list->addWidget(row);
        m_rows << row;
    }
    m_none->setVisible(m_rows.isEmpty());
    showConnection();
}

void ConnectionsPage::followConnection()
{
    if (fleet::Connection *connection = m_switchboard.connection())
        connect(connection, &fleet::Connection::stateChanged, this, &ConnectionsPage::showConnection);
    showConnection();
}

void ConnectionsPage::showConnection()
{
    const fleet::Connection *connection = m_switchboard.connection();
    for (ProfileRow *row : std::as_const(m_rows))
        row->setConnection(connection && connection->profile().name == row->profile().name ? connection : nullptr);
    const bool stopped = connection && connection->stopReason();
    if (stopped) {
        m_banner->setMessage(kit::Banner::Kind::Critical, {{connection->stopReason()->message, kit::Type::Body, kit::Role::Text, 0}});
        m_banner->clearActions();
        m_banner->addAction(tr("Try again"), [this] {
            if (const fleet::Connection *now = m_switchboard.connection())
                m_switchboard.open(fleet::Profile(now->profile()));
        });
    }
    m_banner->setVisible(stopped);
    const QString name = connection ? Untrusted(connection->profile().name).inert(60) : QString();
    setFigures({{connection ? tr("%1 is open").arg(name) : tr("none is open"), kit::Type::Body, kit::Role::Text3, 0}});
}

void ConnectionsPage::save(const fleet::Profile &profile)
{
    if (const Status saved = m_switchboard.profiles().save(profile); !saved) {
        m_form->showError(saved.error().message);
        return;
    }
    m_form->clear();
    m_switchboard.profiles().setPreferred(profile.name);
    m_switchboard.open(profile);
}

void ConnectionsPage::askToForget(const fleet::Profile &profile)
{
    kit::ConfirmOverlay::Ask ask;
    ask.title = tr("Forget %1?").arg(Untrusted(profile.name).inert(60));
    ask.text = tr("The addresses and the pinned fingerprint are removed from this console. Files of the authority and of your identity stay where they are.");
    ask.action = tr("Forget");
    ask.danger = true;
    auto *overlay = new kit::ConfirmOverlay(this, ask);
    connect(overlay, &kit::ConfirmOverlay::accepted, this, [this, name = profile.name] {
        const fleet::Connection *connection = m_switchboard.connection();
        if (connection && connection->profile().name == name)
            m_switchboard.close();
        m_switchboard.profiles().forget(name);
    });
    connect(overlay, &kit::Overlay::dismissed, overlay, &QObject::deleteLater);
    overlay->present();
}

QWidget *ConnectionsPage::firstFocus()
{
    if (m_localButton->isEnabled())
        return m_localButton;
    return m_form;
}

QVector<shell::Command> ConnectionsPage::commands()
{
    shell::Command retry;
    retry.id = u"connections.retry"_s;
    retry.text = tr("Try the connection again");
    retry.icon = kit::Icon::History;
    retry.shortcut = QKeySequence(Qt::Key_F5);
    retry.condition = [this] {
        return m_switchboard.connection() ? shell::Availability::yes() : shell::Availability::no(tr("No connection is open."));
    };
    retry.run = [this] { m_switchboard.connection()->retryNow(); };
    return {retry};
}

} // namespace parapet::pages
