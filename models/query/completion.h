// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/query/expression.h"
#include "models/query/schema.h"

#include <functional>

namespace parapet::query {

/// What may stand at the cursor.
struct Candidate {
    enum class Kind { Field, Operator, Value, Keyword };
    Kind kind = Kind::Field;
    QString label; ///< what to show
    QString text;  ///< what to put in place of Completion::replace; a field comes with its usual operator
    QString help;  ///< translated, one clause; may be empty
};

struct Completion {
    Span replace;
    QVector<Candidate> candidates; ///< best first, at most maxCandidates
};

inline constexpr int maxCandidates = 100;

/// The known values of a field that contain `part`, best first; asked only for fields without names of their own.
using ValueSource = std::function<QStringList(const QString &field, const QString &part)>;

/// What can be typed at `cursor` (UTF-16 code units). Works on filters that do not parse: they are being typed.
Completion complete(QStringView filter, int cursor, const Schema &schema, const ValueSource &values = {});

/// The operators that make sense for a field, the usual one first.
QVector<Operator> operatorsFor(const SchemaField &field);

} // namespace parapet::query
