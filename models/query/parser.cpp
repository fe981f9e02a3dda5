// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/query/parser.h"

#include "models/core/untrusted.h"

#include <QtCore/QCoreApplication>

#include <optional>

namespace parapet::query {
namespace {

using Parsed = tl::expected<Expression, Problem>;

QString parserText(const char *text)
{
    return QCoreApplication::translate("query", text);
}

class FilterParser
{
public:
    explicit FilterParser(QStringView text) : m_text(text) {}

    Parsed parse()
    {
        skipBlanks();
        if (atEnd())
            return Expression{};
        Parsed result = parseOr(0);
        if (result && !atEnd()) {
            return problem({m_at, 1}, QT_TRANSLATE_NOOP(
                                          "query", "This parenthesis closes nothing. Remove it, or open one before."));
        }
        return result;
    }

private:
    bool atEnd() const { return m_at >= m_text.size(); }
    QChar peek(int ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : QChar(); }
    void skipBlanks()
    {
        while (!atEnd() && peek().isSpace())
            ++m_at;
    }

    static tl::unexpected<Problem> problem(Span span, const char *message, QString suggestion = {})
    {
        return tl::unexpected<Problem>(Problem{span, parserText(message), std::move(suggestion)});
    }

    /// Whether the whole word `keyword` stands here.
    bool isKeyword(QStringView keyword) const
    {
        if (m_text.mid(m_at, keyword.size()) != keyword)
            return false;
        const QChar after = peek(int(keyword.size()));
        return after.isNull() || after.isSpace() || after == u'(' || after == u')';
    }
    bool takeKeyword(QStringView keyword)
    {
        if (!isKeyword(keyword))
            return false;
        m_at += int(keyword.size());
        skipBlanks();
        return true;
    }

    static Expression joined(Expression::Kind kind, std::vector<Expression> parts)
    {
        if (parts.size() == 1)
            return std::move(parts.front());
        Expression result;
        result.kind = kind;
        result.span = {parts.front().span.from, parts.back().span.end() - parts.front().span.from};
        result.children = std::move(parts);
        return result;
    }

    Parsed parseOr(int depth)
    {
        std::vector<Expression> parts;
        do {
            Parsed part = parseAnd(depth);
            if (!part)
                return part;
            parts.push_back(std::move(*part));
        } while (takeKeyword(u"OR"));
        return joined(Expression::Kind::Or, std::move(parts));
    }

    Parsed parseAnd(int depth)
    {
        std::vector<Expression> parts;
        bool needed = true;
        while (needed || !(atEnd() || peek() == u')' || isKeyword(u"OR"))) {
            Parsed part = parseTerm(depth);
            if (!part)
                return part;
            parts.push_back(std::move(*part));
            if (!atEnd() && !peek().isSpace() && peek() != u')')
                return problem({m_at, 1}, QT_TRANSLATE_NOOP("query", "Put a blank between two terms."));
            skipBlanks();
            needed = takeKeyword(u"AND");
        }
        return joined(Expression::Kind::And, std::move(parts));
    }

    Parsed parseTerm(int depth)
    {
        const int start = m_at;
        if (atEnd() || peek() == u')' || isKeyword(u"OR") || isKeyword(u"AND"))
            return problem({start, atEnd() ? 0 : 1}, QT_TRANSLATE_NOOP("query", "A term is missing here."));
        if (depth > maxFilterDepth) {
            return problem({start, 1}, QT_TRANSLATE_NOOP(
                                           "query", "Too many parentheses or negations within each other. Use fewer."));
        }
        const bool sign = peek() == u'!' || (peek() == u'-' && m_at + 1 < m_text.size() && !peek(1).isSpace());
        if (sign || isKeyword(u"NOT"))
            return parseNot(start, sign, depth);
        if (peek() == u'(')
            return parseGroup(start, depth);
        if (peek() == u'"') {
            auto text = takeQuoted();
            if (!text)
                return tl::unexpected(std::move(text.error()));
            return textTerm(start, std::move(*text));
        }
        if (const int length = fieldLength()) {
            const int fieldStart = m_at;
            m_at += length;
            bool negated = false;
            if (const std::optional<Operator> op = takeOperator(&negated))
                return parseCompare({fieldStart, length}, *op, negated);
            m_at = fieldStart;
        }
        return parseWord(start);
    }

    Parsed parseNot(int start, bool sign, int depth)
    {
        if (sign)
            ++m_at;
        else
            takeKeyword(u"NOT");
        if (atEnd() || peek().isSpace() || peek() == u')') {
            return problem({start, m_at - start},
                           QT_TRANSLATE_NOOP("query", "Nothing follows this negation. Put a term right behind it."));
        }
        Parsed inner = parseTerm(depth + 1);
        if (!inner)
            return inner;
        return negation(start, std::move(*inner));
    }

    Expression negation(int start, Expression inner) const
    {
        Expression result;
        result.kind = Expression::Kind::Not;
        result.span = {start, m_at - start};
        result.children.push_back(std::move(inner));
        return result;
    }

    Parsed parseGroup(int start, int depth)
    {
        ++m_at;
        skipBlanks();
        Parsed inner = parseOr(depth + 1);
        if (!inner)
            return inner;
        if (peek() != u')')
            return problem({start, 1},
                           QT_TRANSLATE_NOOP("query", "This parenthesis is not closed. Add a closing one."));
        ++m_at;
        inner->span = {start, m_at - start};
        return inner;
    }

    Expression textTerm(int start, QString text) const
    {
        Expression result;
        result.kind = Expression::Kind::Text;
        result.span = {start, m_at - start};
        result.values << Value{std::move(text), result.span};
        return result;
    }

    Parsed parseWord(int start)
    {
        if (QStringView(u":<>~=\u2265\u2264,").contains(peek())) {
            return problem({start, 1},
                           QT_TRANSLATE_NOOP("query", "An operator needs a field right in front of it. To search "
                                                      "for the sign itself, put it in quotes."));
        }
        while (!atEnd() && !endsWord(peek()))
            ++m_at;
        return textTerm(start, m_text.mid(start, m_at - start).toString());
    }

    static bool endsWord(QChar c) { return c.isSpace() || c == u'(' || c == u')' || c == u'"'; }

    int fieldLength() const
    {
        const auto isLetter = [](QChar c) { return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z'); };
        const auto isInner = [](QChar c) { return (c >= u'0' && c <= u'9') || c == u'.' || c == u'_'; };
        int length = 0;
        while (isLetter(peek(length)) || (length > 0 && isInner(peek(length))))
            ++length;
        return length;
    }

    std::optional<Operator> takeOperator(bool *negated)
    {
        struct Sign {
            QStringView text;
            Operator op;
            bool negated;
        };
        static constexpr Sign signs[] = {{u"!:", Operator::IsNot, false},       {u"!~", Operator::Contains, true},
                                         {u">=", Operator::AtLeast, false},     {u"<=", Operator::AtMost, false},
                                         {u"\u2265", Operator::AtLeast, false}, {u"\u2264", Operator::AtMost, false},
                                         {u">", Operator::Greater, false},      {u"<", Operator::Less, false},
                                         {u":", Operator::Is, false},           {u"~", Operator::Contains, false}};
        for (const Sign &sign : signs) {
            if (m_text.mid(m_at, sign.text.size()) == sign.text) {
                m_at += int(sign.text.size());
                *negated = sign.negated;
                return sign.op;
            }
        }
        return std::nullopt;
    }

    Parsed parseCompare(Span field, Operator op, bool negated)
    {
        Expression result;
        result.kind = Expression::Kind::Compare;
        result.field = m_text.mid(field.from, field.length).toString();
        result.fieldSpan = field;
        result.op = op;
        const bool many = op == Operator::Is || op == Operator::IsNot || op == Operator::Contains;
        do {
            auto value = takeValue(field.from);
            if (!value)
                return tl::unexpected(std::move(value.error()));
            result.values << std::move(*value);
            if (!many && peek() == u',') {
                return problem(
                    {m_at, 1},
                    QT_TRANSLATE_NOOP("query", "Only one value can be compared by size. Use : or ~ for several."));
            }
        } while (peek() == u',' && ++m_at);
        result.span = {field.from, m_at - field.from};
        return negated ? negation(field.from, std::move(result)) : result;
    }

    tl::expected<Value, Problem> takeValue(int termStart)
    {
        const int start = m_at;
        if (peek() == u'"') {
            auto text = takeQuoted();
            if (!text)
                return tl::unexpected(std::move(text.error()));
            return Value{std::move(*text), {start, m_at - start}};
        }
        while (!atEnd() && !endsWord(peek()) && peek() != u',')
            ++m_at;
        if (m_at == start) {
            return problem({termStart, start - termStart},
                           QT_TRANSLATE_NOOP("query", "A value is missing here. For an empty one write \"\"."));
        }
        return Value{m_text.mid(start, m_at - start).toString(), {start, m_at - start}};
    }

    tl::expected<QString, Problem> takeQuoted()
    {
        const int start = m_at++;
        QString text;
        while (!atEnd() && peek() != u'"') {
            if (peek() == u'\\' && m_at + 1 < m_text.size())
                ++m_at;
            text += peek();
            ++m_at;
        }
        if (atEnd()) {
            return problem({start, m_at - start},
                           QT_TRANSLATE_NOOP("query", "This quote is not closed. Add a closing one."),
                           m_text.mid(start).toString() + u'"');
        }
        ++m_at;
        return text;
    }

    QStringView m_text;
    int m_at = 0;
};

} // namespace

tl::expected<Expression, Problem> parse(QStringView text)
{
    if (text.size() > maxFilterLength) {
        const Span rest{maxFilterLength, int(std::min<qsizetype>(text.size(), 1 << 30)) - maxFilterLength};
        const QString message = parserText(QT_TRANSLATE_NOOP("query", "The filter is too long. Shorten it."));
        return tl::unexpected<Problem>(Problem{rest, message, {}});
    }
    return FilterParser(text).parse();
}

Error toError(const Problem &problem, QStringView text)
{
    const QString part = Untrusted(text.mid(problem.span.from, std::min(problem.span.length, 80)).toString()).inert(80);
    QString message = QCoreApplication::translate("query", "The filter cannot be read at character %1: %2")
                          .arg(QString::number(problem.span.from + 1), problem.message);
    if (!problem.suggestion.isEmpty())
        message += u' ' + QCoreApplication::translate("query", "Did you mean %1?").arg(problem.suggestion);
    return {Error::Code::Invalid, std::move(message), QLatin1String("filter: ") + part, false};
}

} // namespace parapet::query
