// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/audit/eventqueries.h"

namespace parapet::plane {

namespace {

bool conditionAscii(const QString &text)
{
    return std::all_of(text.cbegin(), text.cend(), [](QChar c) { return c.unicode() < 0x80; });
}

QByteArray conditionEscaped(const QString &pattern)
{
    QByteArray out = "%";
    for (const char c : pattern.toLower().toLatin1()) {
        if (c == '%' || c == '_' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '%';
}

/// One field against its literals. Empty when SQL cannot say it the same way.
QByteArray conditionOfMatcher(const query::Matcher &matcher, QVector<FieldValue> &values, Instant now)
{
    const Field<AuditEvent> &field = fieldsOf<AuditEvent>()[size_t(matcher.field)];
    const QByteArray column = '"' + QByteArray(field.name) + '"';
    QByteArrayList any;
    if (field.text) {
        // lower() knows ASCII letters only, as the indexes do: other letters are left to the predicate.
        for (const QString &text : matcher.equals) {
            if (!conditionAscii(text))
                return {};
            any.append("lower(" + column + ")=?");
            values.append(text.toLower());
        }
        for (const QStringMatcher &matching : matcher.contains) {
            if (!conditionAscii(matching.pattern()))
                return {};
            any.append("lower(" + column + ") LIKE ? ESCAPE '\\'");
            values.append(QString::fromLatin1(conditionEscaped(matching.pattern())));
        }
    } else if (!field.number) {
        return {};
    } else {
        const auto within = [&](qint64 first, qint64 last) {
            QByteArray one;
            if (field.kind == FieldKind::Enumeration) {
                // Stored by name: a range of places is a list of names.
                for (qint64 place = std::max<qint64>(0, first); place <= std::min<qint64>(last, qint64(field.values.size()) - 1); ++place) {
                    one += one.isEmpty() ? "?" : ",?";
                    values.append(QString::fromLatin1(field.values[size_t(place)]));
                }
                any.append(one.isEmpty() ? QByteArray("0=1") : column + " IN (" + one + ')');
                return;
            }
            one = matcher.isTime ? column + "<>0 AND " + column + ">=? AND " + column + "<=?" : column + ">=? AND " + column + "<=?";
            any.append('(' + one + ')');
            values.append(first);
            values.append(last);
        };
        for (const query::NumberRange &range : matcher.ranges)
            within(range.first, range.last);
        if (!matcher.distances.isEmpty())
            return {}; // relative to now on both sides: the predicate's
        if (matcher.acceptsUnknown)
            any.append(column + "=0");
    }
    Q_UNUSED(now)
    return any.isEmpty() ? QByteArray("0=1") : any.join(" OR ");
}

} // namespace

EventCondition conditionOf(const query::Node &node, Instant now)
{
    using Kind = query::Node::Kind;
    EventCondition condition;
    switch (node.kind) {
    case Kind::All:
        return condition;
    case Kind::Match: {
        QByteArrayList any;
        for (const query::Matcher &matcher : node.matchers) {
            const QByteArray sql = conditionOfMatcher(matcher, condition.values, now);
            if (sql.isEmpty())
                return {{}, {}, false};
            any.append(sql);
        }
        condition.sql = '(' + any.join(" OR ") + ')';
        return condition;
    }
    case Kind::Not: {
        EventCondition inner = conditionOf(node.children.front(), now);
        if (!inner.exact)
            return {{}, {}, false};
        condition = inner;
        condition.sql = inner.sql.isEmpty() ? QByteArray("0=1") : "NOT " + inner.sql;
        return condition;
    }
    case Kind::And:
    case Kind::Or:
        break;
    }
    QByteArrayList parts;
    for (const query::Node &child : node.children) {
        const EventCondition part = conditionOf(child, now);
        condition.exact = condition.exact && part.exact;
        // "or" with a part that is not said narrows nothing; "and" is narrowed by the parts that are.
        if (node.kind == Kind::Or && (!part.exact || part.sql.isEmpty()))
            return {{}, {}, part.exact && condition.exact};
        if (part.sql.isEmpty())
            continue;
        parts.append(part.sql);
        condition.values += part.values;
    }
    if (!parts.isEmpty())
        condition.sql = '(' + parts.join(node.kind == Kind::And ? " AND " : " OR ") + ')';
    return condition;
}

} // namespace parapet::plane
