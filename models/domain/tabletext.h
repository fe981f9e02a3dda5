// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/fieldtext.h"

#include <QtCore/QStringList>

namespace parapet {

/// One cell of a comma-separated file (RFC 4180 §2): quoted where it holds a quote, comma or line break. A leading
/// = + - @ tab or carriage return is disarmed by a ' in front, because spreadsheets run such cells as formulas;
/// plain numbers keep their sign.
QString csvCell(const QString &text);

/// Cells joined by commas and ended by CR LF (RFC 4180 §2).
QString csvRow(const QStringList &cells);

/// Cells joined by tabs for the clipboard; tabs and line breaks inside a cell become blanks, formulas are disarmed as
/// in csvCell.
QString tsvRow(const QStringList &cells);

/// The exported cells of one row, in the order of `columns` (places in fieldsOf<T>()).
template<class T>
QStringList exportCells(const T &row, const QVector<int> &columns)
{
    const std::span<const Field<T>> fields = fieldsOf<T>();
    QStringList cells;
    cells.reserve(columns.size());
    for (const int column : columns)
        cells << exportText(fields[size_t(column)].kind, fields[size_t(column)].get(row));
    return cells;
}

/// The field names of `columns`: the first line of an export.
template<class T>
QStringList exportHeader(const QVector<int> &columns)
{
    QStringList names;
    for (const int column : columns)
        names << QLatin1String(fieldsOf<T>()[size_t(column)].name);
    return names;
}

} // namespace parapet
