// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ports/auditstore.h"
#include "models/wire/codec.h"

namespace parapet::wire {

/// `{"from","people","agents","services","refused"}`; counts are not negative, the last two may be missing (0).
template<>
void appendJson<ActivitySlice>(QByteArray &out, const ActivitySlice &slice);
template<>
Result<ActivitySlice> fromJson<ActivitySlice>(const QJsonObject &object, Unknown unknown, Missing missing,
                                              const QString &pointer);

/// `{"origin","size","rootHash","at"}`; the root hash is base64 of exactly 32 bytes.
template<>
void appendJson<LogHead>(QByteArray &out, const LogHead &head);
template<>
Result<LogHead> fromJson<LogHead>(const QJsonObject &object, Unknown unknown, Missing missing, const QString &pointer);

/// `{"size","rootHash","witness","line","at"}` and what else the store keeps of it; the root hash as above.
template<>
void appendJson<Cosignature>(QByteArray &out, const Cosignature &cosignature);
template<>
Result<Cosignature> fromJson<Cosignature>(const QJsonObject &object, Unknown unknown, Missing missing, const QString &pointer);

} // namespace parapet::wire
