// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/operation/operation.h"

#include <QtWidgets/QWidget>

namespace parapet::kit {
class Button;
class PlainLabel;
class RunLine;
}

namespace parapet::ui {

/// What survives, by name, how often it was tried and when it is tried again; a button that tries it now. Hidden while all holds.
class SurvivorBar : public QWidget
{
    Q_OBJECT

public:
    explicit SurvivorBar(QWidget *parent = nullptr);
    void show(const operation::Run &run, Instant now);
    QString text() const;
    kit::Button *retryButton() const { return m_retry; }

Q_SIGNALS:
    void retryRequested();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    kit::RunLine *m_line;
    kit::PlainLabel *m_when;
    kit::Button *m_retry;
};

} // namespace parapet::ui
