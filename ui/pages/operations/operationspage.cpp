// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/operations/operationspage.h"

#include "ui/kit/parts.h"
#include "ui/kit/statepage.h"
#include "ui/kit/text/format.h"
#include "ui/operation/certificateview.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtGui/QKeyEvent>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QTabBar>

namespace parapet::pages {

using namespace Qt::StringLiterals;

namespace {

using Which = OperationsFilter::Which;

struct OperationsView {
    Which which;
    const char *name; ///< in a location
    const char *title;
};

constexpr OperationsView operationsViews[] = {{Which::All, "", QT_TRANSLATE_NOOP("operations", "All")},
                                              {Which::Open, "open", QT_TRANSLATE_NOOP("operations", "Not over")},
                                              {Which::Over, "over", QT_TRANSLATE_NOOP("operations", "Over")},
                                              {Which::Damaged, "damaged", QT_TRANSLATE_NOOP("operations", "Damaged journal")}};

} // namespace

OperationsPage::OperationsPage(shell::ConsoleContext &context, QWidget *parent)
    : Page(tr("Operations"), parent), m_context(context), m_model(new OperationsModel(context.clock(), this)), m_table(new kit::TableView(this)),
      m_states(new kit::StatePage(m_table, this))
{
    makeFilter();
    for (const QString &id : {u"certificate.verify"_s, u"operation.open"_s})
        addHeaderWidget(context.commands().createButton(id, this));
    m_table->setAccessibleName(tr("Operations"));
    m_table->setClock(&context.clock());
    m_table->setModel(m_model);
    m_table->setColumns(OperationsModel::columns());
    m_table->setLayoutStore(&context.settings(), u"operations/table"_s);
    m_banner = new kit::Banner(this);
    m_banner->hide();
    insertAboveContent(m_banner);
    setContent(m_states);
    connect(m_table, &kit::TableView::rowActivated, this, [this](const QModelIndex &index) { open(index.row()); });
    connect(m_table, &kit::TableView::currentRowChanged, this, [this](const QModelIndex &index) {
        const QString name = index.isValid() ? m_model->index(index.row(), OperationsModel::TitleColumn).data().toString() : QString();
        Q_EMIT objectsChanged(index.isValid() ? 1 : 0, name);
        Q_EMIT commandsChanged();
    });
    connect(m_table, &kit::TableView::rowMenuRequested, this, [this](const QModelIndex &, const QPoint &at) {
        QMenu *menu = m_context.commands().createMenu({u"operation.open"_s, u"certificate.verify"_s, u"certificate.export"_s, u"certificate.copy-path"_s}, this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->popup(at);
    });
    connect(m_model, &OperationsModel::rowsChanged, this, &OperationsPage::showState);
    connect(&context, &shell::ConsoleContext::runnerChanged, this, &OperationsPage::follow);
    connect(&context, &shell::ConsoleContext::healthChanged, this, &OperationsPage::showHealth);
    connect(&context, &shell::ConsoleContext::connectionChanged, this, &OperationsPage::showHealth);
    follow();
}

void OperationsPage::makeFilter()
{
    QTabBar *tabs = views();
    for (const OperationsView &view : operationsViews)
        tabs->addTab(QCoreApplication::translate("operations", view.title));
    connect(tabs, &QTabBar::currentChanged, this, [this](int index) {
        if (!m_showingViews && index >= 0)
            apply({operationsViews[index].which, m_model->filter().text});
    });
    auto *bar = new QWidget(this);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    m_filter = new QLineEdit(bar);
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setPlaceholderText(tr("Filter by what, who, reason, result, identifier…"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMaxLength(200);
    m_filter->installEventFilter(this);
    row->addWidget(m_filter);
    setFilterBar(bar);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) { apply({m_model->filter().which, text.trimmed()}); });
}

bool OperationsPage::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_filter && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Escape && !m_filter->text().isEmpty()) {
            m_filter->clear();
            return true;
        }
        // From the filter into what it found.
        if ((key == Qt::Key_Down || key == Qt::Key_Return || key == Qt::Key_Enter) && m_model->rowCount() > 0) {
            if (!m_table->currentIndex().isValid())
                m_table->setCurrentIndex(m_model->index(0, 0));
            m_table->setFocus();
            return true;
        }
    }
    return Page::eventFilter(watched, event);
}

void OperationsPage::apply(const OperationsFilter &filter)
{
    const QString key = m_table->currentKey();
    m_model->setFilter(filter);
    if (!key.isEmpty())
        m_table->setCurrentKey(key);
    const auto view = std::find_if(std::begin(operationsViews), std::end(operationsViews), [&](const OperationsView &each) { return each.which == filter.which; });
    setLocation(shell::Location{u"operations"_s, {}}.with(u"view"_s, QLatin1String(view->name)).with(u"filter"_s, filter.text));
    showState();
}

void OperationsPage::showLocation(const shell::Location &place)
{
    OperationsFilter filter;
    filter.text = place.param(u"filter"_s);
    for (const OperationsView &view : operationsViews) {
        if (place.param(u"view"_s) == QLatin1String(view.name))
            filter.which = view.which;
    }
    m_model->setFilter(filter);
    if (m_filter->text().trimmed() != filter.text)
        m_filter->setText(filter.text);
    showState();
}

void OperationsPage::follow()
{
    m_model->setRunner(m_context.runner());
    if (operation::Runner *runner = m_context.runner())
        connect(runner, &operation::Runner::operationForgotten, this, &OperationsPage::askPast);
    askPast();
    showState();
}

void OperationsPage::activated()
{
    askPast();
}

void OperationsPage::askPast()
{
    operation::Runner *runner = m_context.runner();
    if (!runner) {
        m_model->setUnfinished({});
        m_model->setPast({});
        return;
    }
    const auto isCurrent = [this, runner] { return m_context.runner() == runner; };
    deliver(this, runner->unfinished(), [this, isCurrent](const Result<QVector<operation::UnfinishedRun>> &runs) {
        if (isCurrent())
            m_model->setUnfinished(runs.value_or(QVector<operation::UnfinishedRun>()));
    });
    deliver(this, runner->past(), [this, isCurrent](const Result<QVector<operation::PastRun>> &runs) {
        if (!isCurrent())
            return;
        if (runs)
            m_model->setPast(*runs);
        else if (runs.error().code != Error::Code::Cancelled)
            Q_EMIT m_context.commands().refused(tr("Earlier operations"), runs.error().message);
    });
}

void OperationsPage::showViews()
{
    m_showingViews = true;
    for (int i = 0; i < int(std::size(operationsViews)); ++i) {
        const OperationsView &view = operationsViews[i];
        views()->setTabText(i, QCoreApplication::translate("operations", view.title) + u'\t' + kit::numberText(m_model->count(view.which)));
        if (view.which == m_model->filter().which)
            views()->setCurrentIndex(i);
    }
    m_showingViews = false;
}

/// Journals are this console's own and never old; what an operation waits for is not.
void OperationsPage::showHealth()
{
    const bool failing = m_context.isFailing();
    if (failing) {
        m_banner->setMessage(kit::Banner::Kind::Stale,
                             {{m_context.summary() + u' ', kit::Type::Body, kit::Role::Text, 0},
                              {tr("Operations that are under way wait, and go on by themselves."), kit::Type::Body, kit::Role::Text2, 0}});
        m_banner->clearActions();
        m_banner->addAction(tr("Try again"), [this] { m_context.retryNow(); });
    }
    m_banner->setVisible(failing);
}

void OperationsPage::showState()
{
    showHealth();
    showViews();
    const int all = m_model->count(Which::All);
    const int open = m_model->count(Which::Open);
    setFigures({{kit::numberText(all), kit::Type::Body, kit::Role::Text, 600},
                {u"    "_s + tr("%1 not over").arg(open), kit::Type::Body, open > 0 ? kit::Role::Requested : kit::Role::Text3, 0}});
    if (m_model->rowCount() > 0) {
        m_states->showReady();
        return;
    }
    if (!m_context.runner()) {
        m_states->showEmpty(kit::Icon::Server, tr("No fleet is connected"),
                            {{tr("Operations belong to a connection, those of earlier runs too: open it to see them."), kit::Type::Body, kit::Role::Text2, 0}},
                            {{tr("Connections"), [this] { Q_EMIT locationRequested({u"connections"_s, {}}); }, kit::Button::Kind::Primary, kit::Icon::Server, {}}});
        return;
    }
    if (all > 0) {
        m_states->showEmpty(kit::Icon::Filter, tr("No operation matches"),
                            {{tr("%Ln operation(s) are kept.", nullptr, all), kit::Type::Body, kit::Role::Text2, 0}},
                            {{tr("Clear filter"), [this] { m_filter->clear(); apply({}); }, kit::Button::Kind::Normal, kit::Icon::None, u"Esc"_s}});
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
    } else if (const operation::PastRun *past = m_model->pastAt(row)) {
        if (past->unreadable)
            Q_EMIT m_context.commands().refused(tr("Open operation"), past->unreadable->message);
        else
            m_context.showPastOperation(past->path);
    } else if (const operation::UnfinishedRun *run = m_model->unfinishedAt(row); run && m_context.runner()) {
        deliver(this, m_context.runner()->resume(run->path), [this](const Result<operation::Operation *> &resumed) {
            if (resumed)
                m_context.showOperation((*resumed)->id());
            else if (resumed.error().code != Error::Code::Cancelled)
                Q_EMIT m_context.commands().refused(tr("Resume"), resumed.error().message);
        });
    }
}

int OperationsPage::currentRow() const
{
    return m_table->currentIndex().isValid() ? m_table->currentIndex().row() : -1;
}

shell::Availability OperationsPage::hasCertificate() const
{
    return m_model->certificateAt(currentRow()).isEmpty() ? shell::Availability::no(tr("This operation has no certificate.")) : shell::Availability::yes();
}

void OperationsPage::verifyCertificate()
{
    const fleet::Connection *connection = m_context.connection();
    auto *view = new ui::CertificateView(m_model->certificateAt(currentRow()), connection ? connection->profile().caPath : QString(), this);
    view->present(view->verifyButton());
}

void OperationsPage::exportCertificate()
{
    ui::exportFile(m_model->certificateAt(currentRow()), this, [this](bool written, const QString &sentence) {
        if (!written)
            Q_EMIT m_context.commands().refused(tr("Export certificate"), sentence);
    });
}

QWidget *OperationsPage::firstFocus()
{
    return m_states->currentWidget();
}

QWidget *OperationsPage::filterWidget()
{
    return m_filter;
}

QVector<shell::Command> OperationsPage::commands()
{
    const auto make = [](const QString &id, const QString &text, const QString &hint, kit::Icon icon, std::function<void()> run) {
        shell::Command command;
        command.id = id;
        command.text = text;
        command.hint = hint;
        command.icon = icon;
        command.needs = shell::NeedsOneObject;
        command.onObject = true;
        command.run = std::move(run);
        return command;
    };
    QVector<shell::Command> all{
        make(u"operation.open"_s, tr("Open operation"), tr("one that did not end goes on where it stood"), kit::Icon::Checklist, [this] { open(currentRow()); }),
        make(u"certificate.verify"_s, tr("Open certificate"), tr("verified now, from the file, statement by statement"), kit::Icon::Certificate,
             [this] { verifyCertificate(); }),
        make(u"certificate.export"_s, tr("Export certificate…"), tr("a copy of the file"), kit::Icon::Download, [this] { exportCertificate(); }),
        make(u"certificate.copy-path"_s, tr("Copy path of the certificate"), {}, kit::Icon::Copy,
             [this] { QGuiApplication::clipboard()->setText(m_model->certificateAt(currentRow())); }),
    };
    all[1].shortcut = QKeySequence(Qt::Key_V);
    for (qsizetype i = 1; i < all.size(); ++i)
        all[i].condition = [this] { return hasCertificate(); };
    return all;
}

} // namespace parapet::pages
