// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/wire/self.h"

namespace parapet::wire {

template<>
void appendJson<Self>(QByteArray &out, const Self &self)
{
    appendJson(out, self.principal);
    out.chop(1);
    appendName(out, "acceptedUntil");
    appendTime(out, self.acceptedUntil);
    appendName(out, "rights");
    out += '[';
    for (qsizetype i = 0; i < self.rights.size(); ++i) {
        if (i)
            out += ',';
        appendJson(out, self.rights[i]);
    }
    out += "]}";
}

template<>
Result<Self> fromJson<Self>(const QJsonObject &object, Unknown unknown, Missing missing, const QString &pointer)
{
    QJsonObject own;
    QJsonObject principal = object;
    for (const char *name : {"acceptedUntil", "rights"}) {
        if (principal.contains(QLatin1String(name)))
            own.insert(QLatin1String(name), principal.take(QLatin1String(name)));
    }
    Result<Principal> who = fromJson<Principal>(principal, unknown, missing, pointer);
    if (!who)
        return fail(std::move(who.error()));
    ObjectReader reader(own, pointer);
    Self self{std::move(*who), {}, reader.time("acceptedUntil", missing)};
    if (auto error = reader.finish(Unknown::Ignore))
        return fail(std::move(*error));
    Result<QVector<Grant>> rights = listFrom<Grant>(own.value(QLatin1String("rights")), maxItems, reader.place("rights"));
    if (!rights)
        return fail(std::move(rights.error()));
    self.rights = std::move(*rights);
    return self;
}

} // namespace parapet::wire
