// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/recording/recorder.h"

#include "app/plane/recording/recordingevents.h"
#include "app/plane/recording/recordingtap.h"

#include <QtCore/QCoreApplication>

namespace parapet::plane {

Recorder::Recorder(Store &store, QString folder, Limits limits) : m_store(store), m_folder(std::move(folder)), m_limits(limits)
{
}

Recorder::~Recorder() = default;

std::unique_ptr<TerminalTap> Recorder::tap(const WorkspaceId &workspace, const SandboxActor &actor)
{
    return std::make_unique<RecordingTap>(*this, workspace, actor);
}

void Recorder::recover()
{
    QVector<Recording> left;
    {
        const State &state = m_store.state();
        const std::shared_lock guard(state.lock);
        for (const auto &row : state.recordings.rows()) {
            if (row->value().state == RecordingState::Running)
                left.append(row->value());
        }
    }
    if (left.isEmpty())
        return;
    for (Recording &row : left) {
        row.remark = QCoreApplication::translate("recording", "cut off when the plane stopped");
        const Result<CastRemains> mended = mendCast(fileOf(m_folder, row.id));
        if (mended) {
            row.bytes = mended->bytes;
            row.duration = mended->duration;
            row.sha256 = mended->sha256;
        } else {
            row.remark += QLatin1String("; ") + QCoreApplication::translate("recording", "its file cannot be read: %1").arg(mended.error().message);
        }
    }
    (void)m_store.perform([&left](Unit &unit) {
        for (const Recording &row : std::as_const(left))
            recordingEnds(unit, row);
    });
}

} // namespace parapet::plane
