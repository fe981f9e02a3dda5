// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/count.h"
#include "models/core/instant.h"

#include <QtCore/QString>
#include <QtCore/QVector>

namespace parapet {

/// Which rows, in which order, and from where. Filter and sort go to the source.
struct Query {
    QString filter;          ///< the filter language (models/query); empty matches all
    QString sort;            ///< a sortable field's name; empty: the source's own order
    bool descending = false;
    friend bool operator==(const Query &, const Query &) = default;
};

/// A page is asked for by position (`at` ≥ 0) or after a cursor, never both. At most 500 rows.
struct PageRequest {
    Query query;
    int limit = 50;
    qint64 at = -1;
    QString after;
};

template<class T>
struct Page {
    QVector<T> items;
    Count total;             ///< of all that match
    QString next;            ///< cursor; empty on the last page
    Instant asOf{};          ///< when the source answered
};

/// A group and how many rows it has.
struct Bucket {
    QString key;
    qint64 count = 0;
};

} // namespace parapet
