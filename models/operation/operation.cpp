// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/operation/operation.h"

#include "models/operation/engine.h"

namespace parapet::operation {

Operation::Operation(Run run, std::unique_ptr<JournalWriter> journal, const Environment &environment)
    : m_run(std::move(run)), m_clock(environment.clock)
{
    // Without a journal to write to there is nothing to do: it is over, and shown.
    if (journal)
        m_engine = std::make_unique<Engine>(*this, std::move(journal), environment);
}

Operation::~Operation() = default;

Milliseconds Operation::elapsed() const
{
    const Instant until = isKnown(m_run.ended) ? m_run.ended : m_clock->now();
    return std::max(until - m_run.started, Milliseconds::zero());
}

Instant Operation::nextTry() const
{
    return m_engine ? m_engine->nextTry() : Instant{};
}

void Operation::pause()
{
    if (m_engine)
        m_engine->pause();
}

void Operation::resume()
{
    if (m_engine)
        m_engine->resume();
}

void Operation::cancel()
{
    if (m_engine)
        m_engine->cancel();
}

bool Operation::canCancel() const
{
    return m_engine && m_engine->canCancel();
}

void Operation::retryNow()
{
    if (m_engine)
        m_engine->retryNow();
}

void Operation::hint(const WorkspaceId &workspace)
{
    if (m_engine)
        m_engine->hint(workspace);
}

void Operation::signNow()
{
    if (m_engine)
        m_engine->signNow();
}

} // namespace parapet::operation
