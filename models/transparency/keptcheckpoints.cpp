// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transparency/keptcheckpoints.h"

#include "models/core/json.h"
#include "models/crypto/digest.h"
#include "models/crypto/privatefile.h"
#include "models/transparency/documents.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QLockFile>

namespace parapet::transparency {

using namespace Qt::StringLiterals;

namespace {

constexpr int keptLockMilliseconds = 5000;

const QString &keptType()
{
    static const QString type = u"https://parapet.dev/kept-checkpoint"_s;
    return type;
}

Failure keptDamaged(const QString &path, const QString &detail)
{
    return fail(Error::Code::Storage,
                QCoreApplication::translate("transparency", "The checkpoint kept in “%1” is damaged, so that the log cannot be compared with what it was. "
                                                            "Restore the file from a backup, or remove it to begin anew.").arg(path),
                detail);
}

bool sameBody(const SignedCheckpoint &a, const SignedCheckpoint &b)
{
    return a.head() == b.head();
}

} // namespace

QString KeptCheckpoints::pathOf(const QString &origin) const
{
    return m_folder + u'/' + crypto::sha256Hex(origin.toUtf8()) + u".json"_s;
}

Result<std::optional<KeptCheckpoint>> KeptCheckpoints::read(const crypto::NoteVerifier &log) const
{
    const QString path = pathOf(log.name);
    const Result<QByteArray> bytes = crypto::readPrivateFile(path);
    if (!bytes) {
        if (bytes.error().code == Error::Code::NotFound)
            return std::optional<KeptCheckpoint>();
        return fail(bytes.error());
    }
    const Result<QJsonObject> object = documentFrom(*bytes, keptType(), 2 * Note::maximumBytes);
    if (!object)
        return keptDamaged(path, object.error().detail);
    wire::ObjectReader reader(*object);
    KeptCheckpoint kept{reader.bytes("note", Note::maximumBytes), reader.time("at")};
    if (const auto error = reader.finish(wire::Unknown::Refuse))
        return keptDamaged(path, error->detail);
    if (const Result<SignedCheckpoint> opened = openCheckpoint(kept.note, log); !opened)
        return keptDamaged(path, opened.error().message);
    return std::optional<KeptCheckpoint>(std::move(kept));
}

Status KeptCheckpoints::keep(const crypto::NoteVerifier &log, const KeptCheckpoint &checkpoint, const std::optional<KeptCheckpoint> &basis) const
{
    const Result<SignedCheckpoint> next = openCheckpoint(checkpoint.note, log);
    if (!next)
        return fail(next.error());
    if (!QDir().mkpath(m_folder)) {
        return fail(Error::Code::Storage, QCoreApplication::translate("transparency", "The folder “%1” for kept checkpoints cannot be made.").arg(m_folder));
    }
    const QString path = pathOf(log.name);
    QLockFile lock(path + u".lock"_s);
    if (!lock.tryLock(keptLockMilliseconds)) {
        return fail(Error::Code::Storage,
                    QCoreApplication::translate("transparency", "Another program holds the kept checkpoint “%1”. Try again.").arg(path), {}, true);
    }
    const Result<std::optional<KeptCheckpoint>> stored = read(log);
    if (!stored)
        return fail(stored.error());
    if (*stored) {
        const Result<SignedCheckpoint> before = openCheckpoint((*stored)->note, log);
        const Result<SignedCheckpoint> based = basis ? openCheckpoint(basis->note, log) : Result<SignedCheckpoint>(fail(Error::Code::NotFound, {}));
        if (!before)
            return fail(before.error());
        if (next->head().size < before->head().size || (next->head().size == before->head().size && !sameBody(*next, *before))) {
            return fail(Error::Code::Conflict, QCoreApplication::translate("transparency", "The kept checkpoint is of %1 events; it never goes back.")
                                                   .arg(before->head().size));
        }
        // What was judged beside another checkpoint says nothing about the one that is kept here.
        if (!sameBody(*next, *before) && (!based || !sameBody(*based, *before))) {
            return fail(Error::Code::Conflict,
                        QCoreApplication::translate("transparency", "Another program kept a newer checkpoint meanwhile. Compare with that one."), {}, true);
        }
    }
    return crypto::writePrivateFile(path, canonicalJson(QJsonObject{{u"type"_s, keptType()}, {u"version"_s, 1},
                                                                    {u"note"_s, base64Text(checkpoint.note)}, {u"at"_s, timeJson(checkpoint.at)}}));
}

} // namespace parapet::transparency
