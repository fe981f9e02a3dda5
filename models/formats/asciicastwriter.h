// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>

#include <chrono>

namespace parapet::formats {

/// Writes a terminal's output as asciinema v2 lines (https://docs.asciinema.org/manual/asciicast/v2/), piece by piece as it comes. Each
/// function appends whole lines to `into`; keeping them is the caller's.
///
/// The output is hostile: what is no UTF-8 becomes U+FFFD, one for each maximal part of a sequence (Unicode 15, table 3-7); control
/// characters, DEL and C1 are written as \uXXXX, so that the file itself is plain text in whatever shows it.
class AsciicastWriter
{
public:
    using Time = std::chrono::microseconds; ///< since the recording began

    /// The first line. `term` is the recorded program's TERM.
    static void header(QByteArray &into, int columns, int rows, Instant started, QByteArrayView term);
    /// One event with `bytes`, of any length; a sequence that they leave unfinished waits for the next call. No line when nothing is whole.
    void output(QByteArray &into, Time at, QByteArrayView bytes);
    /// The last event, when something unfinished was left.
    void finish(QByteArray &into, Time at);

private:
    void decode(QByteArray &into, QByteArrayView bytes);
    void take(QByteArray &into, uchar byte);

    QByteArray m_pending;     ///< what was read of a sequence, at most 3 bytes
    int m_missing = 0;        ///< bytes that it still wants
    uchar m_low = 0x80;       ///< what the next of them may be
    uchar m_high = 0xBF;
};

} // namespace parapet::formats
