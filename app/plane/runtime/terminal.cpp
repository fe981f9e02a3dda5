// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/runtime/terminal.h"

#include <QtCore/QString>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

namespace parapet::plane {

Result<Terminal> openTerminal()
{
    Terminal terminal;
    terminal.master.reset(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
    // By the master, not by its name: /dev/pts may be another one here. O_NOCTTY: it shall not become the plane's own.
    if (terminal.master && ::grantpt(terminal.master.get()) == 0 && ::unlockpt(terminal.master.get()) == 0)
        terminal.slave.reset(::ioctl(terminal.master.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
    const winsize size{terminalRows, terminalColumns, 0, 0};
    termios modes{};
    if (terminal.slave && ::ioctl(terminal.master.get(), TIOCSWINSZ, &size) == 0 && ::tcgetattr(terminal.slave.get(), &modes) == 0) {
        modes.c_lflag &= ~tcflag_t(ECHO | ECHOE | ECHOK | ECHONL);
        modes.c_iflag |= IUTF8;
        if (::tcsetattr(terminal.slave.get(), TCSANOW, &modes) == 0)
            return terminal;
    }
    return fail(Error::Code::Server, QStringLiteral("no pseudo-terminal"), qt_error_string(errno));
}

bool CutBudget::take(std::chrono::steady_clock::time_point now)
{
    m_left = std::min(6.0, m_left + std::chrono::duration<double>(now - m_at).count() / 20);
    m_at = now;
    if (m_left < 1)
        return false;
    m_left -= 1;
    return true;
}

TerminalReader::TerminalReader(Loop &loop, FileDescriptor master, std::unique_ptr<TerminalTap> tap)
    : m_loop(loop), m_master(std::move(master)), m_tap(std::move(tap))
{
}

void TerminalReader::begin()
{
    if (m_master)
        m_loop.watch(m_master.get(), EPOLLIN, [self = shared_from_this()](uint32_t) { self->readable(); });
}

TerminalReader::Read TerminalReader::readOnce()
{
    std::array<char, 4096> bytes;
    const ssize_t size = ::read(m_master.get(), bytes.data(), bytes.size());
    if (size > 0) {
        m_tap->output({bytes.data(), size});
        return Read::Some;
    }
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return Read::Nothing;
    return Read::Ended; // EIO: the last one that held the other side let go of it
}

void TerminalReader::readable()
{
    const auto self = shared_from_this(); // end() drops the handler that holds us
    Read last = Read::Some;
    int reads = 0;
    for (; reads < readsInTurn && last == Read::Some; ++reads)
        last = readOnce();
    if (last == Read::Ended) {
        end();
        return;
    }
    if (reads > 0 && !m_flushPlanned) {
        m_flushPlanned = true;
        m_loop.after(holdBack, [self] {
            self->m_flushPlanned = false;
            if (self->m_tap)
                self->m_tap->flush();
        });
    }
    if (last == Read::Some) {
        m_loop.change(m_master.get(), 0);
        m_loop.after(pause, [self] {
            if (self->m_master)
                self->m_loop.change(self->m_master.get(), EPOLLIN);
        });
    }
}

void TerminalReader::cut()
{
    if (m_tap)
        m_tap->cut();
}

void TerminalReader::cutAsked()
{
    if (!m_tap || !m_cuts.take(std::chrono::steady_clock::now()))
        return;
    // What was written before it was said comes through the kernel on another way, and a little later.
    m_loop.after(settle, [self = shared_from_this()] { self->cut(); });
}

void TerminalReader::end()
{
    if (!m_master)
        return;
    m_loop.unwatch(m_master.get());
    for (int i = 0; i < readsAtEnd && readOnce() == Read::Some; ++i) { }
    m_master.reset();
    m_tap.reset();
}

} // namespace parapet::plane
