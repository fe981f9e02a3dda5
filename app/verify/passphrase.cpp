// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verify/passphrase.h"

#include "app/verify/interruption.h"
#include "models/core/untrusted.h"

#include <QtCore/QCoreApplication>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace parapet::verify {

namespace {

struct PassphraseText {
    Q_DECLARE_TR_FUNCTIONS(Verify)
};

constexpr qsizetype longestPassphrase = 1024;

/// A terminal that shows nothing of what is typed, until it goes.
class SilentTerminal
{
public:
    SilentTerminal() : m_file(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY))
    {
        if (m_file < 0 || ::tcgetattr(m_file, &m_before) != 0)
            return;
        termios silent = m_before;
        silent.c_lflag &= ~tcflag_t(ECHO);
        silent.c_lflag |= ECHONL;
        m_silent = ::tcsetattr(m_file, TCSAFLUSH, &silent) == 0;
    }
    ~SilentTerminal()
    {
        if (m_silent)
            ::tcsetattr(m_file, TCSAFLUSH, &m_before);
        if (m_file >= 0)
            ::close(m_file);
    }
    Q_DISABLE_COPY_MOVE(SilentTerminal)

    bool isThere() const { return m_silent; }
    void write(QByteArrayView text) const { [[maybe_unused]] const ssize_t written = ::write(m_file, text.data(), size_t(text.size())); }
    /// False at the end of the input and after an interruption.
    bool read(char &byte) const
    {
        pollfd waiting[] = {{m_file, POLLIN, 0}, {Interruption::descriptor(), POLLIN, 0}};
        while (::poll(waiting, 2, -1) < 0) {
            if (errno != EINTR)
                return false;
        }
        return waiting[1].revents == 0 && ::read(m_file, &byte, 1) == 1;
    }

private:
    const int m_file;
    termios m_before{};
    bool m_silent = false;
};

} // namespace

Result<QByteArray> askPassphrase(const QString &file)
{
    const SilentTerminal terminal;
    if (!terminal.isThere()) {
        return fail(Error::Code::Invalid,
                    PassphraseText::tr("The key in %1 is locked with a passphrase, and there is no terminal to ask for it. Run this on a terminal.").arg(file));
    }
    terminal.write(PassphraseText::tr("Passphrase of %1: ").arg(Untrusted(file).inert(200)).toUtf8());
    QByteArray passphrase;
    passphrase.reserve(longestPassphrase); // so that no part of it stays behind when it grows
    for (char byte = 0; passphrase.size() < longestPassphrase;) {
        if (!terminal.read(byte))
            return fail(Interruption::error());
        if (byte == '\n')
            return passphrase;
        passphrase.append(byte);
    }
    return fail(Error::Code::Invalid, PassphraseText::tr("The passphrase is too long."));
}

} // namespace parapet::verify
