// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/fields.h"

#include <QtCore/QString>

namespace parapet::transparency {

/// What a newly fetched checkpoint is, beside the one that was kept.
enum class Verdict {
    First,        ///< nothing was kept: the signature alone was checked
    Consistent,   ///< the log grew, and still begins with what it was
    SameSize,     ///< nothing was added
    RolledBack,   ///< the log is shorter than it was
    Forked,       ///< another history: what was signed before is not in it
    Unproven,     ///< the log's tiles do not have the root that it signed, or it does not show them
    BadSignature, ///< not the log's signature
    KeySwapped,   ///< signed by another key than the pinned one
    Garbage,      ///< not a checkpoint of this log
    Altered,      ///< an event that is served is not the leaf that the log signed; never said of a checkpoint
};

/// First, Consistent, SameSize.
bool isTrusted(Verdict verdict);
/// One sentence for a person, translated.
QString wordsFor(Verdict verdict);

} // namespace parapet::transparency

/// As in documents: nameOf(), fromName().
template<>
struct parapet::EnumNames<parapet::transparency::Verdict> {
    static constexpr std::array names{"first",        "consistent", "sameSize", "rolledBack", "forked", "unproven",
                                      "badSignature", "keySwapped", "garbage",    "altered"};
};
