// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/recording/castfile.h"
#include "app/plane/recording/recorder.h"
#include "models/formats/asciicastwriter.h"

namespace parapet::plane {

/// One terminal's recordings, one after the other.
class RecordingTap final : public TerminalTap
{
public:
    RecordingTap(Recorder &recorder, const WorkspaceId &workspace, const SandboxActor &actor);
    ~RecordingTap() override { cut(); }
    void output(QByteArrayView bytes) override;
    void flush() override;
    void cut() override;

private:
    using Steady = std::chrono::steady_clock;
    static constexpr qsizetype buffered = 64 << 10;

    void begin();
    void notBegun(const QString &why);
    /// Hands the file over to be made durable; the row and the log's event follow.
    void end();
    bool write();
    void refuse(const QString &remark);
    qint64 allowance();

    Recorder &m_recorder;
    Recording m_row;                   ///< who is recorded; its identifier is empty between two recordings
    std::shared_ptr<CastFile> m_file;  ///< null between two recordings, and where there could be none
    formats::AsciicastWriter m_writer;
    QByteArray m_buffer;               ///< whole lines that are not in the file yet
    Steady::time_point m_started;
    formats::AsciicastWriter::Time m_last{0}; ///< of what is in file and buffer
    qint64 m_most = 0;                 ///< bytes of this recording's file
    double m_stored = 0;               ///< what may still be stored of this terminal, as of
    Steady::time_point m_storedAt;
    bool m_deaf = false;               ///< until the next cut: full, or failed
};

} // namespace parapet::plane
