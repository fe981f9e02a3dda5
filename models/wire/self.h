// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/self.h"
#include "models/wire/codec.h"

namespace parapet::wire {

/// The members of the principal, then `"acceptedUntil":time,"rights":[{"right","scope","effect"}]`; at most maxItems rights.
template<>
void appendJson<Self>(QByteArray &out, const Self &self);
template<>
Result<Self> fromJson<Self>(const QJsonObject &object, Unknown unknown, Missing missing, const QString &pointer);

} // namespace parapet::wire
