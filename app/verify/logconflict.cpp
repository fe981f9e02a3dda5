// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verify/logconflict.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFile>

namespace parapet::verify {

using namespace Qt::StringLiterals;
using namespace transparency;

namespace {

struct ConflictText {
    Q_DECLARE_TR_FUNCTIONS(Verify)
};

constexpr int mostNames = 1000;

ConflictBundle framed(const ConflictFrame &frame, transparency::Verdict verdict, const QString &words)
{
    ConflictBundle conflict;
    conflict.verdict = verdict;
    conflict.log = frame.log.text();
    if (frame.before) {
        conflict.kept = frame.before->note;
        conflict.keptAt = frame.before->at;
    }
    conflict.seen = frame.note;
    conflict.seenAt = frame.at;
    conflict.words = words;
    return conflict;
}

} // namespace

std::optional<ConflictBundle> conflictOfTiles(const ConflictFrame &frame, const TileReader &reader, const QVector<TileId> &missing)
{
    ConflictBundle conflict = framed(frame, transparency::Verdict::Unproven, wordsFor(transparency::Verdict::Unproven));
    conflict.fetched = Follower::evidenceOf(reader);
    for (const TileId &id : missing) {
        if (conflict.fetched.size() < ConflictBundle::maximumTiles)
            conflict.fetched.append({id.path(), {}});
    }
    return conflict.fetched.isEmpty() ? std::nullopt : std::optional(std::move(conflict));
}

Result<std::optional<ConflictBundle>> conflictOfEntry(const ConflictFrame &frame, TileReader &reader, const LogSource &source, const TileId &bundle,
                                                      const QByteArray &bytes)
{
    const std::optional<ConflictBundle> none;
    const Result<QVector<QByteArrayView>> entries = entriesOf(bytes, bundle.width);
    if (!entries)
        return none;
    const int width = tileWidth(0, bundle.index, reader.head().size);
    for (int i = 0; i < std::min<int>(width, int(entries->size())); ++i) {
        const qint64 index = bundle.index * TileId::fullWidth + i;
        const Result<Hash> leaf = reader.leaf(index);
        if (!leaf)
            return none;
        if (leafHash(entries->at(i)) == *leaf)
            continue;
        for (TileId id : reader.missingForInclusion(index)) {
            const Result<QByteArray> tile = readTile(source, id);
            if (!tile && tile.error().code != Error::Code::NotFound)
                return fail(tile.error());
            if (!tile || !reader.add(id, *tile))
                return none;
        }
        Result<QVector<Hash>> path = reader.inclusionProof(index);
        if (!path)
            return none;
        ConflictBundle conflict = framed(frame, transparency::Verdict::Altered, wordsFor(transparency::Verdict::Altered));
        conflict.altered = ConflictBundle::AlteredEvent{index, entries->at(i).toByteArray(), *leaf, *std::move(path)};
        return std::optional(std::move(conflict));
    }
    return none;
}

bool isOfTheLog(transparency::Verdict verdict)
{
    return verdict != transparency::Verdict::BadSignature && verdict != transparency::Verdict::Garbage;
}

Result<QString> writeConflict(const ConflictBundle &conflict, const QString &path)
{
    const QByteArray bytes = conflict.toBytes();
    const QString stem = u"parapet-conflict-%1"_s.arg(toRfc3339(conflict.seenAt).remove(u':').section(u'.', 0, 0));
    for (int i = 1; i <= (path.isEmpty() ? mostNames : 1); ++i) {
        const QString name = !path.isEmpty() ? path : i == 1 ? stem + u".json"_s : u"%1-%2.json"_s.arg(stem).arg(i);
        if (QFile::exists(name))
            continue;
        QFile file(name);
        if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly) || file.write(bytes) != bytes.size() || !file.flush()) {
            return fail(Error::Code::Storage, ConflictText::tr("The conflict bundle cannot be written to “%1”: %2. Name another place with --bundle-out.")
                                                  .arg(name, file.errorString()));
        }
        return QDir::toNativeSeparators(name);
    }
    return fail(Error::Code::Storage,
                ConflictText::tr("The conflict bundle was not written: “%1” is there already. Name another place with --bundle-out.").arg(path.isEmpty() ? stem : path));
}

} // namespace parapet::verify
