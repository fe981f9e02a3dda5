// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transparency/tile.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QStringList>
#include <QtCore/QtEndian>

namespace parapet::transparency {

using namespace Qt::StringLiterals;

namespace {

constexpr int highestTileLevel = 63;
constexpr qsizetype longestTilePath = 64;

Failure badTilePath()
{
    return fail(Error::Code::Invalid, QCoreApplication::translate("transparency", "This is not the path of a tile."));
}

Failure badBundle(const char *why)
{
    return fail(Error::Code::Protocol, QCoreApplication::translate("transparency", "The log's entry bundle is damaged."),
                QString::fromLatin1(why));
}

/// A decimal number of at most `digits` digits; −1 for anything else.
qint64 tileNumber(QStringView text, qsizetype digits)
{
    if (text.isEmpty() || text.size() > digits)
        return -1;
    qint64 number = 0;
    for (const QChar c : text) {
        if (c < u'0' || c > u'9')
            return -1;
        number = number * 10 + (c.unicode() - u'0');
    }
    return number;
}

} // namespace

QString TileId::path() const
{
    QString number = u"%1"_s.arg(index % 1000, 3, 10, QLatin1Char('0'));
    for (qint64 rest = index / 1000; rest > 0; rest /= 1000)
        number.prepend(u"x%1/"_s.arg(rest % 1000, 3, 10, QLatin1Char('0')));
    const QString name = isEntries() ? u"entries"_s : QString::number(level);
    return isFull() ? u"tile/%1/%2"_s.arg(name, number) : u"tile/%1/%2.p/%3"_s.arg(name, number).arg(width);
}

Result<TileId> TileId::parse(QStringView path)
{
    QList<QStringView> parts = path.size() <= longestTilePath ? path.split(u'/') : QList<QStringView>();
    if (parts.size() < 3 || parts[0] != "tile"_L1)
        return badTilePath();
    TileId id;
    id.level = parts[1] == "entries"_L1 ? entriesLevel : int(tileNumber(parts[1], 2));
    if ((id.level < 0 && parts[1] != "entries"_L1) || id.level > highestTileLevel)
        return badTilePath();
    if (parts[parts.size() - 2].endsWith(".p"_L1)) {
        id.width = int(tileNumber(parts.takeLast(), 3));
        parts.last().chop(2);
        if (id.width < 1 || id.width >= fullWidth)
            return badTilePath();
    }
    if (parts.size() < 3)
        return badTilePath();
    for (qsizetype i = 2; i < parts.size(); ++i) {
        QStringView group = parts[i];
        if (i + 1 < parts.size()) {
            if (!group.startsWith(u'x'))
                return badTilePath();
            group = group.sliced(1);
        }
        const qint64 number = group.size() == 3 ? tileNumber(group, 3) : -1;
        if (number < 0 || id.index > maximumTreeSize / 1000)
            return badTilePath();
        id.index = id.index * 1000 + number;
    }
    // Each tile has one name.
    return id.path() == path ? Result<TileId>(id) : badTilePath();
}

int tileWidth(int level, qint64 index, qint64 size)
{
    const int shift = 8 * std::max(level, 0);
    if (shift >= 63 || index < 0)
        return 0;
    const qint64 hashes = size >> shift;
    if (index > hashes / TileId::fullWidth)
        return 0;
    return int(std::min<qint64>(hashes - index * TileId::fullWidth, TileId::fullWidth));
}

TileId tileHolding(int level, qint64 position, qint64 size)
{
    const qint64 index = position / TileId::fullWidth;
    return {level, index, tileWidth(level, index, size)};
}

QVector<TileId> edgeTiles(qint64 size)
{
    QVector<TileId> edge;
    int level = 0;
    for (qint64 hashes = size; hashes > 0; hashes /= TileId::fullWidth, ++level) {
        if (hashes % TileId::fullWidth != 0)
            edge.append({level, hashes / TileId::fullWidth, int(hashes % TileId::fullWidth)});
    }
    return edge;
}

Result<QVector<QByteArrayView>> entriesOf(QByteArrayView bundle, int width)
{
    QVector<QByteArrayView> entries;
    if (width < 1 || width > TileId::fullWidth)
        return badBundle("no bundle has this width");
    entries.reserve(width);
    for (int i = 0; i < width; ++i) {
        if (bundle.size() < 2)
            return badBundle("it ends before its last entry");
        const qsizetype size = qFromBigEndian<quint16>(bundle.data());
        if (bundle.size() - 2 < size)
            return badBundle("an entry is longer than the bundle");
        entries.append(bundle.sliced(2, size));
        bundle = bundle.sliced(2 + size);
    }
    if (!bundle.isEmpty())
        return badBundle("there is more behind the last entry");
    return entries;
}

void appendEntry(QByteArray &bundle, QByteArrayView entry)
{
    Q_ASSERT(entry.size() <= maximumEntry);
    char length[2];
    qToBigEndian(quint16(entry.size()), length);
    bundle.append(length, 2).append(entry.data(), entry.size());
}

} // namespace parapet::transparency
