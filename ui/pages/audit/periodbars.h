// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/audit/period.h"

#include <QtCore/QVector>
#include <QtWidgets/QWidget>

namespace parapet::pages {

/// Two periods of counts laid over each other, slice by slice from their beginnings: A as filled bars, B as an outline of steps.
class PeriodBars : public QWidget
{
    Q_OBJECT

public:
    static constexpr int slices = 60;

    explicit PeriodBars(QWidget *parent = nullptr);
    /// Counts of `slices` slices each.
    void setData(const Period &a, const QVector<qint64> &countsA, const Period &b, const QVector<qint64> &countsB);
    /// Nothing could be learnt: the sentence stands in its place.
    void setMissing(const QString &sentence);
    /// What the slice at that point says; empty beside the bars.
    QString sliceText(const QPoint &at) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    QRect plot() const;
    int edge(int slice) const;

    Period m_a, m_b;
    QVector<qint64> m_countsA, m_countsB;
    QString m_missing;
};

} // namespace parapet::pages
