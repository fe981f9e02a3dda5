// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>
#include <QtCore/QVector>

#include <vector>

namespace parapet::query {

/// A part of the source text, in UTF-16 code units.
struct Span {
    int from = 0;
    int length = 0;
    int end() const { return from + length; }
    friend bool operator==(const Span &, const Span &) = default;
};

enum class Operator { Is, IsNot, AtLeast, AtMost, Greater, Less, Contains };

/// ":", "!:", ">=", "<=", ">", "<", "~".
QString symbolOf(Operator op);

struct Value {
    QString text;
    Span span;
};

/// A filter as a tree. Two are equal when they mean the same letter by letter; spans do not count.
struct Expression {
    enum class Kind {
        All,     ///< the empty filter
        And,     ///< every child
        Or,      ///< any child
        Not,     ///< not the one child
        Compare, ///< field, op, values: any of them for Is and Contains, none of them for IsNot
        Text,    ///< values[0] somewhere in the row
    };
    Kind kind = Kind::All;
    Span span; ///< the whole term, with its parentheses, sign and quotes
    std::vector<Expression> children;
    QString field; ///< as written: a field's name or an alias
    Span fieldSpan;
    Operator op = Operator::Is;
    QVector<Value> values;

    friend bool operator==(const Expression &a, const Expression &b);
};

/// What is wrong with a filter, where, and what was probably meant.
struct Problem {
    Span span;
    QString message;    ///< translated, for a person
    QString suggestion; ///< what was probably meant in place of `span`; empty when there is no guess. Not in `message`
};

} // namespace parapet::query
