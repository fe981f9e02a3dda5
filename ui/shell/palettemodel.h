// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/paletteprovider.h"

#include <QtCore/QAbstractListModel>
#include <QtWidgets/QStyledItemDelegate>

namespace parapet::shell {

/// The rows of the palette: headings and items.
class PaletteModel : public QAbstractListModel
{
    Q_OBJECT

public:
    struct Row {
        QString heading; ///< not empty: a heading
        PaletteItem item;
    };

    using QAbstractListModel::QAbstractListModel;
    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_rows.size()); }
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

    void setRows(QVector<Row> rows, const QString &needle);
    const Row &at(int row) const { return m_rows.at(row); }
    bool isHeading(int row) const { return !m_rows.at(row).heading.isEmpty(); }
    const QString &needle() const { return m_needle; }
    int itemCount() const;

private:
    QVector<Row> m_rows;
    QString m_needle;
};

class PaletteDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

/// The line of keys below the list, and at the right how many there are and how long it took.
class PaletteFoot : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;
    void setSummary(const QString &summary);
    const QString &summary() const { return m_summary; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_summary;
};

} // namespace parapet::shell
