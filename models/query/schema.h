// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/fields.h"

namespace parapet::query {

/// A field as the filter language sees it: one row of a field table without the table's type.
struct SchemaField {
    QString name;
    const char *label = nullptr;
    const char *help = nullptr;
    FieldKind kind = FieldKind::Text;
    int flags = 0;
    bool textual = false;                ///< its member is text (Field::text)
    std::span<const char *const> values; ///< the names of an enumeration
};

/// Other words for fields, in one table for all values: "held" for leases, "image" for image and digest, "age" for
/// started.
struct Alias {
    const char *name;
    std::vector<std::vector<const char *>>
        meanings; ///< the first whose fields all exist counts; any of its fields may match
};
const std::vector<Alias> &aliases();

/// The fields of one kind of value, by name and alias, without regard to case.
class Schema
{
public:
    explicit Schema(QVector<SchemaField> fields) : m_fields(std::move(fields)) {}

    const QVector<SchemaField> &fields() const { return m_fields; }
    /// The places of the filterable fields that `name` stands for; empty when there are none.
    QVector<int> resolve(QStringView name) const;
    /// The field or alias whose spelling is nearest to `name`; empty when nothing is near.
    QString nearest(QStringView name) const;
    /// The aliases that mean something here.
    QStringList usableAliases() const;

private:
    int indexOf(QStringView name) const;
    QVector<SchemaField> m_fields;
};

/// The one of `candidates` that was probably meant by `text`: at most one edit in three letters apart; else empty.
QString nearestOf(QStringView text, const QStringList &candidates);

template<class T>
Schema schemaOf()
{
    QVector<SchemaField> fields;
    for (const Field<T> &field : fieldsOf<T>()) {
        fields << SchemaField{QString::fromLatin1(field.name), field.label, field.help, field.kind, field.flags,
                              field.text != nullptr,           field.values};
    }
    return Schema(std::move(fields));
}

} // namespace parapet::query
