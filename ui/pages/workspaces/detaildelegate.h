// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QStyledItemDelegate>

namespace parapet::pages {

class DetailModel;

/// Draws the lines of a DetailModel: section headers with a hairline above, lines of 23 px with icon or mark, text left and right.
class DetailDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit DetailDelegate(const DetailModel &model, QObject *parent = nullptr);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const DetailModel &m_model;
};

} // namespace parapet::pages
