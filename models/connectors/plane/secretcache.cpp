// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connectors/plane/secretcache.h"

#include "models/connectors/plane/follow.h"
#include "models/crypto/random.h"

#include <QtCore/QCoreApplication>

namespace parapet::planeconnector {

namespace {

void wipeAll(QVector<HeldSecret> &secrets)
{
    for (HeldSecret &held : secrets)
        crypto::wipe(held.secret);
    secrets.clear();
}

} // namespace

SecretCache::SecretCache(CredentialBroker &broker, Milliseconds keep, QObject *parent)
    : QObject(parent), m_keep(keep), m_broker(broker)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &SecretCache::forgetOld);
}

SecretCache::~SecretCache()
{
    forget();
}

Reply<QVector<HeldSecret>> SecretCache::secretsOf(const WorkspaceId &workspace, HeldSecret::Kind kind,
                                                  const QString &subject)
{
    std::shared_ptr<Entry> entry = m_entries.value(workspace.value);
    if (!entry) {
        entry = std::make_shared<Entry>();
        m_entries.insert(workspace.value, entry);
        // Not cancelled with one probe: others wait for the same answer.
        entry->fetching = m_broker.heldSecrets(workspace);
        deliver(this, *entry->fetching, [this, entry, id = workspace.value](Result<QVector<HeldSecret>> answer) {
            entry->fetching.reset(); // its result store holds the secrets as well
            if (answer)
                entry->secrets = std::move(*answer);
            if (m_entries.value(id) != entry)
                wipeAll(entry->secrets);
            else if (!answer)
                m_entries.remove(id); // the next probe asks again
        });
    }
    entry->lastUse.start();
    if (!m_timer.isActive())
        m_timer.start(int(m_keep.count()));
    const auto pick = [kind, subject](const QVector<HeldSecret> &all) -> Result<QVector<HeldSecret>> {
        QVector<HeldSecret> found;
        std::copy_if(all.cbegin(), all.cend(), std::back_inserter(found),
                     [&](const HeldSecret &held) { return held.kind == kind && held.subject == subject; });
        if (found.isEmpty())
            return fail(
                Error::Code::NotFound,
                QCoreApplication::translate("connectors", "The system holds no secret of it that could be tried."),
                subject);
        return found;
    };
    if (entry->fetching) {
        const auto pickFrom = [pick](const Result<QVector<HeldSecret>> &answer) {
            return ready<QVector<HeldSecret>>(answer ? pick(*answer)
                                                     : Result<QVector<HeldSecret>>(fail(answer.error())));
        };
        return follow<QVector<HeldSecret>>(this, *entry->fetching, pickFrom, First::Shared);
    }
    return ready<QVector<HeldSecret>>(pick(entry->secrets));
}

void SecretCache::forget()
{
    for (const auto &entry : std::as_const(m_entries))
        wipeAll(entry->secrets);
    m_entries.clear();
}

void SecretCache::forgetOld()
{
    for (auto it = m_entries.begin(); it != m_entries.end();) {
        if ((*it)->lastUse.elapsed() >= m_keep.count()) {
            wipeAll((*it)->secrets);
            it = m_entries.erase(it);
        } else {
            ++it;
        }
    }
    if (!m_entries.isEmpty())
        m_timer.start(int(m_keep.count()));
}

} // namespace parapet::planeconnector
