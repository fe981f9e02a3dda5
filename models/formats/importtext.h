// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/auditevent.h"

#include <QtCore/QByteArray>
#include <QtCore/QString>

#include <string_view>

namespace parapet::formats {

/// Most UTF-16 units of an imported event's texts. A unit is at most six bytes of JSON, so that an event is within a leaf.
constexpr qsizetype longestImportedName = 256;
constexpr qsizetype longestImportedTarget = 1024;
constexpr qsizetype longestImportedReason = 512;
constexpr qsizetype longestImportedDetail = 8192;

/// UTF-8 as text; bytes that are not become U+FFFD. Longer than `most` units: cut, with … as the last.
QString importedText(std::string_view utf8, qsizetype most);
/// The text when it may stand as an identifier, else nothing.
QString importedIdentifier(std::string_view text);
/// The text when it looks like an IP address, else nothing.
QString importedAddress(std::string_view text);
/// RFC 3339 as a moment; unknown when it is not.
Instant importedTime(std::string_view text);
/// Appends `.part` to an action, in lower case; what an identifier may not hold becomes "_". An action has at most 64 characters.
void appendAction(QString &action, std::string_view part);

/// The "detail" of an imported event: one flat JSON object of what no field takes. Bounded: a member's text is cut with …, and
/// members that find no room are named in "notTaken".
class DetailJson
{
public:
    /// Empty texts are left out.
    void text(const char *name, std::string_view utf8);
    void number(const char *name, qint64 value);
    /// JSON as it is; nothing is left out.
    void json(const char *name, std::string_view text);
    void notTaken(const char *name);
    QString take();

private:
    bool name(const char *name, size_t size);

    QByteArray m_out;
    QByteArray m_notTaken;
};

/// Appends UTF-8 as a JSON string in quotes; what is not UTF-8 becomes U+FFFD.
void appendJsonText(QByteArray &out, std::string_view utf8);

} // namespace parapet::formats
