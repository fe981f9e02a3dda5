// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/recordings/castfile.h"

#include "models/core/untrusted.h"
#include "models/crypto/digest.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFileInfo>
#include <QtCore/QSaveFile>
#include <QtCore/QThreadPool>

namespace parapet::pages {

using namespace Qt::StringLiterals;

namespace {

Status writeWhole(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return {};
    return fail(Error::Code::Storage, QCoreApplication::translate("recordings", "%1 cannot be written: %2").arg(Untrusted(path).inert(200), file.errorString()));
}

} // namespace

Reply<QString> writeCast(const QString &path, const QByteArray &bytes)
{
    auto promise = std::make_shared<QPromise<Result<QString>>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, path, bytes] {
        const QString digest = crypto::sha256Hex(bytes);
        Status written = writeWhole(path, bytes);
        if (written)
            written = writeWhole(path + u".sha256"_s, (digest + u"  "_s + QFileInfo(path).fileName() + u'\n').toUtf8());
        promise->addResult(written ? Result<QString>(digest) : Result<QString>(fail(written.error())));
        promise->finish();
    });
    return promise->future();
}

QString safeCastName(const QString &id)
{
    QString name;
    for (const QChar c : id) {
        if (c.unicode() < 0x80 && (c.isLetterOrNumber() || c == u'-' || c == u'_' || c == u'.'))
            name += c;
    }
    while (name.startsWith(u'.') || name.startsWith(u'-'))
        name.remove(0, 1);
    return (name.isEmpty() ? u"recording"_s : name.left(100)) + u".cast"_s;
}

} // namespace parapet::pages
