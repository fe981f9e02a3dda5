// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArrayView>

namespace parapet::plane {

/// The size of each actor's terminal; it never changes.
inline constexpr int terminalColumns = 100;
inline constexpr int terminalRows = 30;
inline constexpr const char *terminalType = "xterm-256color";

/// Who is shown what an actor's terminal shows. Its functions are called on the host's thread for terminals, one at a time; while one
/// of them waits, no terminal is read and the workspaces' scripts wait for theirs, nothing else.
class TerminalTap
{
public:
    /// The terminal is gone; nothing comes any more.
    virtual ~TerminalTap() = default;
    /// What was written to the terminal, at most 4 KiB. Hostile bytes.
    virtual void output(QByteArrayView bytes) = 0;
    /// At most a second after output() it is time to store what was held back.
    virtual void flush() = 0;
    /// A piece of work is over: what comes next belongs to another.
    virtual void cut() = 0;
};

} // namespace parapet::plane
