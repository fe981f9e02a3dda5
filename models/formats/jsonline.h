// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Only for this room's .cpp files: the header of simdjson is large.
#include "models/core/result.h"

#include <QtCore/QByteArray>

#include <simdjson.h>

namespace parapet::formats {

using JsonNode = simdjson::dom::element;
using JsonMembers = simdjson::dom::object;
using JsonItems = simdjson::dom::array;

/// The one decoder of JSON lines in this room: an object or an array a line, UTF-8 checked, duplicate names refused (RFC 7493 §2.3),
/// at most 32 levels deep. It keeps its buffers from line to line, which is what makes it fast; what it gives is valid until the next line.
class JsonLine
{
public:
    static constexpr int deepest = 32;

    /// Code Invalid with a sentence that says what is wrong.
    Result<JsonMembers> parse(QByteArrayView line);
    /// The same for a line that is an array.
    Result<JsonItems> parseArray(QByteArrayView line);
    /// The same object as a value, after parse() gave it.
    const JsonNode &root() const { return m_root; }

private:
    Status read(QByteArrayView line);

    simdjson::dom::parser m_parser;
    std::vector<char> m_buffer;
    JsonNode m_root;
};

/// The text of a string, else nothing.
inline std::string_view textOf(const JsonNode &node)
{
    return node.is_string() ? node.get_string().value_unsafe() : std::string_view();
}
/// A member's text, when it is there and a string.
inline std::string_view textOf(const JsonMembers &object, std::string_view name)
{
    const auto member = object.at_key(name);
    return member.error() ? std::string_view() : textOf(member.value_unsafe());
}
/// A member that is an object; false when it is not.
inline bool objectOf(const JsonMembers &object, std::string_view name, JsonMembers &out)
{
    const auto member = object.at_key(name);
    return !member.error() && !member.value_unsafe().get_object().get(out);
}

} // namespace parapet::formats
