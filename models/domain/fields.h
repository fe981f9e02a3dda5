// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/id.h"
#include "models/core/instant.h"
#include "models/core/untrusted.h"

#include <QtCore/QStringList>
#include <QtCore/QVariant>

#include <span>
#include <variant>

namespace parapet {

/// What a field holds, and so how it is compared, written and drawn.
enum class FieldKind { Identifier, Text, Enumeration, Integer, Real, Bytes, Boolean, Time, Duration };

/// A field's value without its value's type. Untrusted text stays Untrusted; enumerations travel by name.
using FieldValue = std::variant<std::monostate, QString, Untrusted, qint64, double, bool, Instant>;

enum FieldFlag {
    Sortable = 1,
    Filterable = 2,
    Shown = 4,    ///< a column by default
    Settable = 8, ///< a client may write it
};

/// One row of a value's field table: everything that columns, filters, completion, export, wire and storage need to
/// know.
template<class T>
struct Field {
    const char *name;  ///< on the wire, in filters, in exports: lowerCamelCase
    const char *label; ///< QT_TRANSLATE_NOOP("fields", …), sentence case
    const char *help;  ///< QT_TRANSLATE_NOOP("fields", …), one clause for completion
    FieldKind kind;
    int flags;
    FieldValue (*get)(const T &);
    bool (*set)(T &, const FieldValue &); ///< false when the value does not fit the member
    std::span<const char *const> values;  ///< the names of an enumeration, else empty
    const QString *(*text)(const T &);    ///< the member's own text as it came, not copied; null when it is not text
    qint64 (*number)(const T &);          ///< integer, 0 or 1, ms since the epoch, place in `values`; else null
};

/// The field table of T, in column order. Specialised once per value, in domain/<value>.cpp.
template<class T>
std::span<const Field<T>> fieldsOf();

template<class T>
const Field<T> *findField(QStringView name)
{
    for (const Field<T> &field : fieldsOf<T>()) {
        if (name == QLatin1String(field.name))
            return &field;
    }
    return nullptr;
}

/// Specialised for each domain enumeration: `static constexpr std::array names{…}` in the order of its values.
template<class E>
struct EnumNames;

template<class E>
QString nameOf(E value)
{
    return QString::fromLatin1(EnumNames<E>::names[size_t(value)]);
}

template<class E>
bool fromName(QStringView name, E &value)
{
    for (size_t i = 0; i < EnumNames<E>::names.size(); ++i) {
        if (name == QLatin1String(EnumNames<E>::names[i])) {
            value = E(i);
            return true;
        }
    }
    return false;
}

namespace detail {

template<class M>
struct FieldTraits;

template<class M, FieldKind K>
struct PlainTraits {
    static constexpr FieldKind kind = K;
    static FieldValue get(const M &m) { return m; }
    static const QString *text(const M &m)
    {
        if constexpr (std::is_same_v<M, QString>)
            return &m;
        else if constexpr (std::is_same_v<M, Untrusted>)
            return &m.raw();
        else
            return nullptr;
    }
    static qint64 number(const M &m)
    {
        if constexpr (std::is_same_v<M, Instant>)
            return m.time_since_epoch().count();
        else if constexpr (std::is_integral_v<M>)
            return m;
        else
            return 0;
    }
    static bool set(M &m, const FieldValue &v)
    {
        if (const auto *held = std::get_if<M>(&v)) {
            m = *held;
            return true;
        }
        return false;
    }
};
template<>
struct FieldTraits<QString> : PlainTraits<QString, FieldKind::Text> {
};
template<>
struct FieldTraits<Untrusted> : PlainTraits<Untrusted, FieldKind::Text> {
};
template<>
struct FieldTraits<qint64> : PlainTraits<qint64, FieldKind::Integer> {
};
template<>
struct FieldTraits<double> : PlainTraits<double, FieldKind::Real> {
};
template<>
struct FieldTraits<bool> : PlainTraits<bool, FieldKind::Boolean> {
};
template<>
struct FieldTraits<Instant> : PlainTraits<Instant, FieldKind::Time> {
};

template<class Tag>
struct FieldTraits<Id<Tag>> {
    static constexpr FieldKind kind = FieldKind::Identifier;
    static FieldValue get(const Id<Tag> &id) { return id.value; }
    static const QString *text(const Id<Tag> &id) { return &id.value; }
    static qint64 number(const Id<Tag> &) { return 0; }
    static bool set(Id<Tag> &id, const FieldValue &v)
    {
        const auto *text = std::get_if<QString>(&v);
        if (!text || !(text->isEmpty() || isIdentifier(*text)))
            return false;
        id.value = *text;
        return true;
    }
};

template<class E>
requires std::is_enum_v<E>
struct FieldTraits<E> {
    static constexpr FieldKind kind = FieldKind::Enumeration;
    static FieldValue get(const E &e) { return nameOf(e); }
    static const QString *text(const E &) { return nullptr; }
    static qint64 number(const E &e) { return qint64(e); }
    static bool set(E &e, const FieldValue &v)
    {
        const auto *text = std::get_if<QString>(&v);
        return text && fromName(*text, e);
    }
};

/// Members whose text can be lent out without a copy.
template<class M>
inline constexpr bool holdsText = std::is_same_v<M, QString> || std::is_same_v<M, Untrusted>;
template<class Tag>
inline constexpr bool holdsText<Id<Tag>> = true;

template<class P>
struct MemberOf;
template<class T, class M>
struct MemberOf<M T::*> {
    using Owner = T;
    using Type = M;
};

} // namespace detail

/// A row of a field table from a member pointer: field<&Workspace::owner>("owner", …).
template<auto Member>
constexpr auto field(const char *name, const char *label, const char *help, int flags,
                     FieldKind kind = detail::FieldTraits<typename detail::MemberOf<decltype(Member)>::Type>::kind)
{
    using T = typename detail::MemberOf<decltype(Member)>::Owner;
    using M = typename detail::MemberOf<decltype(Member)>::Type;
    std::span<const char *const> values;
    if constexpr (std::is_enum_v<M>)
        values = EnumNames<M>::names;
    Field<T> row{name,
                 label,
                 help,
                 kind,
                 flags,
                 [](const T &t) { return detail::FieldTraits<M>::get(t.*Member); },
                 [](T &t, const FieldValue &v) { return detail::FieldTraits<M>::set(t.*Member, v); },
                 values,
                 nullptr,
                 nullptr};
    if constexpr (detail::holdsText<M>)
        row.text = [](const T &t) { return detail::FieldTraits<M>::text(t.*Member); };
    else if constexpr (!std::is_floating_point_v<M>)
        row.number = [](const T &t) { return detail::FieldTraits<M>::number(t.*Member); };
    return row;
}

} // namespace parapet
