// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/appendfile.h"
#include "models/operation/journal.h"

#include <QtCore/QJsonObject>
#include <QtCore/QObject>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace parapet::operation {

/// Writes a journal on a thread of its own, so that no fsync holds up the window. Entries become durable in the order in which
/// they were given; callbacks run on the owner's thread in that order. What waits while the disk is busy shares one record.
class JournalWriter : public QObject
{
public:
    using Durable = std::function<void()>;

    /// Nothing is opened before open().
    JournalWriter(QString path, FileCalls &files);
    /// Waits for what was appended; callbacks no longer run.
    ~JournalWriter() override;

    /// Opens or creates the file and hands over what it holds, replayed on the thread; then appends are written. Once.
    void open(std::function<void(Result<Replayed>)> opened);

    void append(QJsonObject entry, Durable durable = {});
    /// Once everything given so far is durable: the chain value after it.
    void flush(std::function<void(QByteArray head)> durable);
    /// Writes a whole file (0600) beside the journal, after everything given so far.
    void store(const QString &path, const QByteArray &bytes, std::function<void(Status)> stored);
    /// Once everything is durable: closes the file and gives it its final name. Nothing may be appended afterwards.
    void finish(const QString &finalPath, std::function<void(Status)> finished);

    /// Called when something could not be written. Everything since then waits for reopen().
    void onFailure(std::function<void(const Error &)> callback) { m_failed = std::move(callback); }
    /// Opens the file again after a failure, sees what of the last record is there, and goes on.
    void reopen();

private:
    struct Job {
        enum class Kind { Open, Entry, Flush, Store, Finish, Reopen } kind = Kind::Entry;
        QJsonObject entry;
        QString path;
        QByteArray bytes;
        std::function<void(const Status &, const QByteArray &head)> done;
        std::function<void(Result<Replayed>)> opened;
    };
    void push(Job job);
    void work();
    void handle(std::deque<Job> jobs);
    Status handleOne(Job &job);
    Status writeBatch(std::deque<Job> &jobs);
    Status reopenNow();
    Status storeNow(const Job &job);
    Status finishNow(const Job &job);
    void post(std::function<void()> callback);

    const QString m_path;
    FileCalls &m_files;
    std::function<void(const Error &)> m_failed;

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

    std::thread m_thread;
};

} // namespace parapet::operation
