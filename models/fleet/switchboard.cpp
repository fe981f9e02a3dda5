// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/switchboard.h"

#include "models/crypto/random.h"
#include "models/fleet/logwitness.h"

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

Reply<void> Switchboard::setCosigning(const QString &name, bool on)
{
    std::optional<Profile> profile = m_profiles.find(name);
    if (!profile)
        return ready<void>(fail(Error::Code::NotFound, tr("There is no connection named %1. The Connections page lists those there are.").arg(name)));
    profile->cosigns = on;
    if (!on)
        return ready<void>(m_profiles.save(*profile));
    auto promise = std::make_shared<QPromise<Result<void>>>();
    promise->start();
    const auto finish = [promise](const Status &done) {
        promise->addResult(done);
        promise->finish();
    };
    const auto make = [this, name, finish] {
        const crypto::NoteSigner signer = newWitnessKey();
        QByteArray secret = signer.text().toLatin1();
        deliver(this, m_secrets.write(witnessSecret(signer.verifier()), secret), [this, name, finish, key = signer.verifier().text()](const Result<void> &kept) {
            if (!kept)
                return finish(fail(kept.error()));
            // The profile may have been changed meanwhile, or forgotten.
            std::optional<Profile> now = m_profiles.find(name);
            if (!now)
                return finish(fail(Error::Code::NotFound, tr("The connection %1 was removed meanwhile.").arg(name)));
            now->ownWitness = key;
            now->cosigns = true;
            finish(m_profiles.save(*now));
        });
        crypto::wipe(secret);
    };
    const auto own = crypto::NoteVerifier::parse(profile->ownWitness, crypto::NoteAlgorithm::Cosignature);
    if (!own) {
        profile->ownWitness.clear();
        make();
        return promise->future();
    }
    deliver(this, m_secrets.read(witnessSecret(*own)), [this, make, finish, profile = *profile](const Result<QByteArray> &kept) {
        // A key whose secret half is gone can never sign again: another one takes its place.
        if (!kept && kept.error().code == Error::Code::NotFound)
            make();
        else
            finish(kept ? m_profiles.save(profile) : Status(fail(kept.error())));
    });
    return promise->future();
}

void Switchboard::adoptLocal(const Profile &started)
{
    // What the person added to it is not known to the plane that was started.
    Profile profile = started;
    if (const std::optional<Profile> known = m_profiles.find(profile.name)) {
        profile.witnessKeys = known->witnessKeys;
        profile.witnessLeast = known->witnessLeast;
        profile.witnessHours = known->witnessHours;
        profile.ownWitness = known->ownWitness;
        profile.cosigns = known->cosigns;
    }
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
