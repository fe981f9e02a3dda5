// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/json.h"

#include "models/core/codepoints.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <simdjson.h>

#include <charconv>
#include <cmath>

namespace parapet {

namespace {

constexpr qint64 greatestExactInteger = (qint64(1) << 53) - 1; // RFC 7493 §2.2

Failure badJson(const QString &what)
{
    return fail(Error::Code::Invalid,
                QCoreApplication::translate("Json", "The document is not acceptable JSON: %1").arg(what));
}

Failure badJson(simdjson::error_code code)
{
    return badJson(QString::fromLatin1(simdjson::error_message(code)));
}

/// simdjson lets an escaped low surrogate stand alone and writes it as three bytes that are not UTF-8.
bool holdsSurrogate(std::string_view text)
{
    for (size_t at = text.find('\xED'); at != std::string_view::npos; at = text.find('\xED', at + 1)) {
        if (at + 1 < text.size() && uchar(text[at + 1]) >= 0xA0)
            return true;
    }
    return false;
}

Result<QString> jsonString(std::string_view text)
{
    if (holdsSurrogate(text))
        return badJson(QCoreApplication::translate("Json", "a string holds half of a surrogate pair."));
    // Qt takes U+FEFF at the beginning for a byte order mark and drops it: two names would become one.
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    QString marks;
    for (; text.starts_with(mark); text.remove_prefix(mark.size()))
        marks += QChar(QChar::ByteOrderMark);
    return marks + QString::fromUtf8(text.data(), qsizetype(text.size()));
}

Result<QJsonValue> jsonValue(const simdjson::dom::element &element, int depthLeft);

Result<QJsonValue> jsonArray(const simdjson::dom::array &array, int depthLeft)
{
    QJsonArray values;
    for (const simdjson::dom::element child : array) {
        Result<QJsonValue> value = jsonValue(child, depthLeft);
        if (!value)
            return value;
        values.append(*std::move(value));
    }
    return QJsonValue(values);
}

Result<QJsonValue> jsonObject(const simdjson::dom::object &object, int depthLeft)
{
    std::vector<std::string_view> names;
    for (const simdjson::dom::key_value_pair member : object)
        names.push_back(member.key);
    std::sort(names.begin(), names.end());
    if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end()) {
        return badJson(QCoreApplication::translate("Json", "the member name “%1” stands twice in one object.")
                           .arg(QString::fromUtf8(twice->data(), qsizetype(std::min<size_t>(twice->size(), 64)))));
    }

    QJsonObject values;
    for (const simdjson::dom::key_value_pair member : object) {
        const Result<QString> name = jsonString(member.key);
        if (!name)
            return fail(name.error());
        Result<QJsonValue> value = jsonValue(member.value, depthLeft);
        if (!value)
            return value;
        values.insert(*name, *std::move(value));
    }
    return QJsonValue(values);
}

Result<QJsonValue> jsonInteger(bool inRange, qint64 value)
{
    if (!inRange)
        return badJson(QCoreApplication::translate("Json", "an integer lies beyond ±(2^53−1) and would lose digits."));
    return QJsonValue(value);
}

Result<QJsonValue> jsonValue(const simdjson::dom::element &element, int depthLeft)
{
    using simdjson::dom::element_type;
    switch (element.type()) {
    case element_type::NULL_VALUE:
        return QJsonValue(QJsonValue::Null);
    case element_type::BOOL:
        return QJsonValue(bool(element.get_bool().value_unsafe()));
    case element_type::INT64: {
        const qint64 value = element.get_int64().value_unsafe();
        return jsonInteger(value >= -greatestExactInteger && value <= greatestExactInteger, value);
    }
    case element_type::UINT64: {
        const quint64 value = element.get_uint64().value_unsafe();
        return jsonInteger(value <= quint64(greatestExactInteger), qint64(value));
    }
    case element_type::DOUBLE: {
        // Canonical JSON writes doubles of this size as integers (ES6 Number::toString), which would then be refused.
        const double value = element.get_double().value_unsafe();
        if (std::abs(value) > double(greatestExactInteger) && std::abs(value) < 1e21)
            return jsonInteger(false, 0);
        return QJsonValue(value);
    }
    case element_type::STRING: {
        Result<QString> text = jsonString(element.get_string().value_unsafe());
        if (!text)
            return fail(text.error());
        return QJsonValue(*std::move(text));
    }
    case element_type::ARRAY:
    case element_type::OBJECT:
        break;
    }
    if (depthLeft == 0)
        return badJson(simdjson::DEPTH_ERROR);
    if (element.is_array())
        return jsonArray(element.get_array().value_unsafe(), depthLeft - 1);
    return jsonObject(element.get_object().value_unsafe(), depthLeft - 1);
}

Status checkValue(const simdjson::dom::element &element, int depthLeft);

Status checkObject(const simdjson::dom::object &object, int depthLeft)
{
    std::vector<std::string_view> names;
    for (const simdjson::dom::key_value_pair member : object) {
        if (holdsSurrogate(member.key))
            return fail(jsonString(member.key).error());
        names.push_back(member.key);
        if (const Status value = checkValue(member.value, depthLeft); !value)
            return value;
    }
    std::sort(names.begin(), names.end());
    if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end())
        return fail(jsonObject(object, depthLeft).error());
    return {};
}

/// What jsonValue() refuses, without making a value of it.
Status checkValue(const simdjson::dom::element &element, int depthLeft)
{
    if (element.is_string()) {
        const std::string_view text = element.get_string().value_unsafe();
        return holdsSurrogate(text) ? Status(fail(jsonString(text).error())) : Status();
    }
    if (!element.is_array() && !element.is_object()) {
        const Result<QJsonValue> value = jsonValue(element, depthLeft);
        return value ? Status() : Status(fail(value.error()));
    }
    if (depthLeft == 0)
        return badJson(simdjson::DEPTH_ERROR);
    if (element.is_object()) {
        const simdjson::dom::object object = element.get_object().value_unsafe();
        return checkObject(object, depthLeft - 1);
    }
    const simdjson::dom::array array = element.get_array().value_unsafe();
    for (const simdjson::dom::element child : array) {
        if (const Status value = checkValue(child, depthLeft - 1); !value)
            return value;
    }
    return {};
}

/// The tree of a text that simdjson accepted and checkValue() found good, by Qt's own reader: that makes it in place, where inserting
/// member by member costs several times as much. Nothing when that reader would understand something else.
QJsonValue treeOf(QByteArrayView text)
{
    // Strings are kept as UTF-8 and decoded later; a mark at their beginning would be lost then.
    if (text.indexOf("\xEF\xBB\xBF") >= 0)
        return QJsonValue(QJsonValue::Undefined);
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromRawData(text.data(), text.size()), &error);
    if (error.error != QJsonParseError::NoError)
        return QJsonValue(QJsonValue::Undefined);
    return document.isObject() ? QJsonValue(document.object()) : document.isArray() ? QJsonValue(document.array()) : QJsonValue(QJsonValue::Undefined);
}

/// Half a surrogate pair has no UTF-8: it becomes U+FFFD.
QString wellFormed(const QString &text)
{
    if (text.isValidUtf16())
        return text;
    QString whole;
    for (qsizetype at = 0; at < text.size();) {
        char32_t c = takeCodePoint(text, at);
        if (QChar::isSurrogate(c))
            c = QChar::ReplacementCharacter;
        whole += QStringView(QChar::fromUcs4(c));
    }
    return whole;
}

void putCanonicalString(QByteArray &out, const QString &text)
{
    static constexpr char hex[] = "0123456789abcdef";
    out += '"';
    const QByteArray utf8 = wellFormed(text).toUtf8();
    for (const char c : utf8) {
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\b':
            out += "\\b";
            break;
        case '\t':
            out += "\\t";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\f':
            out += "\\f";
            break;
        case '\r':
            out += "\\r";
            break;
        default:
            if (uchar(c) < 0x20) {
                out += "\\u00";
                out += hex[uchar(c) >> 4];
                out += hex[uchar(c) & 15];
            } else {
                out += c;
            }
        }
    }
    out += '"';
}

/// ECMA-262 Number::toString, radix 10, as RFC 8785 §3.2.2.3 asks for.
void putCanonicalNumber(QByteArray &out, double value)
{
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    if (value == 0) { // minus zero too
        out += '0';
        return;
    }
    if (value < 0)
        out += '-';

    // The shortest digits that read back as the same double, as "d.ddde±xx".
    char text[40];
    const std::to_chars_result written =
        std::to_chars(text, text + sizeof text, std::fabs(value), std::chars_format::scientific);
    const QByteArrayView scientific(text, written.ptr - text);
    const qsizetype e = scientific.indexOf('e');
    QByteArray digits(1, scientific[0]);
    if (e > 2)
        digits += scientific.sliced(2, e - 2).toByteArray();
    const int exponent = scientific.sliced(e + 1).toInt();
    const qsizetype k = digits.size();
    const qsizetype n = exponent + 1; // value = 0.digits × 10^n

    if (k <= n && n <= 21) {
        out += digits + QByteArray(n - k, '0');
    } else if (n > 0 && n <= 21) {
        out += digits.left(n) + '.' + digits.mid(n);
    } else if (n > -6 && n <= 0) {
        out += "0." + QByteArray(-n, '0') + digits;
    } else {
        out += digits.left(1);
        if (k > 1)
            out += '.' + digits.mid(1);
        out += 'e';
        out += n > 0 ? '+' : '-';
        out += QByteArray::number(std::abs(n - 1));
    }
}

void putCanonical(QByteArray &out, const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Null:
    case QJsonValue::Undefined:
        out += "null";
        break;
    case QJsonValue::Bool:
        out += value.toBool() ? "true" : "false";
        break;
    case QJsonValue::Double:
        putCanonicalNumber(out, value.toDouble());
        break;
    case QJsonValue::String:
        putCanonicalString(out, value.toString());
        break;
    case QJsonValue::Array: {
        out += '[';
        const QJsonArray array = value.toArray();
        for (qsizetype i = 0; i < array.size(); ++i) {
            if (i > 0)
                out += ',';
            putCanonical(out, array.at(i));
        }
        out += ']';
        break;
    }
    case QJsonValue::Object: {
        const QJsonObject object = value.toObject();
        QStringList names = object.keys();
        // QString orders by UTF-16 code units, which is RFC 8785 §3.2.3.
        std::sort(names.begin(), names.end());
        out += '{';
        bool first = true;
        for (const QString &name : std::as_const(names)) {
            if (!first)
                out += ',';
            first = false;
            putCanonicalString(out, name);
            out += ':';
            putCanonical(out, object.value(name));
        }
        out += '}';
        break;
    }
    }
}

} // namespace

Result<QJsonValue> parseJson(QByteArrayView text, JsonLimits limits)
{
    if (text.size() > limits.bytes) {
        return badJson(QCoreApplication::translate("Json", "it is larger than %1 bytes.").arg(limits.bytes));
    }
    if (text.isEmpty())
        return badJson(simdjson::EMPTY);
    simdjson::dom::parser parser;
    if (const simdjson::error_code failed = parser.allocate(size_t(text.size()), size_t(limits.depth) + 2))
        return badJson(failed);
    simdjson::dom::element root;
    if (const simdjson::error_code failed = parser.parse(text.data(), size_t(text.size()), true).get(root))
        return badJson(failed);
    if (const Status good = checkValue(root, limits.depth); !good)
        return fail(good.error());
    const QJsonValue tree = treeOf(text);
    return tree.isUndefined() ? jsonValue(root, limits.depth) : Result<QJsonValue>(tree);
}

QByteArray canonicalJson(const QJsonValue &value)
{
    QByteArray out;
    putCanonical(out, value);
    return out;
}

} // namespace parapet
