// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"
#include "ui/kit/paint.h"

#include <QtWidgets/QWidget>

#include <optional>

namespace parapet::kit {

/// A low histogram over time on which a range is brushed: drawn with the mouse, moved by its handles; by keyboard Left and Right
/// move the cursor, Shift with them marks a range, Enter takes it, Esc gives it up. What lies outside the range is grey; the part
/// of a bar that was refused is red.
class TimeBrush : public QWidget
{
    Q_OBJECT

public:
    struct Slice {
        qint64 count = 0;
        qint64 refused = 0; ///< of them
        friend bool operator==(const Slice &, const Slice &) = default;
    };
    struct Range {
        Instant from{};
        Instant to{}; ///< not in it any more
        friend bool operator==(const Range &, const Range &) = default;
    };

    explicit TimeBrush(QWidget *parent = nullptr);

    /// Slices are `width` long, the first begins at `from`. `title` says what a bar counts.
    void setData(Instant from, Milliseconds width, const QVector<Slice> &slices, const QString &title);
    /// Nothing could be learnt: the sentence stands in its place.
    void setMissing(const QString &sentence);
    /// The range in force, or none.
    void setRange(const std::optional<Range> &range);
    const std::optional<Range> &range() const { return m_range; }
    /// A line at that moment, in the colour of what is wrong; unknown: none.
    void setAlarm(Instant at);

    qint64 countIn(const Range &range) const;
    /// Where a slice's bar is drawn, its whole height.
    QRect sliceRect(int slice) const;
    int sliceCount() const { return int(m_slices.size()); }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// A range was brushed: filter by it.
    void rangeBrushed(parapet::Instant from, parapet::Instant to);
    /// The range was given up.
    void rangeCleared();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool event(QEvent *event) override;

private:
    QRect plot() const;
    int xOf(Instant at) const;
    int sliceAt(int x) const;
    Range span(int first, int last) const;
    void brushTo(int slice);
    void take();
    void paintRange(QPainter &painter, const Range &range) const;

    Instant m_from{};
    Milliseconds m_width{};
    QVector<Slice> m_slices;
    QString m_title;
    QString m_missing;
    std::optional<Range> m_range;
    Instant m_alarm{};
    int m_cursor = -1;
    int m_anchor = -1; ///< a range is being brushed from here
    bool m_dragging = false;
};

} // namespace parapet::kit
