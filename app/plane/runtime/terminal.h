// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/runtime/loop.h"
#include "app/plane/runtime/terminaltap.h"
#include "models/core/result.h"

#include <memory>

namespace parapet::plane {

/// A pseudo-terminal as it begins: no echo, since nobody types, and lines end in CR LF as programs expect.
struct Terminal {
    FileDescriptor master; ///< non-blocking
    FileDescriptor slave;
};
Result<Terminal> openTerminal();

/// How often a script may begin another piece of work: six times at once, then once in 20 seconds.
class CutBudget
{
public:
    bool take(std::chrono::steady_clock::time_point now);

private:
    double m_left = 6;
    std::chrono::steady_clock::time_point m_at = std::chrono::steady_clock::now();
};

/// Reads one terminal and shows it to its tap. A flood is read in pieces with a pause after each, so that it is the script that
/// waits. Belongs to the loop's thread; made elsewhere.
class TerminalReader : public std::enable_shared_from_this<TerminalReader>
{
public:
    TerminalReader(Loop &loop, FileDescriptor master, std::unique_ptr<TerminalTap> tap);
    void begin();
    /// A piece of work is over. `asked` is for what the script itself says: it is heard as often as its budget allows.
    void cut();
    void cutAsked();
    /// Reads what is left, then lets the tap go.
    void end();

private:
    enum class Read { Nothing, Some, Ended };
    Read readOnce();
    void readable();

    static constexpr int readsInTurn = 32; ///< of at most 4 KiB, which is what the kernel gives at once
    static constexpr int readsAtEnd = 256;
    static constexpr std::chrono::milliseconds pause{10};
    static constexpr std::chrono::milliseconds holdBack{1000};
    static constexpr std::chrono::milliseconds settle{200};

    Loop &m_loop;
    FileDescriptor m_master;
    std::unique_ptr<TerminalTap> m_tap;
    CutBudget m_cuts;
    bool m_flushPlanned = false;
};

} // namespace parapet::plane
