// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/operation/runner.h"
#include "tests/support/fakeclock.h"
#include "tests/support/waiting.h"

#include <QtCore/QPointer>
#include <QtCore/QTemporaryDir>
#include <QtCore/QTimer>
#include <QtTest/QSignalSpy>

#include <deque>

namespace parapet::support {

/// Timers that fire when the test moves the clock.
class ManualTimers final : public operation::Timers
{
public:
    explicit ManualTimers(FakeClock &clock) : m_clock(clock) {}

    void after(Milliseconds wait, QObject *context, std::function<void()> callback) override
    {
        m_waits.push_back({m_clock.now() + wait, context, std::move(callback)});
    }
    void advance(Milliseconds by)
    {
        m_clock.advance(by);
        std::vector<Wait> due;
        for (size_t i = 0; i < m_waits.size();) {
            if (m_waits[i].due <= m_clock.now()) {
                due.push_back(std::move(m_waits[i]));
                m_waits.erase(m_waits.begin() + std::ptrdiff_t(i));
            } else {
                ++i;
            }
        }
        for (Wait &wait : due) {
            if (wait.context)
                wait.callback();
        }
    }
    size_t pending() const { return m_waits.size(); }

private:
    struct Wait {
        Instant due;
        QPointer<QObject> context;
        std::function<void()> callback;
    };
    FakeClock &m_clock;
    std::vector<Wait> m_waits;
};

/// Runs the event loop, a tenth of a second of the fake clock each time it turns, until the condition holds.
template<class Condition>
bool turnUntil(ManualTimers &timers, Condition condition)
{
    QObject flag;
    QSignalSpy raised(&flag, &QObject::objectNameChanged);
    QTimer turn;
    QObject::connect(&turn, &QTimer::timeout, &flag, [&] {
        if (!condition())
            timers.advance(Milliseconds(100));
        if (condition())
            flag.setObjectName(QStringLiteral("raised"));
    });
    turn.start(1);
    return raised.wait(patience);
}

/// A small world that scripted actions change, with a server's idempotency: a key that was seen changes nothing again.
/// A fact is "VERB TARGET".
struct ScriptedWorld {
    QStringList requests;                 ///< step ids, in the order in which requests arrived
    QHash<QString, int> arrivals;         ///< requests by idempotency key
    QHash<QString, int> effects;          ///< effects by idempotency key
    QSet<QString> facts;
    QHash<QString, QString> identity;     ///< by target
    QHash<QString, QVector<Error>> requestErrors;  ///< by step: the next requests fail so, without effect
    QHash<QString, QVector<Error>> lostAnswers;    ///< by step: the next requests have their effect and then fail so
    QHash<QString, QVector<Error>> lookErrors;     ///< by step: the next looks fail so
    QSet<QString> invisible;              ///< steps whose effect cannot be seen yet
    QSet<QString> takenBackBy;            ///< facts removed by undo verbs, for tests to see
    QHash<QString, QVector<Probe>> found; ///< by step: what its observation brings up
    QSet<QString> survivors;              ///< probe subjects
    std::function<void(const operation::Step &, const QString &key)> onRequest;
    bool dead = false;                    ///< the program has crashed: nothing is answered any more
    bool holding = false;                 ///< answers to requests wait for releaseOne()
    int underWay = 0;
    int mostUnderWay = 0;
    std::deque<std::function<void()>> held;

    void releaseOne()
    {
        auto job = std::move(held.front());
        held.pop_front();
        job();
    }
    static bool take(QHash<QString, QVector<Error>> &from, const QString &step, Error *error)
    {
        if (from.value(step).isEmpty())
            return false;
        *error = from[step].takeFirst();
        return true;
    }
};

/// One verb: makes the fact "VERB TARGET" true, or removes that of the verb that it undoes.
class ScriptedAction final : public operation::Action
{
public:
    ScriptedAction(ScriptedWorld &world, QString verb, QString undoes = {}) : m_world(world), m_verb(std::move(verb)), m_undoes(std::move(undoes)) {}

    Reply<operation::Observation> observe(const operation::Step &step, const operation::Context &) override
    {
        if (m_world.dead)
            return never<operation::Observation>();
        if (Error error; ScriptedWorld::take(m_world.lookErrors, step.id, &error))
            return ready<operation::Observation>(fail(error));
        operation::Observation seen;
        const bool there = m_world.facts.contains(fact(m_undoes.isEmpty() ? m_verb : m_undoes, step));
        seen.done = (m_undoes.isEmpty() ? there : !there) && !m_world.invisible.contains(step.id);
        seen.identity = m_world.identity.value(step.target);
        seen.by = QStringLiteral("scripted");
        seen.seen = m_verb + QStringLiteral(" seen");
        seen.outputs = QJsonObject{{QStringLiteral("of"), step.id}};
        if (seen.done)
            seen.found = m_world.found.value(step.id);
        return ready<operation::Observation>(seen);
    }

    Reply<QJsonObject> request(const operation::Step &step, const operation::Context &, const Change &change) override
    {
        if (m_world.dead)
            return never<QJsonObject>();
        m_world.requests.append(step.id);
        ++m_world.arrivals[change.idempotencyKey];
        if (m_world.onRequest)
            m_world.onRequest(step, change.idempotencyKey);
        if (m_world.dead)
            return never<QJsonObject>();
        if (Error error; ScriptedWorld::take(m_world.requestErrors, step.id, &error))
            return ready<QJsonObject>(fail(error));
        if (!m_world.holding) {
            apply(step, change);
            if (Error error; ScriptedWorld::take(m_world.lostAnswers, step.id, &error))
                return ready<QJsonObject>(fail(error));
            return ready<QJsonObject>(QJsonObject());
        }
        m_world.mostUnderWay = std::max(m_world.mostUnderWay, ++m_world.underWay);
        auto promise = std::make_shared<QPromise<Result<QJsonObject>>>();
        promise->start();
        m_world.held.push_back([this, step, change, promise] {
            --m_world.underWay;
            apply(step, change);
            promise->addResult(Result<QJsonObject>(QJsonObject()));
            promise->finish();
        });
        return promise->future();
    }

    void apply(const operation::Step &step, const Change &change)
    {
        if (m_world.effects.contains(change.idempotencyKey))
            return;
        ++m_world.effects[change.idempotencyKey];
        if (m_undoes.isEmpty())
            m_world.facts.insert(fact(m_verb, step));
        else
            m_world.facts.remove(fact(m_undoes, step));
    }

    template<class T>
    static Reply<T> never()
    {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        static std::vector<std::shared_ptr<void>> kept; // unanswered for ever, yet not leaked
        kept.push_back(promise);
        return promise->future();
    }
    static QString fact(const QString &verb, const operation::Step &step) { return verb + QLatin1Char(' ') + step.target; }

private:
    ScriptedWorld &m_world;
    QString m_verb;
    QString m_undoes;
};

class ScriptedObserver final : public Observer
{
public:
    explicit ScriptedObserver(ScriptedWorld &world) : m_world(world) {}
    bool canTry(ProbeKind kind) const override { return kind != ProbeKind::NetworkFlow; }
    Reply<ProbeResult> attempt(const Probe &probe) override
    {
        if (m_world.dead)
            return ScriptedAction::never<ProbeResult>();
        attempts.append(probe.subject);
        const bool survives = m_world.survivors.contains(probe.subject);
        return ready<ProbeResult>(ProbeResult{survives ? Verdict::Survives : Verdict::Holds, Untrusted(survives ? QStringLiteral("login accepted") : QStringLiteral("refused")), QStringLiteral("target"), {}});
    }
    QStringList attempts;

private:
    ScriptedWorld &m_world;
};

class ScriptedCertifier final : public operation::Certifier
{
public:
    QString keyName() const override { return name; }
    Result<QByteArray> draft(const operation::Run &) const override { return QByteArray("draft"); }
    Reply<QByteArray> issue(const operation::Run &run) override
    {
        ++issued;
        if (refusal)
            return ready<QByteArray>(fail(*refusal));
        return ready<QByteArray>("signed " + run.plan.id.value.toUtf8() + ' ' + run.journalHead.toHex());
    }
    QString name = QStringLiteral("operator");
    std::optional<Error> refusal;
    int issued = 0;
};

/// One workbench: folder, clock, timers, world, actions and a runner that can be made anew, as after a crash.
struct Bench {
    QTemporaryDir folder;
    FakeClock clock;
    std::unique_ptr<ManualTimers> timers = std::make_unique<ManualTimers>(clock);
    ScriptedWorld world;
    operation::ActionSet actions;
    ScriptedObserver observer{world};
    ScriptedCertifier certifier;
    operation::Environment environment;
    std::unique_ptr<operation::Runner> runner;

    Bench()
    {
        for (const QString &verb : {QStringLiteral("cut"), QStringLiteral("keep"), QStringLiteral("kill"), QStringLiteral("end")})
            actions.add(verb, std::make_unique<ScriptedAction>(world, verb));
        actions.add(QStringLiteral("uncut"), std::make_unique<ScriptedAction>(world, QStringLiteral("uncut"), QStringLiteral("cut")));
        environment.folder = folder.path();
        environment.actions = &actions;
        environment.observers = {&observer};
        environment.certifier = &certifier;
        environment.clock = &clock;
        environment.timers = timers.get();
        restart();
    }
    void restart()
    {
        runner.reset();
        runner = std::make_unique<operation::Runner>(environment);
    }
    /// Turns the loop and moves the clock until the condition holds.
    template<class Condition>
    bool until(Condition condition)
    {
        return turnUntil(*timers, condition);
    }
    bool untilOver(operation::Operation *operation)
    {
        return until([operation] { return operation->isOver(); });
    }
};

inline operation::Step scriptedStep(const QString &workspace, const QString &verb, const QStringList &after)
{
    operation::Step step;
    step.id = verb + QLatin1Char('.') + workspace;
    step.verb = verb;
    step.title = verb;
    step.workspace = WorkspaceId(workspace);
    step.target = workspace;
    for (const QString &before : after)
        step.after.append(before + QLatin1Char('.') + workspace);
    step.evidence = verb == QLatin1String("keep");
    step.destructive = verb == QLatin1String("kill") || verb == QLatin1String("end");
    if (verb == QLatin1String("cut"))
        step.undoVerb = QStringLiteral("uncut");
    return step;
}

/// Per workspace: cut → keep → kill → end, one probe of a lease, one of the evidence.
inline operation::Plan scriptedPlan(const QStringList &workspaces = {QStringLiteral("ws-1")})
{
    operation::Plan plan;
    plan.id = OperationId(newIdentifier(QStringLiteral("op-")));
    plan.feature = QStringLiteral("scripted");
    plan.title = QStringLiteral("Scripted");
    plan.reason = QStringLiteral("a test");
    plan.certified = true;
    for (const QString &workspace : workspaces) {
        operation::PlanWorkspace one;
        one.id = WorkspaceId(workspace);
        one.name = Untrusted(workspace);
        plan.workspaces.append(one);
        plan.steps.append(scriptedStep(workspace, QStringLiteral("cut"), {}));
        plan.steps.append(scriptedStep(workspace, QStringLiteral("keep"), {QStringLiteral("cut")}));
        plan.steps.append(scriptedStep(workspace, QStringLiteral("kill"), {QStringLiteral("keep")}));
        plan.steps.append(scriptedStep(workspace, QStringLiteral("end"), {QStringLiteral("kill")}));
        plan.probes.append(Probe{ProbeKind::Lease, WorkspaceId(workspace), QStringLiteral("lease-") + workspace, Untrusted(QStringLiteral("db of ") + workspace), QStringLiteral("refused"), {}});
        plan.probes.append(Probe{ProbeKind::Evidence, WorkspaceId(workspace), QStringLiteral("@keep.") + workspace + QStringLiteral("/of"), Untrusted(QStringLiteral("manifest")), QStringLiteral("equal"), {}});
    }
    return plan;
}

inline Error transientError()
{
    return {Error::Code::Network, QStringLiteral("No answer."), {}, true};
}
inline Error finalError()
{
    return {Error::Code::Forbidden, QStringLiteral("You may not."), {}, false};
}

} // namespace parapet::support
