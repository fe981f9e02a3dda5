// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/query/schema.h"
#include "ui/kit/filterfield.h"

namespace parapet::listing {

/// The filter language (models/query) over one kind of value, as a filter field needs it.
class QueryFilter : public kit::FilterSyntax
{
public:
    explicit QueryFilter(query::Schema schema) : m_schema(std::move(schema)) {}

    QVector<kit::FilterChip> chips(const QString &filter) const override;
    QVector<kit::FilterChip> parse(const QString &typed) const override { return chips(typed); }
    QString print(const QVector<kit::FilterChip> &chips) const override;
    QVector<kit::Completion> complete(const QString &typed, int position) const override;

    /// Values that were seen, for completion: "team" → {"payments", …}.
    void setKnownValues(const QString &field, const QStringList &values) { m_known.insert(field, values); }

private:
    query::Schema m_schema;
    QHash<QString, QStringList> m_known;
};

} // namespace parapet::listing
