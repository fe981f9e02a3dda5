// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/consolecontext.h"
#include "ui/shell/page.h"

namespace parapet::kit {
class StatePage;
class TableView;
}

namespace parapet::pages {

class OperationsModel;

/// The operations of this console; a row opens its sheet.
class OperationsPage : public shell::Page
{
    Q_OBJECT

public:
    explicit OperationsPage(shell::ConsoleContext &context, QWidget *parent = nullptr);

    QWidget *firstFocus() override;
    QVector<shell::Command> commands() override;
    kit::TableView *table() const { return m_table; }

protected:
    void activated() override;

private:
    void follow();
    void askUnfinished();
    void open(int row);
    void showState();

    shell::ConsoleContext &m_context;
    OperationsModel *m_model;
    kit::TableView *m_table;
    kit::StatePage *m_states;
};

} // namespace parapet::pages
