// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/query/chips.h"

namespace parapet::query {

tl::expected<QVector<Chip>, Problem> chips(QStringView filter)
{
    tl::expected<Expression, Problem> expression = parse(filter);
    if (!expression)
        return tl::unexpected(std::move(expression.error()));
    QVector<Chip> result;
    const auto add = [&](const Expression &term) {
        result << Chip{term.span, filter.mid(term.span.from, term.span.length).toString(), term};
    };
    if (expression->kind == Expression::Kind::All)
        return result;
    // "(a b)" is an And too, but one that was put together by hand.
    const bool grouped = filter.mid(expression->span.from).startsWith(u'(') &&
                         expression->kind == Expression::Kind::And &&
                         expression->children.front().span.from != expression->span.from;
    if (expression->kind != Expression::Kind::And || grouped) {
        add(*expression);
        return result;
    }
    for (const Expression &term : expression->children)
        add(term);
    return result;
}

QString withoutChip(const QString &filter, int index)
{
    const auto all = chips(filter);
    if (!all)
        return filter;
    QStringList kept;
    for (int i = 0; i < all->size(); ++i) {
        if (i != index)
            kept << all->at(i).text;
    }
    return kept.join(u' ');
}

QString bothFilters(const QString &filter, const QString &more)
{
    const auto side = [](const QString &text) {
        const QString trimmed = text.trimmed();
        const auto expression = parse(trimmed);
        const bool loose = expression && expression->kind == Expression::Kind::Or && !trimmed.isEmpty() &&
                           expression->children.front().span.from == expression->span.from;
        return loose ? u'(' + trimmed + u')' : trimmed;
    };
    const QString left = side(filter), right = side(more);
    if (left.isEmpty() || right.isEmpty())
        return left.isEmpty() ? more.trimmed() : filter.trimmed();
    return left + u' ' + right;
}

} // namespace parapet::query
