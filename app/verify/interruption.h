// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/error.h"

namespace parapet::verify {

/// Ctrl+C (SIGINT) and SIGTERM: what runs ends in order, and what was verified is kept. The second one ends the program at once.
class Interruption
{
public:
    /// From now on. Once, before there are threads.
    static void watch();
    static bool isAsked();
    /// Becomes readable when it is asked for, and stays so: for an event loop. −1 before watch().
    static int descriptor();
    /// Cancelled.
    static Error error();
};

} // namespace parapet::verify
