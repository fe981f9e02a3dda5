// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"
#include "models/core/reply.h"
#include "models/ports/change.h"

#include <QtCore/QHash>
#include <QtCore/QSet>

#include <deque>
#include <functional>
#include <optional>

namespace parapet::support {

/// One call that a fake port received.
struct Call {
    QString name;    ///< the method: "revokeLease"
    QString subject; ///< the identifier it was about; empty for lists
    Change change;   ///< of calls that change something
};

/// How a fake port's methods behave. By default each works at once. A rule is for a method, or for a method and one
/// subject: "revokeLease" or "revokeLease lease-7". Not thread-safe: fakes live on the test's thread.
class Script
{
public:
    /// The next `times` calls fail without effect. A negative number: until succeed().
    void failNext(const QString &rule, Error error, int times = 1);
    void failAlways(const QString &rule, Error error) { failNext(rule, std::move(error), -1); }
    /// The next call takes effect, but its answer is lost: it fails with `error`.
    void loseAnswer(const QString &rule, Error error);
    void succeed(const QString &rule);

    /// Calls take effect only when release() lets them go, in the order of their coming.
    void hold(const QString &rule);
    void release(const QString &rule);
    /// Answers come this much later (through the event loop).
    void delay(const QString &rule, Milliseconds by) { m_delays.insert(rule, by); }

    const QVector<Call> &calls() const { return m_calls; }
    int count(const QString &name, const QString &subject = {}) const;
    int waiting(const QString &rule) const;
    void forgetCalls() { m_calls.clear(); }

    /// Called for each call, before anything else: the place to crash a runner, or to change the world under it.
    std::function<void(const Call &)> onCall;

    /// For the fakes: runs `work` as the rules say. A change whose key was seen gives the first answer and does
    /// nothing.
    template<class T>
    Reply<T> run(Call call, std::function<Result<T>()> work);

private:
    struct Fault {
        Error error;
        int left = 1;
        bool afterEffect = false;
    };
    std::optional<Fault> takeFault(const Call &call);
    bool isHeld(const Call &call, QString *rule) const;
    Milliseconds delayOf(const Call &call) const;
    static QStringList rulesOf(const Call &call);
    static void later(Milliseconds by, std::function<void()> job);

    QVector<Call> m_calls;
    QHash<QString, Fault> m_faults;
    QHash<QString, Milliseconds> m_delays;
    QSet<QString> m_holds;
    QHash<QString, std::deque<std::function<void()>>> m_waiting;
    QHash<QString, std::shared_ptr<void>> m_firstAnswers; ///< by method and idempotency key
};

template<class T>
Reply<T> Script::run(Call call, std::function<Result<T>()> work)
{
    m_calls.append(call);
    if (onCall)
        onCall(call);
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    auto future = promise->future();
    auto job = [this, call, promise, work = std::move(work)] {
        const auto answer = [&]() -> Result<T> {
            const auto fault = takeFault(call);
            if (fault && !fault->afterEffect)
                return fail(fault->error);
            const QString key =
                call.change.idempotencyKey.isEmpty() ? QString() : call.name + u' ' + call.change.idempotencyKey;
            std::shared_ptr<Result<T>> first = std::static_pointer_cast<Result<T>>(m_firstAnswers.value(key));
            if (!first) {
                first = std::make_shared<Result<T>>(work());
                if (!key.isEmpty() && first->has_value())
                    m_firstAnswers.insert(key, first);
            }
            return fault ? Result<T>(fail(fault->error)) : *first;
        }();
        const auto deliverAnswer = [promise, answer] {
            promise->addResult(answer);
            promise->finish();
        };
        const Milliseconds wait = delayOf(call);
        if (wait > Milliseconds::zero())
            later(wait, deliverAnswer);
        else
            deliverAnswer();
    };
    QString rule;
    if (isHeld(call, &rule))
        m_waiting[rule].push_back(std::move(job));
    else
        job();
    return future;
}

} // namespace parapet::support
