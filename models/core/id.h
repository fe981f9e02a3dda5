// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QHashFunctions>
#include <QtCore/QString>

#include <compare>

namespace parapet {

/// An identifier of one kind of thing; two kinds do not compare or convert. Opaque text of at most 128 characters
/// from [A-Za-z0-9._:-] (checked where it enters: isIdentifier).
template<class Tag>
struct Id {
    QString value;

    Id() = default;
    explicit Id(QString text) : value(std::move(text)) {}

    bool isEmpty() const { return value.isEmpty(); }
    friend bool operator==(const Id &a, const Id &b) { return a.value == b.value; }
    friend bool operator<(const Id &a, const Id &b) { return a.value < b.value; }
    friend size_t qHash(const Id &id, size_t seed = 0) { return ::qHash(id.value, seed); }
};

/// True when `text` may stand as an identifier.
bool isIdentifier(QStringView text);

/// A fresh random identifier: `prefix` and 80 random bits in base 32 (lower case), e.g. "op-…".
/// A dash is put between them where the prefix does not end in one of "-._:".
QString newIdentifier(QStringView prefix);

} // namespace parapet
