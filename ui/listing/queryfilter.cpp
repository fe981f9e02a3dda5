// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/listing/queryfilter.h"

#include "models/query/chips.h"
#include "models/query/compiler.h"
#include "models/query/completion.h"
#include "models/query/printer.h"

#include <QtCore/QCoreApplication>

namespace parapet::listing {

using namespace Qt::StringLiterals;

namespace {

QString sentenceOf(const query::Problem &problem)
{
    return problem.suggestion.isEmpty() ? problem.message
                                        : QCoreApplication::translate("listing", "%1 Did you mean %2?").arg(problem.message, problem.suggestion);
}

QString symbolForPeople(query::Operator op)
{
    switch (op) {
    case query::Operator::AtLeast: return u"≥"_s;
    case query::Operator::AtMost: return u"≤"_s;
    default: return query::symbolOf(op);
    }
}

/// A chip shows one comparison in three parts; anything else (a group, a negation, free text) as it is written.
kit::FilterChip chipOf(const query::Chip &chip, const query::Schema &schema)
{
    kit::FilterChip result;
    if (chip.term.kind == query::Expression::Kind::Compare) {
        result.field = chip.term.field;
        result.op = symbolForPeople(chip.term.op);
        QStringList values;
        for (const query::Value &value : chip.term.values)
            values << query::printValue(value.text);
        result.value = values.join(u',');
    } else {
        result.value = chip.text;
    }
    if (const auto compiled = query::compile(chip.term, schema); !compiled)
        result.error = sentenceOf(compiled.error());
    return result;
}

} // namespace

QVector<kit::FilterChip> QueryFilter::chips(const QString &filter) const
{
    const auto parsed = query::chips(filter);
    if (!parsed)
        return {kit::FilterChip{{}, {}, filter, sentenceOf(parsed.error())}};
    QVector<kit::FilterChip> result;
    for (const query::Chip &chip : *parsed)
        result << chipOf(chip, m_schema);
    return result;
}

QString QueryFilter::print(const QVector<kit::FilterChip> &chips) const
{
    QStringList terms;
    for (const kit::FilterChip &chip : chips) {
        if (!chip.error.isEmpty())
            continue;
        QString op = chip.op;
        op.replace(u'≥', ">="_L1).replace(u'≤', "<="_L1);
        terms << chip.field + op + chip.value;
    }
    return terms.join(u' ');
}

QVector<kit::Completion> QueryFilter::complete(const QString &typed, int position) const
{
    const auto values = [this](const QString &field, const QString &part) {
        return m_known.value(field).filter(part, Qt::CaseInsensitive);
    };
    const query::Completion found = query::complete(typed, position, m_schema, values);
    const QString written = typed.mid(found.replace.from, found.replace.length);
    QVector<kit::Completion> rows;
    for (const query::Candidate &candidate : found.candidates) {
        kit::Completion row;
        row.insert = candidate.text;
        row.from = found.replace.from;
        row.length = found.replace.length;
        row.label = candidate.label;
        row.help = candidate.help;
        row.match = candidate.label.startsWith(written, Qt::CaseInsensitive) ? int(written.size()) : 0;
        row.complete = candidate.kind == query::Candidate::Kind::Value;
        rows << row;
    }
    return rows;
}

} // namespace parapet::listing
