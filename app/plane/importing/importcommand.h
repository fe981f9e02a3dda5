// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QStringList>

namespace parapet::plane {

/// `parapet-plane import …`: the program, from its arguments (the first one is the program's name) to its exit code.
int importCommand(const QStringList &arguments);

} // namespace parapet::plane
