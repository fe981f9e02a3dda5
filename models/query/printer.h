// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/query/expression.h"

namespace parapet::query {

/// The text of an expression: parse(print(e)) == e.
QString print(const Expression &expression);

/// A value as it stands in a filter: quoted where it must be.
QString printValue(const QString &text);

/// A term that compares one field, for links and saved views: term(u"state", Operator::Is, {"running"}).
QString term(const QString &field, Operator op, const QStringList &values);

} // namespace parapet::query
