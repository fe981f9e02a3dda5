// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QCoreApplication;

namespace parapet::kit {

/// Loads the program's own texts: those of the person's language where there is one, else the English ones, which hold the plural
/// forms ("1 workspace", "2 workspaces"). Call it before anything is made that shows a text; a second call does nothing.
void installLanguage(QCoreApplication &application);

} // namespace parapet::kit
