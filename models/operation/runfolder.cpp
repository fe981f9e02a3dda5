// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/operation/runfolder.h"

#include "models/operation/journal.h"
#include "models/operation/journalwriter.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QDir>
#include <QtCore/QFile>

namespace parapet::operation {

using namespace Qt::StringLiterals;

namespace {

/// A plan that is still being written is younger; nobody writes at one for so long.
constexpr qint64 abandonedAfterMilliseconds = 60'000;
constexpr qint64 longestCertificate = 64 << 20;

bool isRunOver(RunState state)
{
    return state == RunState::Finished || state == RunState::Cancelled;
}

PastRun summaryOf(const Run &run)
{
    PastRun past;
    past.feature = run.plan.feature;
    past.title = run.plan.title;
    past.reason = run.plan.reason;
    past.system = run.plan.system;
    past.startedBy = run.startedBy.id.value;
    past.state = run.state;
    past.started = run.started;
    past.ended = run.ended;
    past.workspaces = int(run.plan.workspaces.size());
    past.summary = summarize(run);
    return past;
}

} // namespace

RunFolder::File RunFolder::readFile(const QString &path) const
{
    File file;
    file.run.path = path;
    file.run.id = OperationId(QFileInfo(path).completeBaseName());
    const auto records = AppendFile::read(path);
    const Result<Replayed> replayed = records ? replay(*records) : Result<Replayed>(fail(records.error()));
    if (!replayed) {
        file.whole = true;
        file.over = path.endsWith(".journal"_L1);
        file.run.unreadable = replayed.error();
        return file;
    }
    const PastRun summary = replayed->whole ? summaryOf(replayed->run) : PastRun();
    file.whole = replayed->whole;
    file.over = replayed->whole && isRunOver(replayed->run.state);
    const OperationId id = file.run.id;
    file.run = summary;
    file.run.id = id;
    file.run.path = path;
    return file;
}

/// A run whose plan is not whole asked for nothing, and one that is over only lacks its final name.
void RunFolder::tidy(const QString &path, const File &file) const
{
    const bool isAbandoned = !file.whole && QDateTime::currentMSecsSinceEpoch() - file.changed > abandonedAfterMilliseconds;
    if (!isAbandoned && !file.over)
        return;
    // Only for these is a lock taken, so that nobody who takes up a run meets it.
    const auto held = AppendFile::open(path, nullptr);
    if (!held)
        return;
    if (file.over)
        QFile::rename(path, journalPath(m_path, file.run.id));
    else
        QFile::remove(path);
}

RunFolder::Content RunFolder::read(const QSet<QString> &except)
{
    const std::lock_guard lock(m_mutex);
    Content content;
    QHash<QString, File> seen;
    const QDir folder(m_path);
    for (const QFileInfo &info : folder.entryInfoList({u"*.running"_s, u"*.journal"_s}, QDir::Files)) {
        const QString path = info.filePath();
        const QString id = info.completeBaseName();
        const bool isRunning = path.endsWith(".running"_L1);
        if (except.contains(id))
            continue;
        if (isRunning)
            JournalWriter::waitUntilClosed(path);
        const QFileInfo now(path);
        if (!now.exists())
            continue;
        const auto before = m_files.constFind(path);
        const qint64 changed = now.lastModified().toMSecsSinceEpoch();
        File file;
        if (before != m_files.cend() && before->size == now.size() && before->changed == changed)
            file = *before;
        else
            file = readFile(path);
        file.size = now.size();
        file.changed = changed;
        seen.insert(path, file);
        if (!file.over) {
            // Held by another program, it runs there and is not unfinished.
            if (isRunning && file.whole && !AppendFile::isHeld(path))
                content.unfinished.append({file.run.id, file.run.title, file.run.started, path, file.run.unreadable});
            else if (isRunning && !file.whole && !AppendFile::isHeld(path))
                tidy(path, file);
            continue;
        }
        if (isRunning && !AppendFile::isHeld(path)) {
            tidy(path, file);
            if (const QString renamed = journalPath(m_path, file.run.id); QFile::exists(renamed))
                file.run.path = renamed;
        }
        const QString certificate = certificatePath(m_path, file.run.id);
        file.run.certificatePath = QFile::exists(certificate) ? certificate : QString();
        content.past.append(file.run);
    }
    m_files = std::move(seen);
    std::stable_sort(content.unfinished.begin(), content.unfinished.end(),
                     [](const UnfinishedRun &a, const UnfinishedRun &b) { return a.started < b.started; });
    std::stable_sort(content.past.begin(), content.past.end(), [](const PastRun &a, const PastRun &b) { return a.started > b.started; });
    return content;
}

Result<Run> RunFolder::load(const QString &path)
{
    const auto records = AppendFile::read(path);
    if (!records)
        return fail(records.error());
    Result<Replayed> replayed = replay(*records);
    if (!replayed)
        return fail(replayed.error());
    if (!replayed->whole || !isRunOver(replayed->run.state)) {
        return fail(Error::Code::Invalid, QCoreApplication::translate("operation", "This run is not over. Take it up instead of opening it."));
    }
    Run run = std::move(replayed->run);
    run.journalPath = path;
    if (!run.certificate)
        return run;
    run.certificate->path = certificatePath(QFileInfo(path).path(), run.plan.id);
    QFile file(run.certificate->path);
    if (!file.open(QIODevice::ReadOnly)) {
        run.certificateRefused = QCoreApplication::translate("operation", "Its certificate %1 cannot be read: %2.").arg(run.certificate->path, file.errorString());
        run.certificate.reset();
        return run;
    }
    run.certificate->envelope = file.read(longestCertificate);
    // What the journal holds is what was signed then: another file is not its certificate.
    const QByteArray digest = QCryptographicHash::hash(run.certificate->envelope, QCryptographicHash::Sha256).toHex();
    if (QLatin1String(digest) != run.certificate->sha256) {
        run.certificateRefused = QCoreApplication::translate("operation", "Its certificate %1 is not the one that this operation signed.").arg(run.certificate->path);
        run.certificate.reset();
    }
    return run;
}

} // namespace parapet::operation
