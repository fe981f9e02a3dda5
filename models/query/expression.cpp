// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/query/expression.h"

namespace parapet::query {

QString symbolOf(Operator op)
{
    switch (op) {
    case Operator::Is:
        return QStringLiteral(":");
    case Operator::IsNot:
        return QStringLiteral("!:");
    case Operator::AtLeast:
        return QStringLiteral(">=");
    case Operator::AtMost:
        return QStringLiteral("<=");
    case Operator::Greater:
        return QStringLiteral(">");
    case Operator::Less:
        return QStringLiteral("<");
    case Operator::Contains:
        return QStringLiteral("~");
    }
    return {};
}

bool operator==(const Expression &a, const Expression &b)
{
    const auto sameText = [](const Value &x, const Value &y) { return x.text == y.text; };
    return a.kind == b.kind && a.field == b.field && a.op == b.op && a.children == b.children &&
           std::equal(a.values.cbegin(), a.values.cend(), b.values.cbegin(), b.values.cend(), sameText);
}

} // namespace parapet::query
