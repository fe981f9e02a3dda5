// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/auditevent.h"
#include "ui/kit/paint.h"

#include <QtWidgets/QWidget>

#include <optional>

namespace parapet::pages {

/// The fields of one event, a line each. By keyboard: Up and Down go through them, Ctrl+C copies the value, Enter asks for the
/// events that share it. Where the event is not what was proven here before, the kept value stands below the shown one.
class EventFields : public QWidget
{
    Q_OBJECT

public:
    explicit EventFields(QWidget *parent = nullptr);

    void setEvent(const AuditEvent &event, const std::optional<AuditEvent> &kept);
    int lineCount() const { return int(m_lines.size()); }
    QString lineText(int line) const;
    QRect lineRect(int line) const;
    int currentLine() const { return m_current; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// The events with the same value of this field are wanted.
    void pivotRequested(const QString &field);
    /// The keyboard went to another line.
    void lineChanged(const QRect &line);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Line {
        QString label;
        QString value; ///< inert
        QString copy;
        QString field; ///< to pivot by; empty: none
        kit::Type type = kit::Type::Body;
        kit::Role role = kit::Role::Text;
    };
    int lineAt(const QPoint &position) const;
    void go(int line);
    void pivot();
    void add(const QString &label, const QString &value, const QString &field, kit::Type type, kit::Role role = kit::Role::Text);

    QVector<Line> m_lines;
    int m_current = -1;
};

} // namespace parapet::pages
