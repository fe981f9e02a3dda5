// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/importing/importplace.h"

#include "models/core/id.h"
#include "models/crypto/digest.h"

#include <QtCore/QCoreApplication>

#include <cerrno>

#include <unistd.h>

namespace parapet::plane {

namespace {

constexpr qsizetype placeBytes = 4096;

/// Up to `size` bytes at `at`; fewer where the file ends.
Result<QByteArray> bytesAt(int file, qint64 at, qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    qsizetype done = 0;
    while (done < size) {
        const ssize_t count = ::pread(file, bytes.data() + done, size_t(size - done), at + done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(Error::Code::Storage, QCoreApplication::translate("import", "The file cannot be read."), qt_error_string(errno));
        if (count == 0)
            break;
        done += count;
    }
    bytes.truncate(done);
    return bytes;
}

Result<QByteArray> digestBefore(int file, qint64 position)
{
    const qsizetype size = qsizetype(std::min<qint64>(position, placeBytes));
    const Result<QByteArray> bytes = bytesAt(file, position - size, size);
    if (!bytes)
        return fail(bytes.error());
    return bytes->size() == size ? crypto::sha256(*bytes) : QByteArray();
}

QByteArray packed(const QVector<formats::WaitingLine> &lines)
{
    QByteArray out;
    for (const formats::WaitingLine &line : lines)
        out += QByteArray::number(line.number) + ' ' + QByteArray::number(line.bytes.size()) + '\n' + line.bytes + '\n';
    return out;
}

QVector<formats::WaitingLine> unpacked(const QByteArray &bytes)
{
    QVector<formats::WaitingLine> lines;
    for (qsizetype at = 0; at < bytes.size();) {
        const qsizetype end = bytes.indexOf('\n', at);
        const qsizetype space = bytes.indexOf(' ', at);
        if (end < 0 || space < 0 || space > end)
            return lines;
        const qint64 number = bytes.mid(at, space - at).toLongLong();
        const qsizetype size = bytes.mid(space + 1, end - space - 1).toLongLong();
        lines.append({number, bytes.mid(end + 1, size)});
        at = end + 1 + size + 1;
    }
    return lines;
}

} // namespace

Result<ImportPlace> ImportPlace::find(storage::Database &database, int file, const QString &origin)
{
    Result<QByteArray> beginning = bytesAt(file, 0, placeBytes);
    if (!beginning)
        return fail(beginning.error());
    if (const qsizetype end = beginning->indexOf('\n'); end >= 0)
        beginning->truncate(end);
    ImportPlace place;
    place.origin = origin;
    place.first = crypto::sha256(*beginning);
    auto rows = database.prepare(R"(SELECT "id","position","last","lines","waiting","asideName","asideSize" FROM imports
WHERE "origin"=? AND "first"=? ORDER BY "position" DESC)", false);
    if (!rows)
        return fail(rows.error());
    rows->bind(1, origin).bindBlob(2, place.first);
    while (true) {
        const Result<bool> there = rows->step();
        if (!there)
            return fail(there.error());
        if (!*there)
            break;
        const Result<QByteArray> digest = digestBefore(file, rows->integer(1));
        if (!digest)
            return fail(digest.error());
        if (*digest != rows->blob(2))
            continue; // another file that begins alike, or one that was shortened
        place.id = rows->text(0);
        place.position = rows->integer(1);
        place.last = *digest;
        place.lines = rows->integer(3);
        place.waiting = unpacked(rows->blob(4));
        place.asideName = rows->text(5);
        place.asideSize = rows->integer(6);
        return place;
    }
    place.id = newIdentifier(u"import");
    place.asideName = place.id + QStringLiteral(".aside.jsonl");
    return place;
}

Status ImportPlace::reach(int opened, qint64 reached, qint64 lineCount)
{
    Result<QByteArray> digest = digestBefore(opened, reached);
    if (!digest)
        return fail(digest.error());
    position = reached;
    lines = lineCount;
    last = std::move(*digest);
    return {};
}

Status ImportPlace::store(storage::Database &database, Instant at) const
{
    auto upsert = database.prepare(
        R"(INSERT INTO imports("id","origin","first","position","last","lines","waiting","asideName","asideSize","file","at") VALUES(?,?,?,?,?,?,?,?,?,?,?)
ON CONFLICT("id") DO UPDATE SET "position"=excluded."position","last"=excluded."last","lines"=excluded."lines","waiting"=excluded."waiting",
"asideSize"=excluded."asideSize","file"=excluded."file","at"=excluded."at")");
    if (!upsert)
        return fail(upsert.error());
    upsert->bind(1, id).bind(2, origin).bindBlob(3, first).bind(4, position).bindBlob(5, last).bind(6, lines).bindBlob(7, packed(waiting));
    return upsert->bind(8, asideName).bind(9, asideSize).bind(10, file).bind(11, qint64(at.time_since_epoch().count())).run();
}

} // namespace parapet::plane
