// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transparency/verdict.h"

#include <QtCore/QCoreApplication>

namespace parapet::transparency {

bool isTrusted(Verdict verdict)
{
    return verdict == Verdict::First || verdict == Verdict::Consistent || verdict == Verdict::SameSize;
}

QString wordsFor(Verdict verdict)
{
    const auto say = [](const char *text) { return QCoreApplication::translate("transparency", text); };
    switch (verdict) {
    case Verdict::First:
        return say("The checkpoint is signed by the pinned key. There is no earlier one to compare it with.");
    case Verdict::Consistent:
        return say("The log grew, and begins with all that it held before.");
    case Verdict::SameSize:
        return say("The log is as it was.");
    case Verdict::RolledBack:
        return say("The log is shorter than it was: its newest events were dropped.");
    case Verdict::Forked:
        return say("The log shows another history than before: events that it had signed were changed.");
    case Verdict::Unproven:
        return say("The log does not prove what its checkpoint signs: its stored hashes were altered or dropped.");
    case Verdict::BadSignature:
        return say("The log's checkpoint is not signed by the log.");
    case Verdict::KeySwapped:
        return say("The log signs with another key than the one that is pinned.");
    case Verdict::Garbage:
        return say("What the log answers is not a checkpoint of this log.");
    case Verdict::Altered:
        return say("An event of the log is not what the log signed.");
    }
    return {};
}

} // namespace parapet::transparency
