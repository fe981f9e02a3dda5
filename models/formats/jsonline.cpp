// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/formats/jsonline.h"

#include "models/formats/lineimporter.h"

#include <QtCore/QCoreApplication>

#include <cstring>

namespace parapet::formats {

namespace {

Failure badLine(const QString &what)
{
    return fail(Error::Code::Invalid, QCoreApplication::translate("formats", "It is not acceptable JSON: %1").arg(what));
}

/// simdjson lets an escaped low surrogate stand alone and writes it as three bytes that are not UTF-8.
bool holdsHalfSurrogate(std::string_view text)
{
    for (size_t at = text.find('\xED'); at != std::string_view::npos; at = text.find('\xED', at + 1)) {
        if (at + 1 < text.size() && uchar(text[at + 1]) >= 0xA0)
            return true;
    }
    return false;
}

/// A name that stands twice in one object, or half a character, anywhere below `node`; nothing when all is well.
const char *whatIsWrong(const JsonNode &node)
{
    using simdjson::dom::element_type;
    switch (node.type()) {
    case element_type::STRING:
        return holdsHalfSurrogate(node.get_string().value_unsafe()) ? "a string holds half of a surrogate pair." : nullptr;
    case element_type::ARRAY: {
        const simdjson::dom::array children = node.get_array().value_unsafe();
        for (const JsonNode child : children) {
            if (const char *wrong = whatIsWrong(child))
                return wrong;
        }
        return nullptr;
    }
    case element_type::OBJECT: {
        constexpr size_t few = 32;
        std::string_view small[few];
        std::vector<std::string_view> many;
        size_t count = 0;
        const JsonMembers members = node.get_object().value_unsafe();
        for (const auto member : members) {
            if (holdsHalfSurrogate(member.key))
                return "a name holds half of a surrogate pair.";
            if (count < few) {
                // Most objects are small: their names are compared by length first, without sorting.
                for (size_t i = 0; i < count; ++i) {
                    if (small[i].size() == member.key.size() && std::memcmp(small[i].data(), member.key.data(), member.key.size()) == 0)
                        return "a member name stands twice in one object.";
                }
                small[count] = member.key;
            } else {
                if (count == few)
                    many.assign(small, small + few);
                many.push_back(member.key);
            }
            ++count;
            if (const char *wrong = whatIsWrong(member.value))
                return wrong;
        }
        std::sort(many.begin(), many.end());
        return std::adjacent_find(many.begin(), many.end()) == many.end() ? nullptr : "a member name stands twice in one object.";
    }
    default:
        return nullptr;
    }
}

} // namespace

Status JsonLine::read(QByteArrayView line)
{
    if (m_buffer.empty()) {
        m_buffer.resize(4096 + simdjson::SIMDJSON_PADDING);
        if (const auto failed = m_parser.allocate(4096, deepest))
            return badLine(QString::fromLatin1(simdjson::error_message(failed)));
    }
    if (m_buffer.size() < size_t(line.size()) + simdjson::SIMDJSON_PADDING)
        m_buffer.resize(size_t(line.size()) * 2 + simdjson::SIMDJSON_PADDING);
    if (size_t(line.size()) > m_parser.capacity()) {
        if (const auto failed = m_parser.allocate(size_t(line.size()) * 2, deepest))
            return badLine(QString::fromLatin1(simdjson::error_message(failed)));
    }
    std::memcpy(m_buffer.data(), line.data(), size_t(line.size()));
    if (const auto failed = m_parser.parse(m_buffer.data(), size_t(line.size()), false).get(m_root))
        return badLine(QString::fromLatin1(simdjson::error_message(failed)));
    return {};
}

Result<JsonMembers> JsonLine::parse(QByteArrayView line)
{
    if (const Status decoded = read(line); !decoded)
        return fail(decoded.error());
    JsonMembers object;
    if (m_root.get_object().get(object))
        return badLine(QCoreApplication::translate("formats", "a line must be one object."));
    if (const char *wrong = whatIsWrong(m_root))
        return badLine(QCoreApplication::translate("formats", wrong));
    return object;
}

Result<JsonItems> JsonLine::parseArray(QByteArrayView line)
{
    if (const Status decoded = read(line); !decoded)
        return fail(decoded.error());
    JsonItems items;
    if (m_root.get_array().get(items))
        return badLine(QCoreApplication::translate("formats", "a line must be one array."));
    if (const char *wrong = whatIsWrong(m_root))
        return badLine(QCoreApplication::translate("formats", wrong));
    return items;
}

} // namespace parapet::formats
