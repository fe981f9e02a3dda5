// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/control/store.h"
#include "app/plane/runtime/launch.h"
#include "app/plane/runtime/loop.h"
#include "app/plane/runtime/terminaltap.h"

namespace parapet::plane {

/// Records terminals: see README.md. Its taps are used on the runtime's thread for terminals and must be gone before it.
class Recorder
{
public:
    struct Limits {
        qint64 fileBytes = qint64(32) << 20;  ///< of one recording
        qint64 stored = qint64(32) << 20;     ///< of one terminal at once, whatever it is cut into,
        qint64 storedPerSecond = 1024;        ///< and what it gets back
    };

    /// `folder` (0700) is there. From any thread.
    Recorder(Store &store, QString folder) : Recorder(store, std::move(folder), Limits{}) {}
    Recorder(Store &store, QString folder, Limits limits);
    /// Waits until what has ended is handed to the store.
    ~Recorder();

    /// Ends the recordings of a plane that was killed. Before the first tap. Waits for the store.
    void recover();
    /// For one terminal, from its beginning to its end.
    std::unique_ptr<TerminalTap> tap(const WorkspaceId &workspace, const SandboxActor &actor);

    static QString fileOf(const QString &folder, const QString &recording) { return folder + QLatin1Char('/') + recording + QLatin1String(".cast"); }

private:
    friend class RecordingTap;

    Store &m_store;
    const QString m_folder;
    const Limits m_limits;
    WorkQueue m_closing; ///< makes files durable
};

} // namespace parapet::plane
