// SPDX-License-Identifier: GPL-3.0-or-later
// What ends by itself.
#include "app/plane/broker/broker.h"

#include <QtCore/QCoreApplication>

namespace parapet::plane {

using namespace Qt::StringLiterals;

void Broker::endDueSession(Unit &unit, Session session)
{
    if (session.state == SessionState::Ended)
        return;
    const Instant end = endOf(session);
    if (end > unit.now()) {
        if (session.rotates <= unit.now()) {
            unit.dropTokenOf(session.id.value);
            giveToken(unit, session.id);
            session.rotates = unit.now() + tokenRotation;
            unit.put(session);
        }
        m_deadlines.add(dueOf(session), Deadlines::Kind::Session, session.id.value);
        return;
    }
    const bool over = session.expires <= unit.now();
    endSession(unit, session, over ? QCoreApplication::translate("broker", "Eight hours are over.") : QCoreApplication::translate("broker", "Nobody was active for 30 minutes."), brokerEvent());
}

void Broker::endDueLease(Unit &unit, Lease lease)
{
    if (lease.state != LeaseState::Active)
        return;
    if (lease.expires > unit.now()) {
        m_deadlines.add(lease.expires, Deadlines::Kind::Lease, lease.id.value);
        return;
    }
    if (TargetService *service = target(lease.target))
        service->drop(lease.id);
    lease.state = LeaseState::Expired;
    unit.put(lease);
    unit.sql([id = lease.id.value, at = unit.now()](storage::Database &database) -> Status {
        auto update = database.prepare(R"(UPDATE secrets SET "dropped"=? WHERE "lease"=?)");
        if (!update)
            return fail(update.error());
        return update->bind(1, qint64(at.time_since_epoch().count())).bind(2, id).run();
    });
    recount(unit, lease.workspace.value);
    AuditEvent event = brokerEvent();
    event.action = u"lease.expire"_s;
    event.target = Untrusted(lease.id.value);
    event.workspace = lease.workspace;
    event.detail = Untrusted(u"%1 at %2"_s.arg(lease.name, lease.target));
    unit.record(event);
}

void Broker::endWhatIsDue()
{
    const QVector<Deadlines::Entry> due = m_deadlines.takeDue(m_store.clock().now());
    if (due.isEmpty())
        return;
    m_store.submit([this, due](Unit &unit) {
        for (const Deadlines::Entry &entry : due) {
            if (entry.kind == Deadlines::Kind::Session) {
                if (const auto session = unit.find<Session>(entry.id))
                    endDueSession(unit, *session);
            } else if (const auto lease = unit.find<Lease>(entry.id)) {
                endDueLease(unit, *lease);
            }
        }
    });
}

void Broker::forgetOldSecrets()
{
    m_store.submit([](Unit &unit) {
        const qint64 limit = (unit.now() - heldSecretLifetime).time_since_epoch().count();
        for (const char *sql : {R"(DELETE FROM secrets WHERE "dropped"<>0 AND "dropped"<?)", R"(DELETE FROM tokens WHERE "dropped"<>0 AND "dropped"<?)",
                                R"(DELETE FROM idempotency WHERE "at"<?)"}) {
            unit.sql([sql, limit](storage::Database &database) -> Status {
                auto statement = database.prepare(sql);
                if (!statement)
                    return fail(statement.error());
                return statement->bind(1, limit).run();
            });
        }
    });
}

} // namespace parapet::plane
