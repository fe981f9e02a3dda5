// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/fields.h"

#include <QtCore/QLocale>
#include <QtCore/QTimeZone>

namespace parapet {

/// How values become text for people. All times are drawn in `zone`; ages and "today" are measured from `now`.
struct TextStyle {
    Instant now{}; ///< unknown: times carry their date always
    QTimeZone zone = QTimeZone::systemTimeZone();
    QLocale locale = QLocale();
};

/// The translated label of a field or the translated clause that explains it.
QString fieldText(const char *noop);

template<class T>
QString labelOf(const Field<T> &field)
{
    return fieldText(field.label);
}

template<class T>
QString helpOf(const Field<T> &field)
{
    return fieldText(field.help);
}

/// An enumeration's name for people, translated: "gitToken" → "Git token". A name that is not known comes back inert.
QString enumerationText(const QString &name);

/// Decimal units, three significant figures: "312 B", "48.1 kB", "2.31 GB". Negative sizes are drawn with their sign.
QString bytesText(qint64 bytes, const QLocale &locale = QLocale());

/// The two largest units: "3 d 11 h", "3 h 12 m", "12 m 04 s", "41 s", "250 ms". Negative durations carry "−".
QString durationText(Milliseconds duration);

/// The same for a glance, in tables and notes: "9 s", "6 min", "3 h 12 m", "3 d 11 h". Never negative, never below a second.
QString roughDurationText(Milliseconds duration);

/// How long ago `at` was, or how far ahead it lies, without saying which. Empty when either moment is unknown.
QString ageText(Instant at, Instant now);

/// Local time with its zone: "14:41:31 CET" when it is the same day as style.now, else "2026-03-17 14:41:31 CET".
/// Empty for an unknown moment.
QString timeText(Instant at, const TextStyle &style = {});

/// The same moment in UTC, for tooltips: "2026-03-17 13:41:31.250 UTC". Empty for an unknown moment.
QString utcText(Instant at);

/// Any field's value for people, plain and inert: untrusted text through Untrusted::inert(), nothing as an empty
/// string.
QString displayText(FieldKind kind, const FieldValue &value, const TextStyle &style = {});

/// Any field's value for machines and for copying: RFC 3339, names of enumerations, plain numbers, "true" and "false".
/// Untrusted text stays inert, so that what is pasted cannot hide anything. Round-trips for all but such text.
QString exportText(FieldKind kind, const FieldValue &value);

} // namespace parapet
