// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace parapet::plane {

/// parapet-plane as a program: options, the line on stdout, signals, exit codes (ExitCode).
int runCommandLine(int argc, char *argv[]);

} // namespace parapet::plane
