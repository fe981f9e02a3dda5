// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ports/runtime.h"
#include "models/wire/codec.h"

namespace parapet::wire {

template<>
void appendJson<RuntimeState>(QByteArray &out, const RuntimeState &state);
template<>
Result<RuntimeState> fromJson<RuntimeState>(const QJsonObject &object, Unknown unknown, Missing missing,
                                            const QString &pointer);

/// `{"items":[{"verb","present","reason"}]}`: what the runtime can do, by verb (see Runtime::capability). At most 64
/// verbs.
using VerbCapability = std::pair<QString, Capability>;
void appendCapabilities(QByteArray &out, const QVector<VerbCapability> &capabilities);
Result<QVector<VerbCapability>> capabilitiesFromJson(const QJsonObject &object);

} // namespace parapet::wire
