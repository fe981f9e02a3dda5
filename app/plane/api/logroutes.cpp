// SPDX-License-Identifier: GPL-3.0-or-later
// The log as it is published: checkpoints, tiles and entries (C2SP tlog-tiles), and witnesses' cosignatures.
#include "app/plane/api/api.h"

#include "app/plane/api/params.h"
#include "app/plane/audit/logpublisher.h"
#include "models/core/json.h"
#include "models/wire/reader.h"

#include <QtCore/QCoreApplication>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

constexpr char checkpointType[] = "text/plain; charset=utf-8";
constexpr int mostCosignatures = 500;

Answer tileAnswer(const transparency::TileId &id, QByteArray bytes)
{
    Answer answer;
    answer.body = std::move(bytes);
    answer.contentType = "application/octet-stream";
    // Only for the one who asked: it is behind a right. A full tile never changes; a partial one is replaced by a wider name.
    answer.headers.append(server::Header{"Cache-Control", id.isFull() ? "private, max-age=31536000, immutable" : "private, max-age=3600"});
    return answer;
}

} // namespace

void Api::addLogRoutes()
{
    const auto tile = [this](const QString &path) -> Result<Answer> {
        const auto id = transparency::TileId::parse(path);
        if (!id)
            return fail(Error::Code::NotFound, id.error().message);
        Result<QByteArray> bytes = m_parts.publisher.tile(*id);
        return bytes ? Result<Answer>(tileAnswer(*id, *std::move(bytes))) : Result<Answer>(fail(bytes.error()));
    };
    const auto checkpoint = [](Result<QByteArray> note) -> Result<Answer> {
        if (!note)
            return fail(note.error());
        Answer answer;
        answer.body = *std::move(note);
        answer.contentType = checkpointType;
        return answer;
    };

    // Checkpoints and hashes tell nothing of any event and are asked for at each refresh. Each one recorded would make the log grow by
    // being looked at, and no checkpoint would ever cover the newest event.
    Endpoint newest{"GET", u"/checkpoint"_s, Interface::Audit, u"checkpoint.read"_s, u"audit:read"_s};
    newest.unrecorded = true;
    newest.slowRead = [this, checkpoint](const Call &) { return checkpoint(m_parts.publisher.checkpoint()); };
    add(newest);

    Endpoint earlier{"GET", u"/v1/checkpoints/{size}"_s, Interface::Audit, u"checkpoint.read"_s, u"audit:read"_s};
    earlier.unrecorded = true;
    earlier.slowRead = [this, checkpoint](const Call &call) -> Result<Answer> {
        bool number = false;
        const qint64 size = call.argument().toLongLong(&number);
        if (!number || size < 0)
            return invalid(QCoreApplication::translate("api", "A checkpoint's size is a number from 0."));
        return checkpoint(m_parts.publisher.checkpointAt(size));
    };
    add(earlier);

    // Entries are events, and reading events is recorded.
    Endpoint entries{"GET", u"/tile/entries/{path}"_s, Interface::Audit, u"entries.read"_s, u"audit:read"_s};
    entries.tail = true;
    entries.slowRead = [tile](const Call &call) { return tile(u"tile/entries/"_s + call.argument()); };
    add(entries);

    Endpoint hashes{"GET", u"/tile/{path}"_s, Interface::Audit, u"tile.read"_s, u"audit:read"_s};
    hashes.tail = true;
    hashes.unrecorded = true;
    hashes.slowRead = [tile](const Call &call) { return tile(u"tile/"_s + call.argument()); };
    add(hashes);

    Endpoint seen{"GET", u"/v1/cosignatures"_s, Interface::Audit, u"cosignature.list"_s, u"audit:read"_s, Subject::None, {u"limit"_s}};
    seen.unrecorded = true;
    seen.slowRead = [this](const Call &call) -> Result<Answer> {
        bool number = true;
        const int limit = call.parameter("limit").value_or(u"50"_s).toInt(&number);
        if (!number || limit < 1 || limit > mostCosignatures)
            return invalid(QCoreApplication::translate("api", "“limit” is a number from 1 to 500."));
        Result<QByteArray> items = m_parts.publisher.cosignatures(limit);
        if (!items)
            return fail(items.error());
        Answer answer;
        answer.body = *std::move(items);
        return answer;
    };
    add(seen);

    // A cosignature that is taken makes no event: the event would be a new head, and no published head could ever be cosigned. It
    // is a signed statement of its own, kept with who brought it and when. One that is refused is recorded as any other call.
    Endpoint cosign{"POST", u"/v1/cosignatures"_s, Interface::Audit, u"cosignature.add"_s, u"audit:write"_s};
    cosign.members = {u"size"_s, u"line"_s};
    cosign.write = [this](Unit &unit, const Call &call, const Change &) -> Result<Answer> {
        const QJsonObject body = parseJson(call.request.body).value_or(QJsonValue()).toObject();
        wire::ObjectReader reader(body);
        const qint64 size = reader.integer("size");
        const QString line = reader.text("line", wire::Missing::Refuse, 4096);
        (void)reader.text("reason", wire::Missing::Allow);
        if (const auto error = reader.finish(wire::Unknown::Refuse))
            return fail(*error);
        const auto added = m_parts.publisher.addCosignature(unit, size, line, call.caller.id.value);
        if (!added)
            return fail(added.error());
        Answer answer;
        answer.body = added->json();
        return answer;
    };
    add(cosign);
}

} // namespace parapet::plane
