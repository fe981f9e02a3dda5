// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/query/printer.h"

namespace parapet::query {
namespace {

bool printerIsPlain(QChar c)
{
    return c.isLetterOrNumber() || QStringView(u"._-/+@*#%&=$:").contains(c);
}

QString printerQuoted(QString text)
{
    text.replace(u'\\', QLatin1String("\\\\")).replace(u'"', QLatin1String("\\\""));
    return u'"' + text + u'"';
}

/// A free word may stand bare only if it cannot be read as a field, a sign or a keyword.
QString printerWord(const QString &text)
{
    const bool plain = !text.isEmpty() && text.front() != u'-' && !text.contains(u':') &&
                       std::all_of(text.cbegin(), text.cend(), printerIsPlain);
    const bool keyword = text == QLatin1String("OR") || text == QLatin1String("AND") || text == QLatin1String("NOT");
    return plain && !keyword ? text : printerQuoted(text);
}

/// A child is put in parentheses where the grammar would otherwise read it as part of its parent.
QString printerChild(const Expression &child, Expression::Kind parent)
{
    using Kind = Expression::Kind;
    const bool group = child.kind == Kind::Or || (child.kind == Kind::And && parent != Kind::Or);
    return group ? u'(' + print(child) + u')' : print(child);
}

} // namespace

QString printValue(const QString &text)
{
    const bool plain = !text.isEmpty() && std::all_of(text.cbegin(), text.cend(), printerIsPlain);
    return plain ? text : printerQuoted(text);
}

QString print(const Expression &expression)
{
    QStringList parts;
    switch (expression.kind) {
    case Expression::Kind::All:
        return {};
    case Expression::Kind::And:
    case Expression::Kind::Or:
        for (const Expression &child : expression.children)
            parts << printerChild(child, expression.kind);
        return parts.join(expression.kind == Expression::Kind::Or ? QLatin1String(" OR ") : QLatin1String(" "));
    case Expression::Kind::Not:
        return u'!' + printerChild(expression.children.front(), Expression::Kind::Not);
    case Expression::Kind::Compare:
        for (const Value &value : expression.values)
            parts << printValue(value.text);
        return expression.field + symbolOf(expression.op) + parts.join(u',');
    case Expression::Kind::Text:
        return printerWord(expression.values.front().text);
    }
    return {};
}

QString term(const QString &field, Operator op, const QStringList &values)
{
    Expression expression;
    expression.kind = Expression::Kind::Compare;
    expression.field = field;
    expression.op = op;
    for (const QString &value : values)
        expression.values << Value{value, {}};
    return print(expression);
}

} // namespace parapet::query
