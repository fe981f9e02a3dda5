// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/operation/runner.h"

#include <mutex>

namespace parapet::operation {

/// What lies in a folder of operations: runs that did not end, and those that are over. Reads without a lock, and only what has
/// changed since it was read last. Any thread; never the GUI's, since it reads files.
class RunFolder
{
public:
    explicit RunFolder(QString path) : m_path(std::move(path)) {}

    /// Runs that nobody has taken up, oldest first; over ones latest first. Runs with an identifier of `except` are left out.
    struct Content {
        QVector<UnfinishedRun> unfinished;
        QVector<PastRun> past;
    };
    Content read(const QSet<QString> &except);

    /// A whole run from its journal, with its certificate. NotFound, Storage, Invalid: it cannot be read, and why.
    static Result<Run> load(const QString &path);

private:
    struct File {
        qint64 size = 0;
        qint64 changed = 0;             ///< milliseconds
        bool whole = false;             ///< its plan is; else it asked for nothing
        bool over = false;
        PastRun run;
    };
    File readFile(const QString &path) const;
    void tidy(const QString &path, const File &file) const;

    const QString m_path;
    std::mutex m_mutex;
    QHash<QString, File> m_files;       ///< by path
};

} // namespace parapet::operation
