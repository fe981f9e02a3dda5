// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/roles.h"

#include <QtCore/QVector>
#include <QtWidgets/QSlider>

namespace parapet::terminal {

/// The course of a recording as a bar: how far it has come, where events of the audit log fall (above it, by shape and colour), where
/// the searched text is (below it). A click goes there. To assistive technology it is a slider in hundredths of a second.
class Timeline : public QSlider
{
    Q_OBJECT

public:
    struct Mark {
        qint64 at = 0; ///< microseconds
        Severity severity = Severity::None;
        QString text; ///< what happened, for a tooltip; ours or inert
        QString key;
    };

    explicit Timeline(QWidget *parent = nullptr);

    /// Microseconds.
    void setDuration(qint64 duration);
    void setPosition(qint64 position);
    /// In the order of time.
    void setMarks(const QVector<Mark> &marks);
    const QVector<Mark> &marks() const { return m_marks; }
    void setHits(const QVector<qint64> &hits);
    QRect markRect(int mark) const;
    /// What stands in the tooltip there; empty: nothing.
    QString tipAt(const QPoint &position) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void seekRequested(qint64 position);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    bool event(QEvent *event) override;

private:
    QRect bar() const;
    int xOf(qint64 at) const;
    qint64 timeAt(int x) const;
    int markAt(const QPoint &position) const;

    qint64 m_duration = 0;
    qint64 m_position = 0;
    QVector<Mark> m_marks;
    QVector<qint64> m_hits;
    bool m_setting = false;
};

/// "1:02:03", "4:05": a moment of a recording.
QString clockText(qint64 microseconds);

} // namespace parapet::terminal
