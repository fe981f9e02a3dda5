// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/reply.h"
#include "models/operation/plan.h"
#include "models/ports/change.h"

#include <map>
#include <memory>

namespace parapet::operation {

/// What a re-read says about a step's target.
struct Observation {
    bool done = false;     ///< the step's effect is there to be seen
    bool again = false;    ///< not done, and what was asked for cannot bring it about any more: ask anew, under another key
    QString identity;      ///< of the target as it is now; empty when it has none (gone, or not to be compared)
    QString by;            ///< who looked: "agent node-eu-c-07"
    QString seen;          ///< translated and inert, for people; may be several lines
    QJsonObject outputs;   ///< for later steps, probes and the certificate; never a secret
    QVector<Probe> found;  ///< what the plan did not know of and must be tried as well
};

/// What a step may look at besides itself.
struct Context {
    const Plan &plan;
    bool requested = false;            ///< it was asked for before (perhaps before a crash)
    QJsonObject answer;                ///< what the request answered; empty before it, or when the answer was lost
    QHash<QString, QJsonObject> outputs; ///< of the steps it comes after (all ancestors), by step id
};

/// How one verb is done and seen. Both calls are made on the operation's thread and never block.
/// Errors: retryable ones are tried again with growing waits; others end the step by name.
class Action
{
public:
    virtual ~Action() = default;

    /// Re-reads the target. Changes nothing. "Not to be seen yet" is `done == false`, not an error.
    virtual Reply<Observation> observe(const Step &step, const Context &context) = 0;

    /// Asks for the effect. May be called again with the same Change after a lost answer or a crash: the port answers the same.
    /// Gives what observing needs (an identifier), never a claim that it is done.
    virtual Reply<QJsonObject> request(const Step &step, const Context &context, const Change &change) = 0;
};

/// The verbs that a runner knows.
class ActionSet
{
public:
    void add(const QString &verb, std::unique_ptr<Action> action) { m_actions[verb] = std::move(action); }
    Action *find(const QString &verb) const
    {
        const auto found = m_actions.find(verb);
        return found == m_actions.end() ? nullptr : found->second.get();
    }

private:
    std::map<QString, std::unique_ptr<Action>> m_actions;
};

} // namespace parapet::operation
