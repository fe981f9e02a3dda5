// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/operation/timers.h"

#include <QtCore/QTimer>

namespace parapet::operation {

namespace {

class EventLoopTimers final : public Timers
{
public:
    void after(Milliseconds wait, QObject *context, std::function<void()> callback) override
    {
        QTimer::singleShot(wait, context, std::move(callback));
    }
};

} // namespace

Timers &Timers::system()
{
    static EventLoopTimers timers;
    return timers;
}

Milliseconds growingWait(int tries, Milliseconds first, Milliseconds longest)
{
    Milliseconds wait = first;
    for (int i = 1; i < tries && wait < longest; ++i)
        wait *= 2;
    return std::min(wait, longest);
}

} // namespace parapet::operation
