// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/query/compiler.h"

#include "models/core/untrusted.h"

#include <QtCore/QCoreApplication>

#include <cmath>
#include <limits>

namespace parapet::query {

bool Matcher::matchesText(const QString &text) const
{
    for (const QString &candidate : equals) {
        if (text.compare(candidate, Qt::CaseInsensitive) == 0)
            return true;
    }
    for (const QStringMatcher &part : contains) {
        if (part.indexIn(text) >= 0)
            return true;
    }
    return false;
}

bool Matcher::matchesNumber(qint64 number, Instant now) const
{
    if (isTime && number == 0)
        return acceptsUnknown;
    const auto holds = [](qint64 n) {
        return [n](const NumberRange &range) { return n >= range.first && n <= range.last; };
    };
    if (std::any_of(ranges.cbegin(), ranges.cend(), holds(number)))
        return true;
    if (distances.isEmpty())
        return false;
    const qint64 distance = std::abs(now.time_since_epoch().count() - number);
    return std::any_of(distances.cbegin(), distances.cend(), holds(distance));
}

bool Matcher::matchesReal(double number) const
{
    const auto holds = [number](const auto &range) { return number >= range.first && number <= range.second; };
    return std::any_of(reals.cbegin(), reals.cend(), holds);
}

namespace {

using Compiled = tl::expected<Node, Problem>;
using Checked = tl::expected<void, Problem>;

constexpr qint64 compilerLowest = std::numeric_limits<qint64>::min();
constexpr qint64 compilerHighest = std::numeric_limits<qint64>::max();

QString compilerText(const char *text)
{
    return QCoreApplication::translate("query", text);
}

/// What somebody wrote, as it may be shown: a filter can come out of a link.
QString compilerQuote(const QString &text)
{
    return Untrusted(text).inert(80);
}

/// The numbers that stand in the relation `op` to a literal.
NumberRange compilerRange(Operator op, NumberRange literal)
{
    constexpr NumberRange nothing{1, 0};
    switch (op) {
    case Operator::AtLeast:
        return {literal.first, compilerHighest};
    case Operator::AtMost:
        return {compilerLowest, literal.last};
    case Operator::Greater:
        return literal.last == compilerHighest ? nothing : NumberRange{literal.last + 1, compilerHighest};
    case Operator::Less:
        return literal.first == compilerLowest ? nothing : NumberRange{compilerLowest, literal.first - 1};
    default:
        return literal;
    }
}

bool compilerIsOrder(Operator op)
{
    return op == Operator::AtLeast || op == Operator::AtMost || op == Operator::Greater || op == Operator::Less;
}

class FilterCompiler
{
public:
    explicit FilterCompiler(const Schema &schema) : m_schema(schema) {}

    bool isRelative() const { return m_relative; }

    Compiled node(const Expression &expression)
    {
        Node result;
        switch (expression.kind) {
        case Expression::Kind::All:
            return result;
        case Expression::Kind::And:
        case Expression::Kind::Or:
        case Expression::Kind::Not:
            result.kind = expression.kind == Expression::Kind::And  ? Node::Kind::And
                          : expression.kind == Expression::Kind::Or ? Node::Kind::Or
                                                                    : Node::Kind::Not;
            for (const Expression &child : expression.children) {
                Compiled compiled = node(child);
                if (!compiled)
                    return compiled;
                result.children.push_back(std::move(*compiled));
            }
            return result;
        case Expression::Kind::Text:
            return freeText(expression.values.front().text);
        case Expression::Kind::Compare:
            return comparison(expression);
        }
        return result;
    }

private:
    static tl::unexpected<Problem> problem(Span span, QString message, QString suggestion = {})
    {
        return tl::unexpected<Problem>(Problem{span, std::move(message), std::move(suggestion)});
    }

    Node freeText(const QString &text) const
    {
        Node result;
        result.kind = Node::Kind::Match;
        for (int i = 0; i < m_schema.fields().size(); ++i) {
            const SchemaField &field = m_schema.fields()[i];
            Matcher matcher;
            matcher.field = i;
            if (!(field.flags & Filterable))
                continue;
            if (field.textual)
                matcher.contains << QStringMatcher(text, Qt::CaseInsensitive);
            else if (field.kind == FieldKind::Enumeration)
                matcher.ranges = namesThatContain(field, text);
            if (!matcher.contains.isEmpty() || !matcher.ranges.isEmpty())
                result.matchers.push_back(std::move(matcher));
        }
        return result;
    }

    Compiled comparison(const Expression &expression)
    {
        const QVector<int> places = m_schema.resolve(expression.field);
        if (places.isEmpty())
            return unknownField(expression);
        Node result;
        result.kind = Node::Kind::Match;
        for (const int place : places) {
            Matcher matcher;
            matcher.field = place;
            for (const Value &value : expression.values) {
                const Checked added = add(matcher, m_schema.fields()[place], expression, value);
                if (!added)
                    return tl::unexpected(added.error());
            }
            result.matchers.push_back(std::move(matcher));
        }
        if (expression.op != Operator::IsNot)
            return result;
        Node negation;
        negation.kind = Node::Kind::Not;
        negation.children.push_back(std::move(result));
        return negation;
    }

    Compiled unknownField(const Expression &expression) const
    {
        const QString nearest = m_schema.nearest(expression.field);
        const char *message =
            nearest.isEmpty() ? QT_TRANSLATE_NOOP("query", "There is no field \"%1\". To search for the text itself, "
                                                           "put it in quotes.")
                              : QT_TRANSLATE_NOOP("query", "There is no field \"%1\".");
        return problem(expression.fieldSpan, compilerText(message).arg(compilerQuote(expression.field)), nearest);
    }

    Checked add(Matcher &matcher, const SchemaField &field, const Expression &expression, const Value &value)
    {
        const Operator op = expression.op;
        const bool only = field.textual || field.kind == FieldKind::Enumeration || field.kind == FieldKind::Boolean;
        if (only && compilerIsOrder(op)) {
            const QString message =
                compilerText(QT_TRANSLATE_NOOP("query", "\"%1\" has no order. Use : or ~ instead."));
            return problem(expression.span, message.arg(compilerQuote(expression.field)));
        }
        const bool parts = field.textual || field.kind == FieldKind::Enumeration;
        if (op == Operator::Contains && !parts) {
            const QString message =
                compilerText(QT_TRANSLATE_NOOP("query", "\"%1\" is not text. Use : or >= instead of ~."));
            return problem(expression.span, message.arg(compilerQuote(expression.field)));
        }
        if (field.textual) {
            if (op == Operator::Contains)
                matcher.contains << QStringMatcher(value.text, Qt::CaseInsensitive);
            else
                matcher.equals << value.text;
            return {};
        }
        switch (field.kind) {
        case FieldKind::Enumeration:
            return addName(matcher, field, op, value);
        case FieldKind::Boolean:
            return addFlag(matcher, value);
        case FieldKind::Real:
            return addReal(matcher, op, value);
        case FieldKind::Time:
            return addTime(matcher, op, value);
        default:
            return addNumber(matcher, field.kind, op, value);
        }
    }

    static QVector<NumberRange> namesThatContain(const SchemaField &field, const QString &text)
    {
        QVector<NumberRange> found;
        for (size_t i = 0; i < field.values.size(); ++i) {
            if (QString::fromLatin1(field.values[i]).contains(text, Qt::CaseInsensitive))
                found << NumberRange{qint64(i), qint64(i)};
        }
        return found;
    }

    static Checked addName(Matcher &matcher, const SchemaField &field, Operator op, const Value &value)
    {
        if (op == Operator::Contains) {
            matcher.ranges += namesThatContain(field, value.text);
            return {};
        }
        QStringList names;
        for (size_t i = 0; i < field.values.size(); ++i) {
            names << QString::fromLatin1(field.values[i]);
            if (names.last().compare(value.text, Qt::CaseInsensitive) == 0) {
                matcher.ranges << NumberRange{qint64(i), qint64(i)};
                return {};
            }
        }
        const QString message = compilerText(QT_TRANSLATE_NOOP("query", "\"%1\" is not one of: %2."));
        return problem(value.span, message.arg(compilerQuote(value.text), names.join(QLatin1String(", "))),
                       nearestOf(value.text, names));
    }

    static Checked addFlag(Matcher &matcher, const Value &value)
    {
        const std::optional<bool> set = booleanLiteral(value.text);
        if (!set)
            return problem(value.span, compilerText(QT_TRANSLATE_NOOP("query", "Write true or false here.")));
        matcher.ranges << NumberRange{*set, *set};
        return {};
    }

    static Checked addReal(Matcher &matcher, Operator op, const Value &value)
    {
        const std::optional<double> number = realLiteral(value.text);
        if (!number)
            return problem(value.span, compilerText(QT_TRANSLATE_NOOP("query", "Write a number here, such as 2.5.")));
        constexpr double infinity = std::numeric_limits<double>::infinity();
        switch (op) {
        case Operator::AtLeast:
            matcher.reals << std::pair(*number, infinity);
            break;
        case Operator::AtMost:
            matcher.reals << std::pair(-infinity, *number);
            break;
        case Operator::Greater:
            matcher.reals << std::pair(std::nextafter(*number, infinity), infinity);
            break;
        case Operator::Less:
            matcher.reals << std::pair(-infinity, std::nextafter(*number, -infinity));
            break;
        default:
            matcher.reals << std::pair(*number, *number);
        }
        return {};
    }

    Checked addTime(Matcher &matcher, Operator op, const Value &value)
    {
        matcher.isTime = true;
        if (value.text.isEmpty() && !compilerIsOrder(op)) {
            matcher.acceptsUnknown = true;
            return {};
        }
        if (const std::optional<NumberRange> at = timeLiteral(value.text)) {
            matcher.ranges << compilerRange(op, *at);
            return {};
        }
        const std::optional<qint64> age = durationLiteral(value.text);
        if (!age) {
            return problem(value.span,
                           compilerText(QT_TRANSLATE_NOOP(
                               "query", "Write a time (2026-03-01, 2026-03-01T14:00) or an age (30m, 8h, 2d) here.")));
        }
        if (!compilerIsOrder(op))
            return problem(value.span, compilerText(QT_TRANSLATE_NOOP("query", "An age is compared with < or >.")));
        matcher.distances << compilerRange(op, {*age, *age});
        m_relative = true;
        return {};
    }

    static Checked addNumber(Matcher &matcher, FieldKind kind, Operator op, const Value &value)
    {
        std::optional<qint64> number;
        const char *hint = QT_TRANSLATE_NOOP("query", "Write a whole number here.");
        if (kind == FieldKind::Bytes) {
            number = sizeLiteral(value.text);
            hint = QT_TRANSLATE_NOOP("query", "Write a size here, such as 500kB or 2GiB.");
        } else if (kind == FieldKind::Duration) {
            number = durationLiteral(value.text);
            hint = QT_TRANSLATE_NOOP("query", "Write a duration here, such as 30m or 8h.");
        } else {
            number = integerLiteral(value.text);
        }
        if (!number)
            return problem(value.span, compilerText(hint));
        matcher.ranges << compilerRange(op, {*number, *number});
        return {};
    }

    const Schema &m_schema;
    bool m_relative = false;
};

} // namespace

tl::expected<Program, Problem> compile(const Expression &expression, const Schema &schema)
{
    FilterCompiler compiler(schema);
    Compiled root = compiler.node(expression);
    if (!root)
        return tl::unexpected(std::move(root.error()));
    return Program{std::move(*root), compiler.isRelative()};
}

} // namespace parapet::query
