// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/operation/plan.h"

#include <QtWidgets/QWidget>

namespace parapet::ui {

/// What a plan touches: exact figures, and the most telling things by name with what becomes of each.
class TouchedView : public QWidget
{
    Q_OBJECT

public:
    explicit TouchedView(QWidget *parent = nullptr);
    void setTouched(const operation::Touched &touched, const QString &undo);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    struct Figure {
        QString number;
        QString name;
    };
    QVector<Figure> m_figures;
    QVector<operation::TouchedLine> m_lines;
    QString m_undo;
};

} // namespace parapet::ui
