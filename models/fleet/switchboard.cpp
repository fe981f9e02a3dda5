// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/switchboard.h"

namespace parapet::fleet {

Switchboard::Switchboard(ProfileStore &profiles, SecretStore &secrets, std::unique_ptr<LocalPlane> local,
                         const Clock &clock, QObject *parent)
    : QObject(parent), m_profiles(profiles), m_secrets(secrets), m_clock(clock), m_local(std::move(local))
{
    if (!m_local)
        return;
    connect(m_local.get(), &LocalPlane::profileReady, this, &Switchboard::adoptLocal);
    connect(m_local.get(), &LocalPlane::stateChanged, this, [this](LocalPlane::State state) {
        if (state == LocalPlane::State::Failed && m_local->error())
            Q_EMIT localFailed(*m_local->error());
    });
}

Switchboard::~Switchboard()
{
    close();
}

void Switchboard::open(const Profile &profile)
{
    close();
    m_connection = std::make_unique<Connection>(profile, m_secrets, m_clock);
    Q_EMIT connectionChanged();
    m_connection->open();
}

Status Switchboard::open(const QString &name)
{
    const std::optional<Profile> profile = m_profiles.find(name);
    if (!profile)
        return fail(Error::Code::NotFound,
                    tr("There is no connection named %1. The Connections page lists those there are.").arg(name));
    open(*profile);
    return {};
}

void Switchboard::close()
{
    if (!m_connection)
        return;
    Q_EMIT closing();
    m_connection->close();
    // Its replies may still be on their way out: it goes with the event loop's next turn.
    m_connection.release()->deleteLater();
    Q_EMIT connectionChanged();
}

void Switchboard::openLocal()
{
    if (!m_local)
        Q_EMIT localFailed({Error::Code::NotFound, tr("The local plane is not part of this installation."), {}, false});
    else if (m_local->state() == LocalPlane::State::Running && m_local->profile())
        adoptLocal(*m_local->profile());
    else
        m_local->start();
}

void Switchboard::stopLocal()
{
    if (!m_local)
        return;
    if (m_connection && m_connection->profile().isLocal())
        close();
    m_local->stop();
}

void Switchboard::adoptLocal(const Profile &profile)
{
    // A pin is never replaced by itself, not even that of a plane which this console started.
    if (const Status saved = m_profiles.save(profile); !saved) {
        Error why = saved.error();
        if (why.code == Error::Code::Conflict)
            why.message = tr("The local plane is not the one that was pinned: its authority or its log key changed. If "
                             "its data folder is new, "
                             "forget the connection %1 and start it again.")
                              .arg(profile.name);
        Q_EMIT localFailed(why);
        return;
    }
    open(profile);
}

} // namespace parapet::fleet
