// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"
#include "ui/kit/marks.h"

#include <QtCore/QDateTime>
#include <QtCore/QVector>
#include <QtWidgets/QWidget>

namespace parapet::kit {

/// One part of a stacked bar; a click asks for the rows behind it.
struct BarPart {
    QString key;
    QString label;
    qint64 value = 0;
    Role role = Role::Ok;
};

/// One horizontal bar of parts with its legend below: the fleet by state. By keyboard: Left and Right choose, Enter
/// opens.
class StackedBar : public QWidget
{
    Q_OBJECT

public:
    explicit StackedBar(QWidget *parent = nullptr);
    void setParts(const QVector<BarPart> &parts);
    const QVector<BarPart> &parts() const { return m_parts; }
    QRect legendRect(int index) const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void partActivated(const QString &key);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    int partAt(const QPoint &position) const;
    QRect barRect() const;
    void describe();

    QVector<BarPart> m_parts;
    int m_current = 0;
};

/// A thin bar on a track with label, figure and note: "With AI agents ▬▬ 127 41 acting now". Activated by click or
/// Enter.
class FigureBar : public QWidget
{
    Q_OBJECT

public:
    explicit FigureBar(QWidget *parent = nullptr);
    void setFigure(const QString &label, qint64 value, qint64 whole, const QString &note, Role role = Role::Chart1);
    /// What the label needs so as not to be elided, in the size of the moment.
    int labelWidth() const;
    /// The least width of the column of labels, so that bars below each other line up; a label of its own always fits.
    void setLabelColumn(int width);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void activated();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QString m_label, m_note;
    int m_labelColumn = 0;
    qint64 m_value = 0, m_whole = 0;
    Role m_role = Role::Chart1;
};

/// Segments of equal width, one a step: "8 of 11".
class ProgressSegments : public QWidget
{
    Q_OBJECT

public:
    enum class Segment : quint8 { Done, Failed, Open };
    explicit ProgressSegments(QWidget *parent = nullptr);
    void setSegments(const QVector<Segment> &segments);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QVector<Segment> m_segments;
};

/// The last values of something measured.
class Sparkline : public QWidget
{
    Q_OBJECT

public:
    explicit Sparkline(QWidget *parent = nullptr);
    void setValues(const QVector<qreal> &values, const QString &accessibleText);
    void setRole(Role role);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QVector<qreal> m_values;
    Role m_role = Role::Chart1;
};

/// Counts over time, stacked: the activity of people and AI agents.
class TimeBars : public QWidget
{
    Q_OBJECT

public:
    struct Series {
        QString name;
        Role role = Role::Chart1;
        QVector<qint64> counts;
    };
    struct Mark {
        Instant at{};
        Severity severity = Severity::Info;
        QString text;
    };

    explicit TimeBars(QWidget *parent = nullptr);

    /// Every series has one count a bucket; buckets are `width` long, the first begins at `from`.
    void setData(Instant from, Milliseconds width, const QVector<Series> &series, const QVector<Mark> &marks = {});

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// A bucket was clicked, or Enter was pressed on it.
    void bucketActivated(parapet::Instant from, parapet::Instant to);

protected:
    bool event(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    QRect plot() const;
    void paintBars(QPainter &painter, const QRect &plot) const;
    int bucketAt(const QPoint &position) const;
    void activate(int bucket);

    int m_count = 0; ///< of buckets
    qint64 m_top = 1;
    int m_steps = 1;
    Instant m_from{};
    Milliseconds m_width{};
    QVector<Series> m_series;
    QVector<Mark> m_marks;
    int m_current = -1;
};

} // namespace parapet::kit
