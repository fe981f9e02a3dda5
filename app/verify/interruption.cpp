// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verify/interruption.h"

#include <QtCore/QCoreApplication>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace parapet::verify {

namespace {

volatile std::sig_atomic_t interruptionAsked = 0;
int interruptionPipe[2] = {-1, -1};

extern "C" void parapetInterrupted(int)
{
    const int before = errno;
    interruptionAsked = 1;
    [[maybe_unused]] const ssize_t written = ::write(interruptionPipe[1], "", 1);
    errno = before;
}

} // namespace

void Interruption::watch()
{
    if (::pipe2(interruptionPipe, O_CLOEXEC | O_NONBLOCK) != 0)
        return;
    struct sigaction action = {};
    action.sa_handler = parapetInterrupted;
    action.sa_flags = int(SA_RESETHAND | SA_RESTART);
    sigemptyset(&action.sa_mask);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

bool Interruption::isAsked()
{
    return interruptionAsked != 0;
}

int Interruption::descriptor()
{
    return interruptionPipe[0];
}

Error Interruption::error()
{
    return {Error::Code::Cancelled, QCoreApplication::translate("Verify", "Interrupted."), {}, false};
}

} // namespace parapet::verify
