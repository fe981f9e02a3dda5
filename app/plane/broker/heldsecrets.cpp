// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/broker/broker.h"

namespace parapet::plane {

using namespace Qt::StringLiterals;

Result<QVector<HeldSecret>> Broker::heldSecrets(storage::Database &database, const WorkspaceId &workspace, const QString &tokenEndpoint) const
{
    QVector<RowPtr<Session>> sessions;
    QVector<RowPtr<Lease>> leases;
    {
        const State &state = m_store.state();
        const std::shared_lock guard(state.lock);
        for (const QString &id : state.sessionsOf.value(workspace.value))
            sessions.append(state.sessions.find(id));
        for (const QString &id : state.leasesOf.value(workspace.value))
            leases.append(state.leases.find(id));
    }
    QVector<HeldSecret> held;
    auto tokens = database.prepare(R"(SELECT "sealed" FROM tokens WHERE "session"=?)");
    if (!tokens)
        return fail(tokens.error());
    for (const RowPtr<Session> &session : sessions) {
        const Session &row = session->value();
        tokens->bind(1, row.id.value);
        while (true) {
            const Result<bool> there = tokens->step();
            if (!there)
                return fail(there.error());
            if (!*there)
                break;
            Result<QByteArray> token = m_box.open(tokens->blob(0), row.id.value.toUtf8());
            if (!token)
                return fail(token.error());
            held.append({HeldSecret::Kind::SessionToken, row.id.value, u"%1 · %2"_s.arg(row.id.value, row.actorName.raw()), u"control plane"_s,
                         tokenEndpoint, {}, *token});
        }
        tokens->reset();
    }
    auto secrets = database.prepare(R"(SELECT "userName","sealed" FROM secrets WHERE "lease"=?)");
    if (!secrets)
        return fail(secrets.error());
    for (const RowPtr<Lease> &lease : leases) {
        const Lease &row = lease->value();
        const Result<bool> there = secrets->bind(1, row.id.value).step();
        if (!there)
            return fail(there.error());
        if (*there) {
            Result<QByteArray> secret = m_box.open(secrets->blob(1), row.id.value.toUtf8());
            if (!secret)
                return fail(secret.error());
            held.append({HeldSecret::Kind::LeaseSecret, row.id.value, row.name, row.target, row.endpoint, secrets->text(0), *secret});
        }
        secrets->reset();
    }
    return held;
}

Result<std::pair<QString, QByteArray>> Broker::secretOf(storage::Database &database, const LeaseId &lease) const
{
    auto secrets = database.prepare(R"(SELECT "userName","sealed" FROM secrets WHERE "lease"=? AND "dropped"=0)");
    if (!secrets)
        return fail(secrets.error());
    const Result<bool> there = secrets->bind(1, lease.value).step();
    if (!there)
        return fail(there.error());
    if (!*there)
        return fail(Error::Code::NotFound, QStringLiteral("There is no such lease."));
    Result<QByteArray> secret = m_box.open(secrets->blob(1), lease.value.toUtf8());
    if (!secret)
        return fail(secret.error());
    return std::pair(secrets->text(0), *secret);
}

} // namespace parapet::plane
