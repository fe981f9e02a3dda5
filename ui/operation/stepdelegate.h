// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QStyledItemDelegate>

namespace parapet {
class Clock;
}

namespace parapet::ui {

class StepModel;

/// Draws one step: mark, a line down to the next, title and time, two lines of what was seen.
class StepDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    StepDelegate(const StepModel &model, const Clock &clock, QObject *parent);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const StepModel &m_model;
    const Clock &m_clock;
};

} // namespace parapet::ui
