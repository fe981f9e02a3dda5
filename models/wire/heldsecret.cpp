// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/wire/heldsecret.h"

namespace parapet::wire {

template<>
void appendJson<HeldSecret>(QByteArray &out, const HeldSecret &secret)
{
    out += "{\"kind\":";
    appendString(out, nameOf(secret.kind));
    const std::pair<const char *, const QString *> texts[] = {{"subject", &secret.subject},
                                                              {"label", &secret.label},
                                                              {"target", &secret.target},
                                                              {"endpoint", &secret.endpoint},
                                                              {"userName", &secret.userName}};
    for (const auto &[name, text] : texts) {
        appendName(out, name);
        appendString(out, *text);
    }
    out += ",\"secret\":\"";
    out += secret.secret.toBase64();
    out += "\"}";
}

template<>
Result<HeldSecret> fromJson<HeldSecret>(const QJsonObject &object, Unknown unknown, Missing missing,
                                        const QString &pointer)
{
    ObjectReader reader(object, pointer);
    HeldSecret held;
    held.kind = HeldSecret::Kind(reader.enumeration("kind", EnumNames<HeldSecret::Kind>::names, missing));
    held.subject = reader.text("subject", missing, maxIdentifierLength);
    held.label = reader.text("label", missing, 256);
    held.target = reader.text("target", missing, 256);
    held.endpoint = reader.text("endpoint", missing, 2048);
    held.userName = reader.text("userName", missing, 256);
    held.secret = reader.bytes("secret", 4096);
    if (auto error = reader.finish(unknown))
        return fail(std::move(*error));
    return held;
}

} // namespace parapet::wire
