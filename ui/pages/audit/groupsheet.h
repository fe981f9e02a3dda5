// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ports/auditstore.h"
#include "ui/kit/overlay.h"

#include <QtCore/QAbstractTableModel>

namespace parapet::kit {
class StatePage;
class TableView;
}

namespace parapet::pages {

/// Values and how many events have each, most first.
class GroupModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;
    void setBuckets(const QString &field, const QVector<Bucket> &buckets);
    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_buckets.size()); }
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : 2; }
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    const Bucket &bucket(int row) const { return m_buckets.at(row); }

private:
    QString m_field;
    QVector<Bucket> m_buckets;
};

/// The events that match a filter, counted by the values of one field; Enter on a value leads to its events. Presents itself, and
/// deletes itself when it closes.
class GroupSheet : public kit::Overlay
{
    Q_OBJECT

public:
    /// `audit` is asked once; null: it says that no connection is open.
    GroupSheet(QWidget *host, AuditStore *audit, const QString &filter, const QString &field, const QString &label);
    kit::TableView *table() const { return m_table; }

Q_SIGNALS:
    /// A term to add to the filter.
    void termRequested(const QString &term);

private:
    void ask();

    AuditStore *m_audit;
    QString m_filter;
    QString m_field;
    GroupModel *m_model;
    kit::TableView *m_table;
    kit::StatePage *m_states;
};

} // namespace parapet::pages
