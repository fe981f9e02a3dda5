// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/operations/operationsmodel.h"
#include "ui/shell/consolecontext.h"
#include "ui/shell/page.h"

class QLineEdit;

namespace parapet::kit {
class Banner;
class StatePage;
}

namespace parapet::pages {

/// The operations of this console, those of its earlier runs too; a row opens its sheet, and its certificate can be checked again.
class OperationsPage : public shell::Page
{
    Q_OBJECT

public:
    explicit OperationsPage(shell::ConsoleContext &context, QWidget *parent = nullptr);

    QWidget *firstFocus() override;
    QWidget *filterWidget() override;
    QVector<shell::Command> commands() override;
    kit::TableView *table() const { return m_table; }
    OperationsModel *model() const { return m_model; }
    QLineEdit *filterField() const { return m_filter; }

protected:
    void showLocation(const shell::Location &place) override;
    void activated() override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void makeFilter();
    void follow();
    void askPast();
    void open(int row);
    void apply(const OperationsFilter &filter);
    void showViews();
    void showState();
    void showHealth();
    int currentRow() const;
    shell::Availability hasCertificate() const;
    void verifyCertificate();
    void exportCertificate();

    shell::ConsoleContext &m_context;
    OperationsModel *m_model;
    kit::TableView *m_table;
    kit::StatePage *m_states;
    kit::Banner *m_banner = nullptr;
    QLineEdit *m_filter = nullptr;
    bool m_showingViews = false;
};

} // namespace parapet::pages
