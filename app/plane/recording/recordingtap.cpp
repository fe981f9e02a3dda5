// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/recording/recordingtap.h"

#include "app/plane/recording/recordingevents.h"

#include <QtCore/QCoreApplication>

namespace parapet::plane {

namespace {

/// Less than this is no recording: a header and a word.
constexpr qint64 leastRecording = 512;

QString recordingText(const char *text)
{
    return QCoreApplication::translate("recording", text);
}

formats::AsciicastWriter::Time recordingTime(std::chrono::steady_clock::time_point since)
{
    return std::chrono::duration_cast<formats::AsciicastWriter::Time>(std::chrono::steady_clock::now() - since);
}

} // namespace

RecordingTap::RecordingTap(Recorder &recorder, const WorkspaceId &workspace, const SandboxActor &actor)
    : m_recorder(recorder), m_stored(double(recorder.m_limits.stored)), m_storedAt(Steady::now())
{
    m_row.workspace = workspace;
    m_row.actor = actor.id;
    m_row.actorName = actor.name;
    m_row.actorKind = actor.kind;
    m_row.columns = terminalColumns;
    m_row.rows = terminalRows;
}

/// What may be stored of this terminal now: however often a workspace begins anew, it fills no disk.
qint64 RecordingTap::allowance()
{
    const auto now = Steady::now();
    m_stored = std::min(double(m_recorder.m_limits.stored),
                        m_stored + double(m_recorder.m_limits.storedPerSecond) * std::chrono::duration<double>(now - m_storedAt).count());
    m_storedAt = now;
    return qint64(m_stored);
}

void RecordingTap::begin()
{
    m_row.id = newIdentifier(u"rec");
    m_row.started = m_recorder.m_store.clock().now();
    m_row.remark.clear();
    m_started = Steady::now();
    m_last = {};
    m_writer = {};
    m_most = std::min(m_recorder.m_limits.fileBytes, allowance());
    if (m_most < leastRecording)
        return notBegun(recordingText(QT_TRANSLATE_NOOP("recording", "this terminal has shown more than is recorded of one")));
    Result<std::unique_ptr<CastFile>> made = CastFile::create(Recorder::fileOf(m_recorder.m_folder, m_row.id));
    if (!made)
        return notBegun(made.error().message);
    m_file = std::move(*made);
    formats::AsciicastWriter::header(m_buffer, terminalColumns, terminalRows, m_row.started, terminalType);
    m_recorder.m_store.submit([row = m_row](Unit &unit) { recordingBegins(unit, row); });
}

/// Deaf until the next cut, and the log says so.
void RecordingTap::notBegun(const QString &why)
{
    m_deaf = true;
    m_recorder.m_store.submit([row = m_row, why](Unit &unit) { recordingNotBegun(unit, row, why); });
    m_row.id.clear();
}

void RecordingTap::output(QByteArrayView bytes)
{
    if (m_deaf)
        return;
    if (!m_file)
        begin();
    if (!m_file)
        return;
    const qsizetype before = m_buffer.size();
    const auto at = recordingTime(m_started);
    m_writer.output(m_buffer, at, bytes);
    if (m_file->size() + m_buffer.size() > m_most) {
        m_buffer.truncate(before);
        refuse(recordingText(QT_TRANSLATE_NOOP("recording", "only the first %1 bytes were recorded")).arg(m_file->size() + before));
        end();
        return;
    }
    if (m_buffer.size() != before)
        m_last = at;
    if (m_buffer.size() >= buffered)
        flush();
}

void RecordingTap::flush()
{
    if (m_file && !m_buffer.isEmpty() && !write())
        end();
}

/// False when it could not be kept.
bool RecordingTap::write()
{
    const Status written = m_file->append(m_buffer);
    m_buffer.clear();
    if (!written)
        refuse(recordingText(QT_TRANSLATE_NOOP("recording", "the rest could not be written: %1")).arg(written.error().message));
    return bool(written);
}

/// What comes until the next cut is not recorded, and the row will say so.
void RecordingTap::refuse(const QString &remark)
{
    m_deaf = true;
    if (m_row.remark.isEmpty())
        m_row.remark = remark;
}

void RecordingTap::end()
{
    if (!m_file)
        return;
    if (!m_deaf)
        m_writer.finish(m_buffer, recordingTime(m_started));
    if (!m_buffer.isEmpty())
        write();
    m_row.duration = std::chrono::duration_cast<Milliseconds>(m_last).count();
    m_row.bytes = m_file->size();
    m_stored = double(std::max<qint64>(0, allowance() - m_row.bytes));
    m_recorder.m_closing.push([&store = m_recorder.m_store, file = std::move(m_file), row = m_row]() mutable {
        const Result<QString> digest = file->finish();
        if (digest)
            row.sha256 = *digest;
        else if (row.remark.isEmpty())
            row.remark = recordingText(QT_TRANSLATE_NOOP("recording", "it may not be whole on disk: %1")).arg(digest.error().message);
        store.submit([row](Unit &unit) { recordingEnds(unit, row); });
    });
    m_file.reset();
    m_buffer = {};
    m_row.id.clear();
}

void RecordingTap::cut()
{
    end();
    m_deaf = false;
}

} // namespace parapet::plane
