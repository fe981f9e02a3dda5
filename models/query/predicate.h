// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/query/compiler.h"
#include "models/query/parser.h"

namespace parapet::query {

/// A compiled filter over values of type T. Copies are cheap enough to pass; safe to use from several threads.
template<class T>
class Predicate
{
public:
    /// Matches everything.
    Predicate() = default;
    explicit Predicate(Program program) : m_program(std::move(program)) {}

    bool matches(const T &row, Instant now) const { return matches(m_program.root, row, now); }
    bool matchesAll() const { return m_program.root.kind == Node::Kind::All; }
    const Program &program() const { return m_program; }

private:
    static bool matches(const Node &node, const T &row, Instant now)
    {
        const auto holds = [&](const Node &child) { return matches(child, row, now); };
        switch (node.kind) {
        case Node::Kind::All:
            return true;
        case Node::Kind::And:
            return std::all_of(node.children.begin(), node.children.end(), holds);
        case Node::Kind::Or:
            return std::any_of(node.children.begin(), node.children.end(), holds);
        case Node::Kind::Not:
            return !holds(node.children.front());
        case Node::Kind::Match:
            break;
        }
        const std::span<const Field<T>> fields = fieldsOf<T>();
        for (const Matcher &matcher : node.matchers) {
            const Field<T> &field = fields[size_t(matcher.field)];
            if (field.text     ? matcher.matchesText(*field.text(row))
                : field.number ? matcher.matchesNumber(field.number(row), now)
                               : matcher.matchesReal(std::get<double>(field.get(row))))
                return true;
        }
        return false;
    }

    Program m_program;
};

/// Checks an expression against T's field table.
template<class T>
tl::expected<Predicate<T>, Problem> compile(const Expression &expression)
{
    tl::expected<Program, Problem> program = compile(expression, schemaOf<T>());
    if (!program)
        return tl::unexpected(std::move(program.error()));
    return Predicate<T>(std::move(*program));
}

/// Reads and checks a filter in one go; for the receiving side of Query::filter.
template<class T>
Result<Predicate<T>> predicateFrom(QStringView text)
{
    tl::expected<Expression, Problem> expression = parse(text);
    if (!expression)
        return fail(toError(expression.error(), text));
    tl::expected<Predicate<T>, Problem> predicate = compile<T>(*expression);
    if (!predicate)
        return fail(toError(predicate.error(), text));
    return std::move(*predicate);
}

/// Three-way order of two rows by one field: texts without regard to case, then by code point; unknown times first.
template<class T>
int compareBy(const Field<T> &field, const T &a, const T &b)
{
    if (field.text) {
        const QString &x = *field.text(a), &y = *field.text(b);
        const int folded = x.compare(y, Qt::CaseInsensitive);
        return folded ? folded : x.compare(y);
    }
    if (field.number) {
        const qint64 x = field.number(a), y = field.number(b);
        return x < y ? -1 : x > y ? 1 : 0;
    }
    const double x = std::get<double>(field.get(a)), y = std::get<double>(field.get(b));
    return x < y ? -1 : x > y ? 1 : 0;
}

} // namespace parapet::query
