// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ports/auditstore.h"

#include <QtCore/QAbstractTableModel>

#include <optional>

namespace parapet::pages {

/// One value of a field, and how many events of each period have it. Nothing where the store told only of its most frequent values
/// and this one is not among them.
struct ComparedValue {
    QString key;
    std::optional<qint64> a;
    std::optional<qint64> b;

    /// A − B; nothing where a side is not known.
    std::optional<qint64> difference() const { return a && b ? std::optional(*a - *b) : std::nullopt; }
    bool isNew() const { return b && *b == 0 && a.value_or(0) > 0; }
    bool isGone() const { return a && *a == 0 && b.value_or(0) > 0; }
    friend bool operator==(const ComparedValue &, const ComparedValue &) = default;
};

/// At so many values a store stops (AuditStore::countEvents()).
inline constexpr int mostCounted = 500;

/// Both sides by value: the largest difference first, then the most events, then by name.
QVector<ComparedValue> compared(const QVector<Bucket> &a, const QVector<Bucket> &b);

/// The values of a field in two periods: value, A, B, difference, ratio, change.
class CompareModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Value, CountA, CountB, Difference, Ratio, ChangeColumn, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    void setValues(const QString &field, const QVector<ComparedValue> &values);
    const QVector<ComparedValue> &values() const { return m_values; }
    const QString &field() const { return m_field; }

    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_values.size()); }
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// The rows as CSV (RFC 4180): header and body. Numbers without separators; what is not known is empty.
    QByteArray csvHeader() const;
    QByteArray csvRows() const;

private:
    QString m_field;
    QVector<ComparedValue> m_values;
};

} // namespace parapet::pages
