// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/formats/auditdrecord.h"

#include <algorithm>
#include <charconv>

namespace parapet::formats {

namespace {

constexpr char interpretationMark = '\x1d';
constexpr size_t mostFields = 2048;
constexpr size_t longestHead = 512;

bool takePrefix(std::string_view &text, std::string_view prefix)
{
    if (!text.starts_with(prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

std::string_view takeUntil(std::string_view &text, char end)
{
    const size_t at = std::min(text.find(end), text.size());
    const std::string_view taken = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return taken;
}

int hexDigit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// The kernel writes text that an attacker could shape (audit_log_untrustedstring) either in quotes or, where it holds a
/// quote, a space or a control character, as hex digits. These fields are written so.
bool isUntrustedField(std::string_view type, std::string_view name)
{
    static constexpr std::string_view names[] = {"acct", "cgroup", "cmd", "comm", "cwd", "dir", "exe", "file", "grp", "key", "name",
                                                 "ocomm", "path", "proctitle", "root_dir", "watch", "vm"};
    if (type == "EXECVE" && name.size() > 1 && name[0] == 'a' && name[1] >= '0' && name[1] <= '9')
        return name.find("_len") == std::string_view::npos;
    if (name == "data")
        return type == "TTY" || type == "USER_TTY";
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

std::string decodedHex(std::string_view hex)
{
    std::string bytes;
    bytes.reserve(hex.size() / 2);
    for (size_t i = 0; i + 1 < hex.size(); i += 2) {
        const char byte = char(hexDigit(hex[i]) * 16 + hexDigit(hex[i + 1]));
        // Arguments of a command are divided by NUL, keys of a rule by 0x01.
        bytes += byte == '\0' ? ' ' : byte == '\x01' ? ',' : byte;
    }
    return bytes;
}

std::string valueOf(std::string_view type, std::string_view name, std::string_view bare)
{
    const bool hex = bare.size() >= 2 && bare.size() % 2 == 0 && std::all_of(bare.begin(), bare.end(), [](char c) { return hexDigit(c) >= 0; });
    return hex && isUntrustedField(type, name) ? decodedHex(bare) : std::string(bare);
}

void readFields(std::string_view text, AuditdRecord &record, int depth)
{
    while (!text.empty() && record.fields.size() < mostFields) {
        if (text.front() == ' ' || text.front() == ',') {
            text.remove_prefix(1);
            continue;
        }
        const size_t end = text.find_first_of(" =");
        if (end == std::string_view::npos || text[end] == ' ') {
            const std::string_view word = takeUntil(text, ' ');
            if (!record.words.empty())
                record.words += ' ';
            record.words += word;
            continue;
        }
        const std::string_view name = text.substr(0, end);
        text.remove_prefix(end + 1);
        if (!text.empty() && (text.front() == '"' || text.front() == '\'')) {
            const char quote = text.front();
            text.remove_prefix(1);
            // A nested message ends with the last apostrophe: what it holds may have one itself.
            const size_t close = quote == '\'' ? text.rfind('\'') : text.find('"');
            const std::string_view inner = text.substr(0, close);
            text.remove_prefix(close == std::string_view::npos ? text.size() : close + 1);
            if (quote == '\'' && name == "msg" && depth == 0)
                readFields(inner, record, depth + 1);
            else
                record.fields.push_back({name, std::string(inner)});
            continue;
        }
        std::string_view bare = takeUntil(text, ' ');
        while (bare.ends_with(','))
            bare.remove_suffix(1);
        record.fields.push_back({name, valueOf(record.type, name, bare)});
    }
}

bool readHead(std::string_view &text, AuditdRecord &record)
{
    if (takePrefix(text, "node="))
        record.node = takeUntil(text, ' ');
    if (!takePrefix(text, "type="))
        return false;
    record.type = takeUntil(text, ' ');
    const auto fits = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '[' || c == ']'; };
    if (record.type.empty() || record.type.size() > 64 || !std::all_of(record.type.begin(), record.type.end(), fits))
        return false;
    if (!takePrefix(text, "msg=audit("))
        return false;
    const std::string_view seconds = takeUntil(text, '.');
    const std::string_view milliseconds = takeUntil(text, ':');
    record.serial = takeUntil(text, ')');
    qint64 s = 0;
    qint64 ms = 0;
    quint64 serial = 0;
    const auto number = [](std::string_view digits, auto &value) {
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return !digits.empty() && read.ec == std::errc() && read.ptr == digits.data() + digits.size();
    };
    constexpr qint64 year9999 = 253402300799;
    if (!number(seconds, s) || !number(milliseconds, ms) || !number(record.serial, serial) || s < 0 || s > year9999 || ms < 0 || ms > 999)
        return false;
    record.time = Instant(std::chrono::seconds(s) + Milliseconds(ms));
    return takePrefix(text, ":");
}

std::string_view viewOf(QByteArrayView line)
{
    const std::string_view text(line.data(), size_t(line.size()));
    return text.substr(0, text.find(interpretationMark));
}

} // namespace

std::string_view AuditdRecord::value(std::string_view name) const
{
    for (const Field &field : fields) {
        if (field.name == name && !field.value.empty() && field.value != "?" && field.value != "(null)")
            return field.value;
    }
    return {};
}

bool readAuditdHead(QByteArrayView line, AuditdRecord &record)
{
    std::string_view text = viewOf(line).substr(0, longestHead);
    return readHead(text, record);
}

bool readAuditdRecord(QByteArrayView line, AuditdRecord &record)
{
    std::string_view text = viewOf(line);
    if (!readHead(text, record))
        return false;
    readFields(text, record, 0);
    return true;
}

} // namespace parapet::formats
