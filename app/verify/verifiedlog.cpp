// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verify/verifiedlog.h"

#include "app/verify/eventcheck.h"
#include "models/core/json.h"
#include "models/crypto/privatefile.h"
#include "models/transparency/checkpoint.h"
#include "models/wire/reader.h"

#include <QtCore/QCoreApplication>

namespace parapet::verify {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype largestState = 1 << 20;

const QString &stateType()
{
    static const QString type = u"https://parapet.dev/verified-log"_s;
    return type;
}

Failure stateDamaged(const QString &path, const QString &detail)
{
    return fail(Error::Code::Storage,
                QCoreApplication::translate("Verify", "“%1” is damaged, or of another log, so that the log cannot be compared with what it was. "
                                                      "Restore the file from a backup, or remove it to begin anew.").arg(path),
                detail);
}

} // namespace

Result<std::optional<VerifiedLog>> VerifiedLog::read(const QString &path, const crypto::NoteVerifier &log)
{
    const Result<QByteArray> bytes = crypto::readPrivateFile(path);
    if (!bytes) {
        if (bytes.error().code == Error::Code::NotFound)
            return std::optional<VerifiedLog>();
        return fail(bytes.error());
    }
    const Result<QJsonValue> json = parseJson(*bytes, {largestState, 8});
    if (!json || !json->isObject() || canonicalJson(*json) != *bytes)
        return stateDamaged(path, u"not canonical JSON"_s);
    QJsonObject object = json->toObject();
    if (object.take(u"type"_s).toString() != stateType() || object.take(u"version"_s) != QJsonValue(1))
        return stateDamaged(path, u"another type or version"_s);
    wire::ObjectReader reader(object);
    VerifiedLog state{reader.bytes("note", transparency::Note::maximumBytes), reader.time("at"), reader.integer("position"), {}};
    for (const QJsonValue &entry : reader.array("origins", OriginNumbers::maximumOrigins)) {
        wire::ObjectReader inner(entry.toObject(), u"/origins"_s);
        const QString origin = inner.text("origin", wire::Missing::Refuse, wire::maxIdentifierLength);
        const qint64 last = inner.integer("last");
        if (const auto error = inner.finish(wire::Unknown::Refuse))
            return stateDamaged(path, error->detail);
        if (state.origins.contains(origin))
            return stateDamaged(path, u"an origin is named twice"_s);
        state.origins.insert(origin, last);
    }
    if (const auto error = reader.finish(wire::Unknown::Refuse))
        return stateDamaged(path, error->detail);
    const Result<transparency::SignedCheckpoint> opened = transparency::openCheckpoint(state.note, log);
    if (!opened)
        return stateDamaged(path, opened.error().message);
    if (state.position < 0 || state.position > opened->head().size)
        return stateDamaged(path, u"the position is not within the log"_s);
    return std::optional<VerifiedLog>(std::move(state));
}

Status VerifiedLog::write(const QString &path) const
{
    QJsonArray array;
    for (auto it = origins.begin(); it != origins.end(); ++it)
        array.append(QJsonObject{{u"origin"_s, it.key()}, {u"last"_s, it.value()}});
    return crypto::writePrivateFile(path, canonicalJson(QJsonObject{{u"type"_s, stateType()}, {u"version"_s, 1},
                                                                    {u"note"_s, QString::fromLatin1(note.toBase64())},
                                                                    {u"at"_s, toRfc3339(at)}, {u"position"_s, position},
                                                                    {u"origins"_s, array}}));
}

} // namespace parapet::verify
