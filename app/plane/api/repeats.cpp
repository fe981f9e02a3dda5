// SPDX-License-Identifier: GPL-3.0-or-later
// Calls that may be repeated: the same key and call get the first answer, for 24 hours, over restarts too.
#include "app/plane/api/api.h"

#include <QtCore/QCoreApplication>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

Failure otherCall()
{
    return fail(Error::Code::Conflict,
                QCoreApplication::translate("api", "This Idempotency-Key belongs to another call. Use a new one for each call."));
}

} // namespace

Result<std::optional<Answer>> Api::remembered(Unit &unit, const Call &call, const Change &change, const QByteArray &digest) const
{
    auto row = unit.database().prepare(R"(SELECT "call","status","etag","answer" FROM idempotency WHERE "principal"=? AND "key"=?)");
    if (!row)
        return fail(row.error());
    const Result<bool> there = row->bind(1, call.caller.id.value).bind(2, change.idempotencyKey).step();
    if (!there)
        return fail(there.error());
    if (!*there)
        return std::optional<Answer>();
    if (row->blob(0) != digest)
        return otherCall();
    Answer answer;
    answer.status = int(row->integer(1));
    answer.etag = row->text(2);
    answer.body = row->blob(3);
    answer.detail = u"answered again"_s;
    return std::optional<Answer>(answer);
}

void Api::remember(Unit &unit, const Call &call, const Change &change, const QByteArray &digest, const Answer &answer) const
{
    unit.sql([principal = call.caller.id.value, key = change.idempotencyKey, digest, answer, at = unit.now()](storage::Database &database) -> Status {
        auto insert = database.prepare(
            R"(INSERT INTO idempotency("principal","key","call","status","etag","answer","at") VALUES(?,?,?,?,?,?,?))");
        if (!insert)
            return fail(insert.error());
        insert->bind(1, principal).bind(2, key).bindBlob(3, digest).bind(4, qint64(answer.status)).bind(5, answer.etag);
        return insert->bindBlob(6, answer.body).bind(7, qint64(at.time_since_epoch().count())).run();
    });
}

void Api::act(const CallPtr &call, const Change &change, const QByteArray &digest)
{
    const QString running = call->caller.id.value + u'\x1f' + change.idempotencyKey;
    auto before = std::make_shared<Result<std::optional<Answer>>>(std::optional<Answer>());
    auto wait = std::make_shared<bool>(false);
    m_parts.store.submit(
        [this, call, change, digest, running, before, wait](Unit &unit) {
            *before = remembered(unit, *call, change, digest);
            if (*before && !**before && !change.ifMatch.isEmpty()) {
                const auto row = unit.find<Workspace>(call->argument());
                if (const Status same = row ? checkVersion(change, row->version) : Status(); !same)
                    *before = fail(same.error());
            }
            if (!*before)
                return record(unit, *call, fail(before->error()), Tell::Everyone);
            if (**before)
                return record(unit, *call, ***before, Tell::Nobody);
            // The same call again while the first one is under way gets the first one's answer.
            const std::scoped_lock guard(m_runningLock);
            const auto at = m_running.find(running);
            if (at == m_running.end()) {
                m_running.insert(running, {digest, {}});
            } else if (at->digest == digest) {
                *wait = true;
                at->others.append(call);
            } else {
                *before = otherCall();
                record(unit, *call, fail(before->error()), Tell::Everyone);
            }
        },
        [this, call, change, digest, running, before, wait](const Status &stored) {
            if (!stored || !*before)
                return send(*call, fail(stored ? before->error() : stored.error()));
            if (**before)
                return send(*call, ***before);
            if (*wait)
                return;
            m_pool.start([this, call, change, digest, running] {
                std::function<Result<Answer>(Unit &)> conclude = call->route->act(call, change);
                auto result = std::make_shared<Result<Answer>>(Answer{});
                m_parts.store.submit(
                    [this, call, change, digest, conclude, result](Unit &unit) {
                        *result = conclude(unit);
                        if (!*result) {
                            unit.reset();
                            return record(unit, *call, *result, Tell::Everyone);
                        }
                        remember(unit, *call, change, digest, **result);
                    },
                    [this, call, running, result](const Status &done) {
                        const Result<Answer> answer = done ? *result : Result<Answer>(fail(done.error()));
                        QVector<CallPtr> others;
                        {
                            const std::scoped_lock guard(m_runningLock);
                            others = m_running.take(running).others;
                        }
                        send(*call, answer);
                        for (const CallPtr &other : others)
                            finish(other, answer);
                    });
            });
        });
}

} // namespace parapet::plane
