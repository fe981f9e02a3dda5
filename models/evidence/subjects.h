// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/revocation.h"

#include <QtCore/QJsonArray>

namespace parapet::evidence {

/// The in-toto subjects of a record: each workspace with the SHA-256 of its canonical entry, and each digest that a
/// step put out.
QJsonArray subjectsOf(const RevocationRecord &record);

/// True for the outputs of a step that are SHA-256 digests by their name.
inline bool isDigestName(const QString &name)
{
    return name.endsWith(QLatin1String("Sha256"));
}

} // namespace parapet::evidence
