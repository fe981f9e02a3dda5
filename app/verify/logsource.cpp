// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verify/logsource.h"

#include "app/verify/interruption.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>

namespace parapet::verify {

using namespace Qt::StringLiterals;
using namespace transparency;

namespace {

struct SourceText {
    Q_DECLARE_TR_FUNCTIONS(Verify)
};

Failure unreadable(const QString &path, const QString &why)
{
    return fail(Error::Code::Storage, u"%1: %2"_s.arg(path, why));
}

} // namespace

LogSource folderSource(const QString &folder)
{
    const auto read = [folder](const QString &path, qsizetype limit) -> Result<QByteArray> {
        const QString name = folder + u'/' + path;
        const QFileInfo info(name);
        if (!info.exists())
            return fail(Error::Code::NotFound, SourceText::tr("%1: there is no such file.").arg(name));
        if (!info.isFile())
            return unreadable(name, SourceText::tr("It is not a file."));
        QFile file(name);
        if (!file.open(QIODevice::ReadOnly))
            return unreadable(name, file.errorString());
        QByteArray bytes = file.read(std::min<qint64>(file.size(), limit + 1));
        if (file.error() != QFileDevice::NoError)
            return unreadable(name, file.errorString());
        return bytes;
    };
    return {read, {}};
}

LogSource interruptible(LogSource source)
{
    source.read = [read = std::move(source.read)](const QString &path, qsizetype limit) -> Result<QByteArray> {
        if (Interruption::isAsked())
            return fail(Interruption::error());
        return read(path, limit);
    };
    return source;
}

Result<QByteArray> readTile(const LogSource &source, TileId &id)
{
    const qsizetype limit = id.isEntries() ? bundleLimit : hashTileLimit;
    Result<QByteArray> bytes = source.read(id.path(), limit);
    if (bytes || bytes.error().code != Error::Code::NotFound || id.isFull())
        return bytes;
    Result<QByteArray> full = source.read(id.full().path(), limit);
    if (!full && full.error().code == Error::Code::NotFound)
        return bytes;
    id = id.full();
    return full;
}

Status judgeCheckpoint(Follower &follower, const LogSource &source, const QByteArray &note, Instant now)
{
    follower.offer(note, now);
    for (QVector<TileId> wanted = follower.wanted(); !wanted.isEmpty(); wanted = follower.wanted()) {
        TileId id = wanted.first();
        const Result<QByteArray> bytes = readTile(source, id);
        if (bytes)
            follower.supply(id, *bytes);
        else if (bytes.error().code == Error::Code::NotFound)
            follower.withhold(id);
        else
            return fail(bytes.error());
    }
    return {};
}

} // namespace parapet::verify
