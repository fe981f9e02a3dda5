// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/fields.h"
#include "models/ports/credentialbroker.h"
#include "models/wire/codec.h"

namespace parapet {

template<>
struct EnumNames<HeldSecret::Kind> {
    static constexpr std::array names{"sessionToken", "leaseSecret"};
};

namespace wire {

/// `{"kind","subject","label","target","endpoint","userName","secret"}`; the secret is base64 of at most 4,096 bytes.
/// Errors never repeat a value.
template<>
void appendJson<HeldSecret>(QByteArray &out, const HeldSecret &secret);
template<>
Result<HeldSecret> fromJson<HeldSecret>(const QJsonObject &object, Unknown unknown, Missing missing,
                                        const QString &pointer);

} // namespace wire
} // namespace parapet
