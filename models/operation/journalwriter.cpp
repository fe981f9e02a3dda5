// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/operation/journalwriter.h"

#include "models/core/json.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QSaveFile>

namespace parapet::operation {

namespace {

constexpr qsizetype batchBytes = 4 << 20; ///< a record may be four times as long; one entry is at most about 1 MB

QString journalText(const char *source)
{
    return QCoreApplication::translate("operation", source);
}

} // namespace

JournalWriter::JournalWriter(QString path, FileCalls &files) : m_path(std::move(path)), m_files(files)
{
    m_thread = std::thread([this] { work(); });
}

JournalWriter::~JournalWriter()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

void JournalWriter::push(Job job)
{
    {
        const std::lock_guard lock(m_mutex);
        m_jobs.push_back(std::move(job));
    }
    m_wake.notify_one();
}

void JournalWriter::open(std::function<void(Result<Replayed>)> opened)
{
    Job job;
    job.kind = Job::Kind::Open;
    job.opened = std::move(opened);
    push(std::move(job));
}

void JournalWriter::append(QJsonObject entry, Durable durable)
{
    Job job;
    job.entry = std::move(entry);
    if (durable)
        job.done = [durable = std::move(durable)](const Status &, const QByteArray &) { durable(); };
    push(std::move(job));
}

void JournalWriter::flush(std::function<void(QByteArray)> durable)
{
    Job job;
    job.kind = Job::Kind::Flush;
    job.done = [durable = std::move(durable)](const Status &, const QByteArray &head) { durable(head); };
    push(std::move(job));
}

void JournalWriter::store(const QString &path, const QByteArray &bytes, std::function<void(Status)> stored)
{
    Job job;
    job.kind = Job::Kind::Store;
    job.path = path;
    job.bytes = bytes;
    job.done = [stored = std::move(stored)](const Status &status, const QByteArray &) { stored(status); };
    push(std::move(job));
}

void JournalWriter::finish(const QString &finalPath, std::function<void(Status)> finished)
{
    Job job;
    job.kind = Job::Kind::Finish;
    job.path = finalPath;
    job.done = [finished = std::move(finished)](const Status &status, const QByteArray &) { finished(status); };
    push(std::move(job));
}

void JournalWriter::reopen()
{
    Job job;
    job.kind = Job::Kind::Reopen;
    push(std::move(job));
}

void JournalWriter::post(std::function<void()> callback)
{
    QMetaObject::invokeMethod(this, std::move(callback), Qt::QueuedConnection);
}

void JournalWriter::work()
{
    for (;;) {
        std::deque<Job> jobs;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_stop || !m_jobs.empty(); });
            if (m_jobs.empty())
                return;
            jobs.swap(m_jobs);
        }
        handle(std::move(jobs));
    }
}

void JournalWriter::handle(std::deque<Job> jobs)
{
    while (!jobs.empty()) {
        Status status;
        if (jobs.front().kind == Job::Kind::Reopen) {
            jobs.pop_front();
            if (!m_broken)
                continue;
            status = reopenNow();
            if (status) {
                m_broken = false;
                jobs.insert(jobs.begin(), std::make_move_iterator(m_stuck.begin()), std::make_move_iterator(m_stuck.end()));
                m_stuck.clear();
            }
        } else if (m_broken) {
            m_stuck.push_back(std::move(jobs.front()));
            jobs.pop_front();
        } else if (jobs.front().kind == Job::Kind::Entry) {
            status = writeBatch(jobs);
        } else {
            status = handleOne(jobs.front());
            jobs.pop_front();
        }
        if (!status) {
            m_broken = true;
            post([this, error = status.error()] {
                if (m_failed)
                    m_failed(error);
            });
        }
    }
}

Status JournalWriter::handleOne(Job &job)
{
    switch (job.kind) {
    case Job::Kind::Open: {
        QVector<QByteArray> records;
        auto file = AppendFile::open(m_path, &records, m_files);
        Result<Replayed> replayed = file ? replay(records) : Result<Replayed>(fail(file.error()));
        const Status status = replayed ? Status() : Status(fail(replayed.error()));
        if (replayed) {
            m_file = std::move(*file);
            m_records = records.size();
        }
        if (job.opened)
            post([opened = std::move(job.opened), replayed = std::move(replayed)] { opened(replayed); });
        return status;
    }
    case Job::Kind::Flush:
        post([done = std::move(job.done), head = m_file ? m_file->head() : QByteArray()] { done({}, head); });
        return {};
    case Job::Kind::Store:
        post([done = std::move(job.done), status = storeNow(job)] { done(status, {}); });
        return {};
    case Job::Kind::Finish:
        post([done = std::move(job.done), status = finishNow(job)] { done(status, {}); });
        return {};
    case Job::Kind::Entry:
    case Job::Kind::Reopen:
        break;
    }
    return {};
}

Status JournalWriter::writeBatch(std::deque<Job> &jobs)
{
    QByteArray record("[");
    size_t count = 0;
    while (count < jobs.size() && jobs[count].kind == Job::Kind::Entry && (count == 0 || record.size() < batchBytes)) {
        if (count > 0)
            record.append(',');
        record.append(canonicalJson(jobs[count].entry));
        ++count;
    }
    record.append(']');
    const Status status = m_file ? m_file->append(record)
                                 : Status(fail(Error::Code::Storage, journalText("The journal of this operation is closed.")));
    if (!status) {
        m_lastRecord = record;
        m_lastBatch = count;
        std::move(jobs.begin(), jobs.begin() + std::ptrdiff_t(count), std::back_inserter(m_stuck));
        jobs.erase(jobs.begin(), jobs.begin() + std::ptrdiff_t(count));
        return status;
    }
    ++m_records;
    std::vector<std::function<void(const Status &, const QByteArray &)>> durable;
    for (size_t i = 0; i < count; ++i) {
        if (jobs[i].done)
            durable.push_back(std::move(jobs[i].done));
    }
    jobs.erase(jobs.begin(), jobs.begin() + std::ptrdiff_t(count));
    if (!durable.empty()) {
        post([durable = std::move(durable)] {
            for (const auto &done : durable)
                done({}, {});
        });
    }
    return {};
}

/// After a failed append the record is whole or not there (AppendFile): the file itself says which.
Status JournalWriter::reopenNow()
{
    m_file.reset();
    QVector<QByteArray> records;
    auto file = AppendFile::open(m_path, &records, m_files);
    if (!file)
        return fail(file.error());
    const bool whole = records.size() == m_records + 1 && !m_lastRecord.isEmpty() && records.last() == m_lastRecord;
    if (!whole && records.size() != m_records) {
        return fail(Error::Code::Storage, journalText("The journal %1 was changed by something else. This run cannot go on in it.").arg(m_path));
    }
    m_file = std::move(*file);
    m_records = records.size();
    if (whole) {
        for (size_t i = 0; i < m_lastBatch; ++i) {
            if (m_stuck.front().done)
                post([done = std::move(m_stuck.front().done)] { done({}, {}); });
            m_stuck.pop_front();
        }
    }
    m_lastRecord.clear();
    m_lastBatch = 0;
    return {};
}

Status JournalWriter::storeNow(const Job &job)
{
    QSaveFile file(job.path);
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
        || file.write(job.bytes) != job.bytes.size() || !file.commit()) {
        return fail(Error::Code::Storage, journalText("%1 could not be written: %2. Make room or free the folder, then try again.")
                                              .arg(job.path, file.errorString()));
    }
    if (m_files.syncFolder(QFile::encodeName(job.path).constData()) != 0)
        return fail(Error::Code::Storage, journalText("%1 could not be made durable. Check the disk, then try again.").arg(job.path));
    return {};
}

Status JournalWriter::finishNow(const Job &job)
{
    m_file.reset();
    if (!QFile::rename(m_path, job.path))
        return fail(Error::Code::Storage, journalText("%1 could not be renamed to %2.").arg(m_path, job.path));
    if (m_files.syncFolder(QFile::encodeName(job.path).constData()) != 0)
        return fail(Error::Code::Storage, journalText("%1 could not be made durable. Check the disk.").arg(job.path));
    return {};
}

} // namespace parapet::operation
