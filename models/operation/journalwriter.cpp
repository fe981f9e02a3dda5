// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/operation/journalwriter.h"

#include "models/core/json.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QSaveFile>

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

namespace parapet::operation {

namespace {

constexpr qsizetype batchBytes = 4 << 20; ///< a record may be four times as long; one entry is at most about 1 MB

QString journalText(const char *source)
{
    return QCoreApplication::translate("operation", source);
}

/// Journals whose writers were let go of while their threads still wrote. The program's end waits for them.
class Closings
{
public:
    using Ended = std::shared_future<void>;

    ~Closings()
    {
        for (const auto &[path, ended] : m_all)
            ended.wait();
    }
    void add(const QString &path, const Ended &ended)
    {
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_all, [](const auto &one) { return one.second.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
        m_all.emplace_back(path, ended);
    }
    std::vector<Ended> of(const QString &path)
    {
        const std::lock_guard lock(m_mutex);
        std::vector<Ended> found;
        for (const auto &[one, ended] : m_all) {
            if (one == path)
                found.push_back(ended);
        }
        return found;
    }

private:
    std::mutex m_mutex;
    std::vector<std::pair<QString, Ended>> m_all;
};

Closings &closings()
{
    static Closings all;
    return all;
}

} // namespace

/// What the thread works on; it outlives the writer when that is let go of.
class JournalWriter::Work
{
public:
    struct Job {
        enum class Kind { Open, Entry, Flush, Store, Finish, Reopen } kind = Kind::Entry;
        QJsonObject entry;
        QString path;
        QByteArray bytes;
        std::function<void(const Status &, const QByteArray &head)> done;
        std::function<void(Result<Replayed>)> opened;
    };

    Work(JournalWriter *owner, QString path, FileCalls &files)
        : m_path(std::move(path)), m_files(files), m_before(closings().of(m_path)), m_owner(owner)
    {
    }

    void push(Job job);
    void stop();
    void disown();
    void run();
    const QString &path() const { return m_path; }
    bool isSystems() const { return &m_files == &FileCalls::system(); }

    std::thread thread;
    std::promise<void> ended;

private:
    void handle(std::deque<Job> jobs);
    Status handleOne(Job &job);
    Status writeBatch(std::deque<Job> &jobs);
    Status reopenNow();
    Status storeNow(const Job &job);
    Status finishNow(const Job &job);
    void post(std::function<void()> callback);
    void postFailure(const Error &error);

    const QString m_path;
    FileCalls &m_files;
    const std::vector<Closings::Ended> m_before; ///< writers of the same file that are not through yet

    std::mutex m_ownerMutex;
    JournalWriter *m_owner;        ///< null once it was let go of

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Job> m_jobs;
    bool m_stop = false;

    // The thread's own.
    std::unique_ptr<AppendFile> m_file;
    std::deque<Job> m_stuck;       ///< what waits for reopen(), in order
    QByteArray m_lastRecord;       ///< the record whose fate a failure left open
    size_t m_lastBatch = 0;        ///< how many jobs at the head of m_stuck it holds
    qsizetype m_records = 0;       ///< in the file, as far as known
    bool m_broken = false;
};

JournalWriter::JournalWriter(QString path, FileCalls &files) : m_work(std::make_shared<Work>(this, std::move(path), files))
{
    m_work->thread = std::thread([work = m_work] {
        work->run();
        work->ended.set_value();
    });
}

JournalWriter::~JournalWriter()
{
    m_work->disown();
    if (m_work->isSystems()) {
        closings().add(m_work->path(), m_work->ended.get_future().share());
        m_work->stop();
        m_work->thread.detach();
    } else {
        m_work->stop();
        m_work->thread.join();
    }
}

void JournalWriter::waitUntilClosed(const QString &path)
{
    for (const Closings::Ended &ended : closings().of(path))
        ended.wait();
}

void JournalWriter::open(std::function<void(Result<Replayed>)> opened)
{
    Work::Job job;
    job.kind = Work::Job::Kind::Open;
    job.opened = std::move(opened);
    m_work->push(std::move(job));
}

void JournalWriter::append(QJsonObject entry, Durable durable)
{
    Work::Job job;
    job.entry = std::move(entry);
    if (durable)
        job.done = [durable = std::move(durable)](const Status &, const QByteArray &) { durable(); };
    m_work->push(std::move(job));
}

void JournalWriter::flush(std::function<void(QByteArray)> durable)
{
    Work::Job job;
    job.kind = Work::Job::Kind::Flush;
    job.done = [durable = std::move(durable)](const Status &, const QByteArray &head) { durable(head); };
    m_work->push(std::move(job));
}

void JournalWriter::store(const QString &path, const QByteArray &bytes, std::function<void(Status)> stored)
{
    Work::Job job;
    job.kind = Work::Job::Kind::Store;
    job.path = path;
    job.bytes = bytes;
    job.done = [stored = std::move(stored)](const Status &status, const QByteArray &) { stored(status); };
    m_work->push(std::move(job));
}

void JournalWriter::finish(const QString &finalPath, std::function<void(Status)> finished)
{
    Work::Job job;
    job.kind = Work::Job::Kind::Finish;
    job.path = finalPath;
    job.done = [finished = std::move(finished)](const Status &status, const QByteArray &) { finished(status); };
    m_work->push(std::move(job));
}

void JournalWriter::reopen()
{
    Work::Job job;
    job.kind = Work::Job::Kind::Reopen;
    m_work->push(std::move(job));
}

void JournalWriter::Work::push(Job job)
{
    {
        const std::lock_guard lock(m_mutex);
        m_jobs.push_back(std::move(job));
    }
    m_wake.notify_one();
}

void JournalWriter::Work::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_wake.notify_one();
}

void JournalWriter::Work::disown()
{
    const std::lock_guard lock(m_ownerMutex);
    m_owner = nullptr;
}

/// What is posted to an owner that goes meanwhile, goes with it.
void JournalWriter::Work::post(std::function<void()> callback)
{
    const std::lock_guard lock(m_ownerMutex);
    if (m_owner)
        QMetaObject::invokeMethod(m_owner, std::move(callback), Qt::QueuedConnection);
}

void JournalWriter::Work::postFailure(const Error &error)
{
    const std::lock_guard lock(m_ownerMutex);
    if (!m_owner)
        return;
    QMetaObject::invokeMethod(m_owner, [owner = m_owner, error] {
        if (owner->m_failed)
            owner->m_failed(error);
    }, Qt::QueuedConnection);
}

void JournalWriter::Work::run()
{
    for (;;) {
        std::deque<Job> jobs;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_stop || !m_jobs.empty(); });
            if (m_jobs.empty())
                break;
            jobs.swap(m_jobs);
        }
        handle(std::move(jobs));
    }
    m_file.reset();
}

void JournalWriter::Work::handle(std::deque<Job> jobs)
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
            postFailure(status.error());
        }
    }
}

Status JournalWriter::Work::handleOne(Job &job)
{
    switch (job.kind) {
    case Job::Kind::Open: {
        for (const Closings::Ended &ended : m_before)
            ended.wait();
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

Status JournalWriter::Work::writeBatch(std::deque<Job> &jobs)
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
Status JournalWriter::Work::reopenNow()
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

Status JournalWriter::Work::storeNow(const Job &job)
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

Status JournalWriter::Work::finishNow(const Job &job)
{
    m_file.reset();
    if (!QFile::rename(m_path, job.path))
        return fail(Error::Code::Storage, journalText("%1 could not be renamed to %2.").arg(m_path, job.path));
    if (m_files.syncFolder(QFile::encodeName(job.path).constData()) != 0)
        return fail(Error::Code::Storage, journalText("%1 could not be made durable. Check the disk.").arg(job.path));
    return {};
}

} // namespace parapet::operation
