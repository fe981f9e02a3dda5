// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/query/expression.h"
#include "models/query/literals.h"

#include <QtCore/QStringList>
#include <QtCore/QStringMatcher>

namespace parapet::query {

/// One field against what was written beside it. Exactly one of the tests applies, by the kind of the field's member.
struct Matcher {
    int field = 0;                            ///< its place in the field table
    QStringList equals;                       ///< texts: equal to any, without regard to case
    QVector<QStringMatcher> contains;         ///< texts: any is a part, without regard to case
    QVector<NumberRange> ranges;              ///< numbers: within any; enumerations by the place of their name
    QVector<NumberRange> distances;           ///< times: |now − time| in milliseconds within any
    bool isTime = false;                      ///< 0 means "not known" and lies in no range
    bool acceptsUnknown = false;              ///< a time that is not known matches
    QVector<std::pair<double, double>> reals; ///< reals: from first to last of any, both included

    bool matchesText(const QString &text) const;
    bool matchesNumber(qint64 number, Instant now) const;
    bool matchesReal(double number) const;
};

/// A compiled filter: fields are places, literals are numbers. Cheap to run, may be walked by whoever has an index.
struct Node {
    enum class Kind { All, And, Or, Not, Match };
    Kind kind = Kind::All;
    std::vector<Node> children;
    std::vector<Matcher> matchers; ///< Match: any of them
};

struct Program {
    Node root;
    bool relative = false; ///< what matches changes with time
};

} // namespace parapet::query
