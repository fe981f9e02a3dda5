// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"
#include "models/core/untrusted.h"

#include <QtCore/QByteArray>
#include <QtCore/QStringList>
#include <QtCore/QVector>

namespace parapet::formats {

/// A terminal recording, asciinema v2 (https://docs.asciinema.org/manual/asciicast/v2/): a header object, then one array
/// `[seconds, code, data]` a line. Everything in it was written by whoever was recorded: nothing of it is trusted, and the terminal's
/// output is for a terminal that reaches nothing.
struct Asciicast {
    static constexpr qint64 maximumFile = 64 * 1024 * 1024; ///< bytes
    static constexpr qint64 maximumLine = 1024 * 1024;      ///< bytes
    static constexpr int maximumSide = 1000;                ///< columns or rows
    static constexpr double longest = 31.0 * 24 * 3600;     ///< seconds that a recording may take

    enum class Kind : quint8 { Output, Input, Marker, Resize };

    struct Event {
        qint64 at = 0;       ///< microseconds since the start, never less than that of the event before
        quint32 first = 0;   ///< in `text`; of a Resize: the columns
        quint32 length : 30; ///< in `text`; of a Resize: the rows
        quint32 code : 2;
        Kind kind() const { return Kind(code); }
        int columns() const { return int(first); }
        int rows() const { return int(length); }
    };

    int columns = 0; ///< as it began
    int rows = 0;
    Instant started{}; ///< "timestamp"; unknown where it has none
    Untrusted title;
    Untrusted command;
    QVector<Event> events;
    QByteArray text;     ///< the data of all events one after the other, UTF-8, as it came
    QStringList remarks; ///< what is not as it should be, a translated sentence each

    QByteArrayView textOf(const Event &event) const
    {
        return event.kind() == Kind::Resize ? QByteArrayView() : QByteArrayView(text).sliced(event.first, event.length);
    }
    /// Microseconds to the last event.
    qint64 duration() const { return events.isEmpty() ? 0 : events.last().at; }

    /// Reads a whole file. Error Invalid with a sentence that names the line (1 is the header) when it is not one: another version, a
    /// size out of bounds, a line that is no event, a time that is negative or not finite. What can be read nevertheless gives a remark:
    /// a last line that was cut off, times that go back (they stand still), codes that are not known (passed over).
    /// Takes a second for the largest file: not for the GUI thread.
    static Result<Asciicast> parse(QByteArrayView file);
};

} // namespace parapet::formats
