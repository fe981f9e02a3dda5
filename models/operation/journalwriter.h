// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/appendfile.h"
#include "models/operation/journal.h"

#include <QtCore/QJsonObject>
#include <QtCore/QObject>

#include <functional>
#include <memory>

namespace parapet::operation {

/// Writes a journal on a thread of its own, so that no fsync holds up the window. Entries become durable in the order in which
/// they were given; callbacks run on the owner's thread in that order. What waits while the disk is busy shares one record.
/// Letting go of it does not wait for the disk: what was appended is written behind, the file is closed, and the program's end
/// waits for that. (Files calls that are not the system's may end with their owner: those are waited for.)
class JournalWriter : public QObject
{
public:
    using Durable = std::function<void()>;

    /// Nothing is opened before open().
    JournalWriter(QString path, FileCalls &files);
    /// Callbacks no longer run; what was appended is still written.
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

    /// Waits until no writer that was let go of still holds `path`. Not on a thread that must not wait.
    static void waitUntilClosed(const QString &path);

private:
    class Work;
    std::shared_ptr<Work> m_work;
    std::function<void(const Error &)> m_failed;
};

} // namespace parapet::operation
