// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/operations/operationspage.h"

#include "ui/kit/statepage.h"
#include "ui/pages/operations/operationsmodel.h"

namespace parapet::pages {

using namespace Qt::StringLiterals;

OperationsPage::OperationsPage(shell::ConsoleContext &context, QWidget *parent)
    : Page(tr("Operations"), parent), m_context(context), m_model(new OperationsModel(this)), m_table(new kit::TableView(this)),
      m_states(new kit::StatePage(m_table, this))
{
    m_table->setAccessibleName(tr("Operations"));
    m_table->setClock(&context.clock());
    m_table->setModel(m_model);
    m_table->setColumns(OperationsModel::columns());
    m_table->setLayoutStore(&context.settings(), u"operations/table"_s);
    setContent(m_states);
    connect(m_table, &kit::TableView::rowActivated, this, [this](const QModelIndex &index) { open(index.row()); });
    connect(m_table, &kit::TableView::currentRowChanged, this, [this](const QModelIndex &index) {
        const QString name = index.isValid() ? m_model->index(index.row(), OperationsModel::TitleColumn).data().toString() : QString();
        Q_EMIT objectsChanged(index.isValid() ? 1 : 0, name);
    });
    connect(m_model, &OperationsModel::modelReset, this, &OperationsPage::showState);
    connect(m_model, &OperationsModel::dataChanged, this, &OperationsPage::showState);
    connect(&context, &shell::ConsoleContext::runnerChanged, this, &OperationsPage::follow);
    follow();
}

void OperationsPage::follow()
{
    m_model->setRunner(m_context.runner());
    askUnfinished();
    showState();
}

void OperationsPage::activated()
{
    askUnfinished();
}

void OperationsPage::askUnfinished()
{
    if (!m_context.runner()) {
        m_model->setUnfinished({});
        return;
    }
    deliver(this, m_context.runner()->unfinished(), [this](const Result<QVector<operation::UnfinishedRun>> &runs) {
        QVector<operation::UnfinishedRun> open = runs.value_or(QVector<operation::UnfinishedRun>());
        open.removeIf([this](const operation::UnfinishedRun &run) { return m_context.runner() && m_context.runner()->find(run.id); });
        m_model->setUnfinished(open);
    });
}

void OperationsPage::showState()
{
    int underWay = 0;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const operation::Operation *operation = m_model->operationAt(row);
        underWay += !operation || !operation->isOver();
    }
    setFigures({{QString::number(m_model->rowCount()), kit::Type::Body, kit::Role::Text, 600},
                {u"    "_s + tr("%1 not over").arg(underWay), kit::Type::Body, underWay > 0 ? kit::Role::Requested : kit::Role::Text3, 0}});
    if (m_model->rowCount() > 0) {
        m_states->showReady();
        return;
    }
    if (!m_context.runner()) {
        m_states->showEmpty(kit::Icon::Server, tr("No fleet is connected"),
                            {{tr("Operations belong to a connection, those that did not end too: open it to see them."), kit::Type::Body, kit::Role::Text2, 0}},
                            {{tr("Connections"), [this] { Q_EMIT locationRequested({u"connections"_s, {}}); }, kit::Button::Kind::Primary, kit::Icon::Server, {}}});
        return;
    }
    m_states->showEmpty(kit::Icon::Checklist, tr("No operation yet"),
                        {{tr("Choose workspaces and freeze, isolate or revoke them: what is done appears here, with its proof."), kit::Type::Body, kit::Role::Text2, 0}},
                        {{tr("Workspaces"), [this] { Q_EMIT locationRequested({u"workspaces"_s, {}}); }, kit::Button::Kind::Primary, kit::Icon::Terminal, {}}});
}

void OperationsPage::open(int row)
{
    if (operation::Operation *operation = m_model->operationAt(row)) {
        m_context.showOperation(operation->id());
    } else if (const operation::UnfinishedRun *run = m_model->unfinishedAt(row); run && m_context.runner()) {
        deliver(this, m_context.runner()->resume(run->path), [this](const Result<operation::Operation *> &resumed) {
            if (resumed)
                m_context.showOperation((*resumed)->id());
            else if (resumed.error().code != Error::Code::Cancelled)
                Q_EMIT m_context.commands().refused(tr("Resume"), resumed.error().message);
        });
    }
}

QWidget *OperationsPage::firstFocus()
{
    return m_states->currentWidget();
}

QVector<shell::Command> OperationsPage::commands()
{
    shell::Command show;
    show.id = u"operation.open"_s;
    show.text = tr("Open operation");
    show.hint = tr("an unfinished one goes on where it stood");
    show.icon = kit::Icon::Checklist;
    show.needs = shell::NeedsOneObject;
    show.onObject = true;
    show.run = [this] { open(m_table->currentIndex().row()); };
    return {show};
}

} // namespace parapet::pages
