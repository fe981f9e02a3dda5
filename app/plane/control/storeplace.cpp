// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/control/storeplace.h"

#include "models/crypto/privatefile.h"
#include "models/storage/database.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QRegularExpression>

namespace parapet::plane {

using namespace Qt::StringLiterals;

QString withoutPassword(const QString &uri)
{
    static const QRegularExpression userInfo(u"^([a-z]+://[^:/@]*):[^@/]*@"_s);
    static const QRegularExpression parameter(u"([?&]password=)[^&]*"_s);
    QString shown = uri;
    shown.replace(userInfo, u"\\1:…@"_s);
    return shown.replace(parameter, u"\\1…"_s);
}

Started<QString> storePlace(const DataFolder &folder, const QString &asked)
{
    const QString kept = folder.path("store");
    const QString file = folder.path("plane.sqlite");
    if (!asked.isEmpty() && !storage::Database::isServer(asked)) {
        return tl::unexpected<Refused>({ExitUsage, QCoreApplication::translate("plane", "--store is the URI of a PostgreSQL database, for example "
                                                                                        "postgresql://parapet@db.example/parapet."), {}});
    }
    if (QFile::exists(kept)) {
        const Result<QByteArray> read = crypto::readPrivateFile(kept);
        if (!read)
            return tl::unexpected<Refused>({ExitDatabase, read.error().message, read.error().detail});
        const QString known = QString::fromUtf8(read->trimmed());
        if (asked.isEmpty() || asked == known)
            return known;
        return tl::unexpected<Refused>({ExitUsage, QCoreApplication::translate("plane", "This data folder's state and log are in %1. To move them, dump "
                                                                                        "and restore that database, then change the file “store”.")
                                                       .arg(withoutPassword(known)), {}});
    }
    if (asked.isEmpty())
        return file;
    if (QFile::exists(file)) {
        return tl::unexpected<Refused>({ExitUsage, QCoreApplication::translate("plane", "This data folder's state and log are in its own file plane.sqlite. "
                                                                                        "Use --store with a new data folder."), {}});
    }
    if (const Status written = crypto::writePrivateFile(kept, asked.toUtf8() + '\n'); !written)
        return tl::unexpected<Refused>({ExitDatabase, written.error().message, written.error().detail});
    return asked;
}

} // namespace parapet::plane
