// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QStringList>

namespace parapet::verify {

/// How the program ends: parapet-verify(1).
enum ExitCode { Holds = 0, DoesNotHold = 1, Misused = 2, Unchecked = 3 };

/// The command line, as it came.
struct Options {
    enum class Ask { Check, Help, Version, NewWitnessKey };

    Ask ask = Ask::Check;
    QString authority, keySha256, key;
    QString log, state, bundleOut, certificate, privateKey;
    QString witness, witnessKeyNew, witnessName;
    QStringList files;
    QString helpText;
    int retries = 5;
    bool json = false;

    bool isRemote() const;
};

/// Invalid, with what is wrong, for a command line that asks for nothing or for two things at once.
Result<Options> optionsFrom(const QStringList &arguments);

} // namespace parapet::verify
