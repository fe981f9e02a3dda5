// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "ui/kit/theme.h"

#include <QtCore/QStringList>

#include <optional>

namespace parapet::console {

/// What the command line asks for. See packaging/man/parapet.1.
struct Arguments {
    enum class Ask { Run, Help, Version };
    Ask ask = Ask::Run;
    bool local = false;
    QString profile;
    QString page;
    QString tour;                          ///< folder for the pictures; empty: no tour
    std::optional<kit::ThemeChoice> theme; ///< overrides the saved choice
};

/// Reads `arguments` (the program's name first). Invalid, with a sentence, for what does not fit.
Result<Arguments> parseArguments(const QStringList &arguments);

/// The text of --help.
QString helpText();

} // namespace parapet::console
