// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/reply.h"

#include <QtTest/QTest>

namespace parapet::support {

/// How long a test waits for something that should come at once. Generous: sanitized builds on a busy machine are slow.
constexpr int patience = 20'000;

/// Waits (turning the event loop) until `reply` has finished and gives its answer; Error::Code::Cancelled for a
/// cancelled one, Error::Code::Network with the detail "test: no answer" when patience runs out.
template<class T>
Result<T> await(Reply<T> reply, int milliseconds = patience)
{
    if (!QTest::qWaitFor([&reply] { return reply.isFinished(); }, milliseconds))
        return fail(Error::Code::Network, QStringLiteral("No answer in time."), QStringLiteral("test: no answer"));
    if (reply.resultCount() == 0)
        return fail(Error::Code::Cancelled, QStringLiteral("Cancelled."));
    return reply.resultAt(0);
}

/// Turns the event loop until `condition` holds. False when patience ran out.
template<class Condition>
bool waitUntil(Condition condition, int milliseconds = patience)
{
    return QTest::qWaitFor(condition, milliseconds);
}

/// For QVERIFY2(result, why(result)): what went wrong, with the technical detail.
template<class T>
const char *why(const Result<T> &result)
{
    static thread_local QByteArray text;
    text = result ? QByteArray("succeeded")
                  : (nameOf(result.error().code) + QStringLiteral(": ") + result.error().message +
                     QStringLiteral(" [") + result.error().detail + QLatin1Char(']'))
                        .toUtf8();
    return text.constData();
}

} // namespace parapet::support
