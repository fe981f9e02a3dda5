// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/connection.h"
#include "models/fleet/localplane.h"
#include "models/fleet/profilestore.h"

#include <QtCore/QObject>

#include <memory>

namespace parapet::fleet {

/// Which profile is open, and the local plane when the console started it. One connection at a time.
class Switchboard : public QObject
{
    Q_OBJECT

public:
    /// `profiles` and `secrets` live longer. `local` may be null: this build has no local plane.
    Switchboard(ProfileStore &profiles, SecretStore &secrets, std::unique_ptr<LocalPlane> local, const Clock &clock,
                QObject *parent = nullptr);
    ~Switchboard() override;

    ProfileStore &profiles() const { return m_profiles; }
    LocalPlane *local() const { return m_local.get(); }
    Connection *connection() const { return m_connection.get(); }

    /// Closes what is open and opens this profile.
    void open(const Profile &profile);
    /// NotFound when no profile has the name.
    Status open(const QString &name);
    void close();
    /// Starts the local plane; when it runs its profile is saved and opened.
    void openLocal();
    /// Closes its connection and stops it.
    void stopLocal();

    /// Whether this console cosigns what it has verified of that profile's log. The first time a witness key is made: its secret
    /// half goes to the SecretStore, its verifier key into the profile. NotFound without the profile; Storage when the secret
    /// cannot be kept: then nothing is changed.
    Reply<void> setCosigning(const QString &name, bool on);

Q_SIGNALS:
    /// The connection is about to be deleted: let go of it now. connection() still gives it.
    void closing();
    /// Another connection is open, or none.
    void connectionChanged();
    /// The local plane could not be used: what to do.
    void localFailed(const parapet::Error &why);

private:
    void adoptLocal(const Profile &profile);

    ProfileStore &m_profiles;
    SecretStore &m_secrets;
    const Clock &m_clock;
    std::unique_ptr<LocalPlane> m_local;
    std::unique_ptr<Connection> m_connection;
};

} // namespace parapet::fleet
