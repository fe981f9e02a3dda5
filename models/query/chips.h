// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/query/parser.h"

namespace parapet::query {

/// One top-level term of a filter: what a filter bar draws as a chip and removes as a whole.
struct Chip {
    Span span;
    QString text;    ///< as written
    Expression term; ///< spans count from the start of the whole filter
};

/// The top-level terms in order; a filter whose top level is OR is one chip.
tl::expected<QVector<Chip>, Problem> chips(QStringView filter);

/// The filter without the chip at `index`; the others stay as they are written. A filter that cannot be read is not
/// changed.
QString withoutChip(const QString &filter, int index);

/// Both filters together: a side whose top level is OR goes into parentheses. An empty side changes nothing.
QString bothFilters(const QString &filter, const QString &more);

} // namespace parapet::query
