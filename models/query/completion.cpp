// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/query/completion.h"

#include "models/query/printer.h"

#include <QtCore/QCoreApplication>

namespace parapet::query {
namespace {

/// Where the cursor stands: in a field's name, right behind it, or in a value.
struct CompletionPlace {
    int start = 0; ///< of the word
    QString word;  ///< what of it was typed
    QString field; ///< of a value: its field as written
    Operator op = Operator::Is;
    QStringList others; ///< of a value: those already in the list
    bool isValue = false;
    bool first = true; ///< no term stands before it on its level
};

bool completionEndsTerm(QChar c)
{
    return c.isSpace() || c == u'(' || c == u')';
}

/// The start of the term that the cursor is in, quotes counted.
int completionTermStart(QStringView text)
{
    int start = 0;
    bool quoted = false;
    for (int i = 0; i < text.size(); ++i) {
        if (quoted && text[i] == u'\\')
            ++i;
        else if (text[i] == u'"')
            quoted = !quoted;
        else if (!quoted && completionEndsTerm(text[i]))
            start = i + 1;
    }
    return start;
}

QString completionUnquoted(QStringView text)
{
    QString result;
    for (int i = 0; i < text.size(); ++i) {
        if (text[i] == u'"')
            continue;
        if (text[i] == u'\\' && i + 1 < text.size())
            ++i;
        result += text[i];
    }
    return result;
}

bool completionTakeOperator(QStringView text, int at, Operator *op, int *length)
{
    static constexpr std::pair<QStringView, Operator> signs[] = {
        {u"!:", Operator::IsNot},  {u"!~", Operator::Contains},    {u">=", Operator::AtLeast},
        {u"<=", Operator::AtMost}, {u"\u2265", Operator::AtLeast}, {u"\u2264", Operator::AtMost},
        {u">", Operator::Greater}, {u"<", Operator::Less},         {u":", Operator::Is},
        {u"~", Operator::Contains}};
    for (const auto &[sign, meaning] : signs) {
        if (text.mid(at, sign.size()) == sign) {
            *op = meaning;
            *length = int(sign.size());
            return true;
        }
    }
    return false;
}

CompletionPlace completionPlace(QStringView text)
{
    CompletionPlace place;
    place.start = completionTermStart(text);
    const QStringView before = text.first(place.start).trimmed();
    place.first = before.isEmpty() || before.endsWith(u'(');
    while (place.start < text.size() && (text[place.start] == u'!' || text[place.start] == u'-'))
        ++place.start;
    int end = place.start;
    while (end < text.size() && (text[end].isLetterOrNumber() || text[end] == u'.' || text[end] == u'_'))
        ++end;
    int length = 0;
    if (end == place.start || !completionTakeOperator(text, end, &place.op, &length)) {
        place.word = text.mid(place.start).toString();
        return place;
    }
    place.isValue = true;
    place.field = text.mid(place.start, end - place.start).toString();
    place.start = end + length;
    bool quoted = false;
    for (int i = place.start; i < text.size(); ++i) {
        if (quoted && text[i] == u'\\') {
            ++i;
        } else if (text[i] == u'"') {
            quoted = !quoted;
        } else if (!quoted && text[i] == u',') {
            place.others << completionUnquoted(text.mid(place.start, i - place.start));
            place.start = i + 1;
        }
    }
    place.word = completionUnquoted(text.mid(place.start));
    return place;
}

QString completionHelp(Operator op, FieldKind kind)
{
    const auto text = [](const char *noop) { return QCoreApplication::translate("query", noop); };
    const bool time = kind == FieldKind::Time;
    switch (op) {
    case Operator::Is:
        return text(QT_TRANSLATE_NOOP("query", "is one of"));
    case Operator::IsNot:
        return text(QT_TRANSLATE_NOOP("query", "is none of"));
    case Operator::Contains:
        return text(QT_TRANSLATE_NOOP("query", "contains"));
    case Operator::AtLeast:
        return time ? text(QT_TRANSLATE_NOOP("query", "at that time or later, or at least so far away"))
                    : text(QT_TRANSLATE_NOOP("query", "at least"));
    case Operator::AtMost:
        return time ? text(QT_TRANSLATE_NOOP("query", "at that time or earlier, or at most so far away"))
                    : text(QT_TRANSLATE_NOOP("query", "at most"));
    case Operator::Greater:
        return time ? text(QT_TRANSLATE_NOOP("query", "later than a time, or farther away than an age"))
                    : text(QT_TRANSLATE_NOOP("query", "more than"));
    case Operator::Less:
        return time ? text(QT_TRANSLATE_NOOP("query", "earlier than a time, or nearer than an age"))
                    : text(QT_TRANSLATE_NOOP("query", "less than"));
    }
    return {};
}

void completeFields(Completion &result, const CompletionPlace &place, const Schema &schema)
{
    QVector<Candidate> inner;
    const auto offer = [&](const QString &name, const SchemaField &field) {
        const qsizetype at = name.indexOf(place.word, 0, Qt::CaseInsensitive);
        if (at < 0)
            return;
        const Candidate candidate{Candidate::Kind::Field, name, name + symbolOf(operatorsFor(field).front()),
                                  QCoreApplication::translate("fields", field.help)};
        (at == 0 ? result.candidates : inner) << candidate;
    };
    for (const SchemaField &field : schema.fields()) {
        if (field.flags & Filterable)
            offer(field.name, field);
    }
    for (const QString &alias : schema.usableAliases())
        offer(alias, schema.fields()[schema.resolve(alias).front()]);
    result.candidates += inner;
    if (!place.first && QLatin1String("OR").startsWith(place.word)) {
        result.candidates << Candidate{Candidate::Kind::Keyword, QStringLiteral("OR"), QStringLiteral("OR "),
                                       QCoreApplication::translate("query", "either side may match")};
    }
}

/// The name is complete: what may follow it comes first, longer names after.
void completeOperators(Completion &result, const CompletionPlace &place, const SchemaField &field)
{
    QVector<Candidate> operators;
    for (const Operator op : operatorsFor(field)) {
        operators << Candidate{Candidate::Kind::Operator, symbolOf(op), place.word + symbolOf(op),
                               completionHelp(op, field.kind)};
    }
    const auto isField = [&](const Candidate &c) { return c.label.compare(place.word, Qt::CaseInsensitive) == 0; };
    result.candidates.removeIf(isField);
    result.candidates = operators + result.candidates;
}

void completeValues(Completion &result, const CompletionPlace &place, const SchemaField &field,
                    const ValueSource &source)
{
    QStringList values;
    for (const char *name : field.values)
        values << QString::fromLatin1(name);
    if (field.kind == FieldKind::Boolean)
        values = {QStringLiteral("true"), QStringLiteral("false")};
    else if (field.kind == FieldKind::Time && (place.op != Operator::Is && place.op != Operator::IsNot))
        values = {QStringLiteral("10m"), QStringLiteral("1h"), QStringLiteral("8h"),
                  QStringLiteral("1d"),  QStringLiteral("7d"), QStringLiteral("30d")};
    else if (values.isEmpty() && source)
        values = source(field.name, place.word);
    QVector<Candidate> inner;
    for (const QString &value : values) {
        const qsizetype at = value.indexOf(place.word, 0, Qt::CaseInsensitive);
        if (at < 0 || place.others.contains(value))
            continue;
        const QString help = field.kind == FieldKind::Boolean || field.values.empty() ? QString() : field.name;
        (at == 0 ? result.candidates : inner) << Candidate{Candidate::Kind::Value, value, printValue(value), help};
    }
    result.candidates += inner;
}

} // namespace

QVector<Operator> operatorsFor(const SchemaField &field)
{
    using enum Operator;
    if (field.textual)
        return {Is, IsNot, Contains};
    switch (field.kind) {
    case FieldKind::Enumeration:
        return {Is, IsNot, Contains};
    case FieldKind::Boolean:
        return {Is};
    case FieldKind::Time:
        return {Less, Greater, AtMost, AtLeast, Is, IsNot};
    case FieldKind::Identifier:
        return {Is, IsNot, AtLeast, AtMost, Greater, Less};
    default:
        return {AtLeast, AtMost, Greater, Less, Is, IsNot};
    }
}

Completion complete(QStringView filter, int cursor, const Schema &schema, const ValueSource &values)
{
    cursor = std::clamp(cursor, 0, int(filter.size()));
    const CompletionPlace place = completionPlace(filter.first(cursor));
    int end = cursor;
    while (end < filter.size() && !completionEndsTerm(filter[end]) && filter[end] != u',' && filter[end] != u'"' &&
           (place.isValue || filter[end].isLetterOrNumber() || filter[end] == u'.'))
        ++end;
    Completion result;
    result.replace = {place.start, end - place.start};
    if (place.isValue) {
        if (const QVector<int> fields = schema.resolve(place.field); !fields.isEmpty())
            completeValues(result, place, schema.fields()[fields.front()], values);
    } else if (!place.word.startsWith(u'"')) {
        completeFields(result, place, schema);
        if (const QVector<int> exact = schema.resolve(place.word); !exact.isEmpty())
            completeOperators(result, place, schema.fields()[exact.front()]);
    }
    if (result.candidates.size() > maxCandidates)
        result.candidates.resize(maxCandidates);
    return result;
}

} // namespace parapet::query
