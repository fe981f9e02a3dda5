// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"

#include <QtCore/QObject>

#include <functional>

namespace parapet::operation {

/// Where waiting comes from. Injected, so that tests do not wait.
class Timers
{
public:
    virtual ~Timers() = default;
    /// Calls back once, on the context's thread, unless the context dies first.
    virtual void after(Milliseconds wait, QObject *context, std::function<void()> callback) = 0;

    /// The event loop's timers.
    static Timers &system();
};

/// How long to wait after `tries` tries in vain (1 or more): `first`, doubling up to `longest`.
Milliseconds growingWait(int tries, Milliseconds first = Milliseconds(250), Milliseconds longest = Milliseconds(30'000));

} // namespace parapet::operation
