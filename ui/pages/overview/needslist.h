// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/overview/needs.h"

#include <QtWidgets/QWidget>

class QVBoxLayout;

class QGridLayout;
class QVBoxLayout;

namespace parapet::kit {
class Button;
class PlainLabel;
class RunLine;
}

namespace parapet::pages {

/// The rows of "Needs a human now": mark, kind, sentence, where from, when, and the one button that leads there.
class NeedsList : public QWidget
{
    Q_OBJECT

public:
    explicit NeedsList(QWidget *parent = nullptr);
    /// Rows are reused by place, so that the keyboard's focus stays where it is.
    void setNeeds(const QVector<Need> &needs);
    const QVector<Need> &needs() const { return m_needs; }
    /// Narrow: where a need comes from stands below it, so that neither is cut short.
    void setNarrow(bool narrow);
    /// The button of the first need; null when there is none.
    QWidget *firstButton() const;

Q_SIGNALS:
    void activated(const parapet::pages::Need &need);

private:
    struct Row {
        QWidget *widget;
        QGridLayout *grid;
        kit::RunLine *mark;
        kit::RunLine *what;
        kit::PlainLabel *context;
        kit::PlainLabel *when;
        kit::Button *button;
    };
    Row makeRow(int index);
    void place(const Row &row) const;

    QVector<Need> m_needs;
    QVector<Row> m_rows;
    bool m_narrow = false;
    QVBoxLayout *m_column;
    kit::PlainLabel *m_none;
};

} // namespace parapet::pages
