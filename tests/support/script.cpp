// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/script.h"

#include <QtCore/QTimer>

namespace parapet::support {

QStringList Script::rulesOf(const Call &call)
{
    QStringList rules;
    if (!call.subject.isEmpty())
        rules << call.name + u' ' + call.subject;
    rules << call.name;
    return rules;
}

void Script::failNext(const QString &rule, Error error, int times)
{
    m_faults.insert(rule, {std::move(error), times, false});
}

void Script::loseAnswer(const QString &rule, Error error)
{
    m_faults.insert(rule, {std::move(error), 1, true});
}

void Script::succeed(const QString &rule)
{
    m_faults.remove(rule);
}

void Script::hold(const QString &rule)
{
    m_holds.insert(rule);
}

void Script::release(const QString &rule)
{
    m_holds.remove(rule);
    auto waiting = m_waiting.take(rule);
    for (const auto &job : waiting)
        job();
}

int Script::count(const QString &name, const QString &subject) const
{
    return int(std::count_if(m_calls.cbegin(), m_calls.cend(), [&](const Call &call) {
        return call.name == name && (subject.isEmpty() || call.subject == subject);
    }));
}

int Script::waiting(const QString &rule) const
{
    const auto found = m_waiting.constFind(rule);
    return found == m_waiting.cend() ? 0 : int(found->size());
}

std::optional<Script::Fault> Script::takeFault(const Call &call)
{
    for (const QString &rule : rulesOf(call)) {
        const auto found = m_faults.find(rule);
        if (found == m_faults.end())
            continue;
        const Fault fault = *found;
        if (found->left > 0 && --found->left == 0)
            m_faults.erase(found);
        return fault;
    }
    return std::nullopt;
}

bool Script::isHeld(const Call &call, QString *rule) const
{
    for (const QString &candidate : rulesOf(call)) {
        if (m_holds.contains(candidate)) {
            *rule = candidate;
            return true;
        }
    }
    return false;
}

Milliseconds Script::delayOf(const Call &call) const
{
    for (const QString &rule : rulesOf(call)) {
        if (const auto found = m_delays.constFind(rule); found != m_delays.cend())
            return *found;
    }
    return Milliseconds::zero();
}

void Script::later(Milliseconds by, std::function<void()> job)
{
    QTimer::singleShot(by, std::move(job));
}

} // namespace parapet::support
