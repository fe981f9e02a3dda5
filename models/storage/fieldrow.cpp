// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/storage/fieldrow.h"

namespace parapet::storage::detail {

namespace {

struct FieldBinder {
    Statement &statement;
    int parameter;
    void operator()(std::monostate) const { statement.bindNull(parameter); }
    void operator()(const QString &text) const { statement.bind(parameter, text); }
    void operator()(const Untrusted &text) const { statement.bind(parameter, text.raw()); }
    void operator()(qint64 number) const { statement.bind(parameter, number); }
    void operator()(double number) const { statement.bind(parameter, number); }
    void operator()(bool flag) const { statement.bind(parameter, qint64(flag)); }
    void operator()(Instant at) const { statement.bind(parameter, qint64(at.time_since_epoch().count())); }
};

} // namespace

void bindField(Statement &statement, int parameter, const FieldValue &value)
{
    std::visit(FieldBinder{statement, parameter}, value);
}

FieldValue readField(const Statement &statement, int column, const FieldValue &sample)
{
    // The member's own type decides: an enumeration and an identifier both travel as text.
    switch (sample.index()) {
    case 2:
        return Untrusted(statement.text(column));
    case 3:
        return statement.integer(column);
    case 4:
        return statement.real(column);
    case 5:
        return statement.integer(column) != 0;
    case 6:
        return Instant(Milliseconds(statement.integer(column)));
    default:
        return statement.text(column);
    }
}

} // namespace parapet::storage::detail
