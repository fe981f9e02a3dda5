// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/runtime/runtimehost.h"
#include "tests/support/waiting.h"

#include <QtCore/QDir>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <signal.h>
#include <unistd.h>

#include <mutex>

/// Waits for what real processes do. Unlike QTRY_VERIFY it looks no second time: what was true once may be over
/// already.
#define TRY_REAL(condition) QVERIFY(parapet::support::waitUntil([&] { return bool(condition); }))

namespace parapet::runtimetest {

/// A RuntimeHost on temporary folders, and all that it told.
class HostFixture
{
public:
    explicit HostFixture(bool useCgroups = true, const QString &planeId = {})
    {
        plane::RuntimeHost::Options options;
        options.planeId = planeId.isEmpty() ? QStringLiteral("test-%1-%2").arg(::getpid()).arg(++s_number) : planeId;
        options.stateFolder = folder.filePath(QStringLiteral("state"));
        options.initProgram = QStringLiteral(PARAPET_BINARY_DIR "/bin/parapet-sandbox-init");
        options.useCgroups = useCgroups;
        options.onEvent = [this](const plane::RuntimeEvent &event) {
            const std::lock_guard lock(m_mutex);
            m_events.append(event);
        };
        options.onChanged = [this](const WorkspaceId &) {
            const std::lock_guard lock(m_mutex);
            ++m_changes;
        };
        options.onExited = [this](const WorkspaceId &id, bool asked) {
            const std::lock_guard lock(m_mutex);
            m_exits.append({id, asked});
        };
        adjust(options);
        host = std::make_unique<plane::RuntimeHost>(options);
    }

    /// Fewer files for a snapshot, …: set before the first fixture of a test.
    static inline std::function<void(plane::RuntimeHost::Options &)> adjustment;

    QVector<plane::RuntimeEvent> events(const QString &action = {}) const
    {
        const std::lock_guard lock(m_mutex);
        QVector<plane::RuntimeEvent> found;
        for (const plane::RuntimeEvent &event : m_events) {
            if (action.isEmpty() || event.action == action)
                found.append(event);
        }
        return found;
    }
    QVector<QPair<WorkspaceId, bool>> exits() const
    {
        const std::lock_guard lock(m_mutex);
        return m_exits;
    }
    qint64 changes() const
    {
        const std::lock_guard lock(m_mutex);
        return m_changes;
    }

    /// A workspace whose person runs `person` and, if given, whose AI agent runs `agent` (both sh).
    plane::Launch launch(const QString &id, const QByteArray &person, const QByteArray &agent = {}) const
    {
        plane::Launch launch;
        launch.workspace = WorkspaceId(id);
        launch.name = id;
        launch.home = home(id);
        launch.actors.append(
            {PrincipalId(QStringLiteral("p-ada")), ActorKind::Human, Untrusted(QStringLiteral("Ada")), {}, {}, person});
        if (!agent.isEmpty())
            launch.actors.append({PrincipalId(QStringLiteral("a-forge")),
                                  ActorKind::Agent,
                                  Untrusted(QStringLiteral("Forge")),
                                  {},
                                  {},
                                  agent});
        return launch;
    }
    QString home(const QString &id) const { return folder.filePath(QStringLiteral("homes/") + id); }
    QByteArray read(const QString &id, const QString &name) const
    {
        QFile file(home(id) + QLatin1Char('/') + name);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    qint64 size(const QString &id, const QString &name) const
    {
        return QFileInfo(home(id) + QLatin1Char('/') + name).size();
    }

    QTemporaryDir folder;

private:
    static void adjust(plane::RuntimeHost::Options &options)
    {
        if (adjustment)
            adjustment(options);
    }
    static inline int s_number = 0;
    mutable std::mutex m_mutex;
    QVector<plane::RuntimeEvent> m_events;
    QVector<QPair<WorkspaceId, bool>> m_exits;
    qint64 m_changes = 0;

public:
    std::unique_ptr<plane::RuntimeHost> host; // last: it tells things until it is gone
};

inline bool isAlive(qint64 pid)
{
    return ::kill(pid_t(pid), 0) == 0;
}

} // namespace parapet::runtimetest
