// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/rail.h"

#include "ui/kit/parts.h"
#include "ui/shell/railmodel.h"
#include "ui/shell/railparts.h"

#include <QtGui/QPainter>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QListView>

namespace parapet::shell {

namespace {

constexpr int railMargin = 8;

/// As high as its rows: the rail has room for them, or the list scrolls.
class RailList : public QListView
{
public:
    using QListView::QListView;

    QSize sizeHint() const override
    {
        int height = 2;
        for (int row = 0; model() && row < model()->rowCount(); ++row)
            height += isRowHidden(row) ? 0 : sizeHintForRow(row);
        return {100, height};
    }
    QSize minimumSizeHint() const override { return {20, kit::theme(this).scaled(kit::size::railItem)}; }
};

} // namespace

Rail::Rail(const QVector<PageInfo> &pages, QWidget *parent)
    : QWidget(parent),
      m_model(new RailModel(pages, this)),
      m_head(new RailHead(this)),
      m_search(new RailSearch(this)),
      m_delegate(new RailDelegate(this)),
      m_user(new RailUser(this)),
      m_connection(new RailConnection(this))
{
    setAccessibleName(tr("Navigation"));
    m_list = makeList(tr("Pages"));
    m_foot = makeList(tr("More pages"));
    for (int row = 0; row < m_model->rowCount(); ++row) {
        m_list->setRowHidden(row, m_model->isFoot(row));
        m_foot->setRowHidden(row, !m_model->isFoot(row));
    }
    auto *inner = new QVBoxLayout;
    inner->setContentsMargins(railMargin, 0, railMargin, 4);
    inner->setSpacing(0);
    inner->addWidget(m_head);
    inner->addWidget(m_search);
    inner->addSpacing(kit::space::m);
    inner->addWidget(m_list);
    inner->addStretch(1);
    inner->addWidget(m_foot);
    inner->addSpacing(kit::space::s);
    inner->addWidget(new kit::Hairline(Qt::Horizontal, this));
    inner->addSpacing(kit::space::xs);
    inner->addWidget(m_user);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 1, 0);
    column->setSpacing(0);
    column->addLayout(inner, 1);
    column->addWidget(m_connection);
    m_user->hide();

    connect(m_head, &QAbstractButton::clicked, this, [this] { setCollapsed(!m_collapsed); });
    connect(m_search, &QAbstractButton::clicked, this, &Rail::paletteRequested);
    connect(m_user, &QAbstractButton::clicked, this,
            [this] { Q_EMIT userMenuRequested(m_user->mapToGlobal(QPoint(0, 0))); });
    connect(m_connection, &QAbstractButton::clicked, this, &Rail::connectionRequested);
    applyWidth();
}

QListView *Rail::makeList(const QString &name)
{
    auto *list = new RailList(this);
    list->setAccessibleName(name);
    list->setModel(m_model);
    list->setItemDelegate(m_delegate);
    list->setFrameShape(QFrame::NoFrame);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    list->setMouseTracking(true);
    list->viewport()->setAutoFillBackground(false);
    list->setTabKeyNavigation(false);
    const auto go = [this](const QModelIndex &index) {
        if (const PageInfo *page = m_model->page(index.row()))
            Q_EMIT pageRequested(page->id);
    };
    connect(list, &QAbstractItemView::clicked, this, go);
    connect(list, &QAbstractItemView::activated, this, go); // Enter; going where one is changes nothing
    return list;
}

void Rail::setCurrent(const QString &pageId)
{
    m_model->setCurrent(pageId);
    const int row = m_model->rowOf(pageId);
    if (row >= 0)
        (m_model->isFoot(row) ? m_foot : m_list)->setCurrentIndex(m_model->index(row));
}

QString Rail::current() const
{
    return m_model->current();
}

void Rail::setBadge(const QString &pageId, const Badge &badge)
{
    m_model->setBadge(pageId, badge);
}

void Rail::setUser(const QString &name, const QString &role)
{
    m_user->setUser(name, role);
    m_user->setVisible(!name.isEmpty());
}

void Rail::setConnectionName(const QString &name)
{
    m_connection->setName(name);
}

void Rail::setCollapsed(bool collapsed)
{
    if (collapsed == m_collapsed)
        return;
    m_collapsed = collapsed;
    applyWidth();
    Q_EMIT collapsedChanged(collapsed);
}

void Rail::applyWidth()
{
    m_delegate->setCollapsed(m_collapsed);
    for (RailButton *button : std::initializer_list<RailButton *>{m_head, m_search, m_user, m_connection})
        button->setCollapsed(m_collapsed);
    setFixedWidth(sizeHint().width());
    m_list->viewport()->update();
    m_foot->viewport()->update();
    m_list->updateGeometry();
    m_foot->updateGeometry();
}

QSize Rail::sizeHint() const
{
    const kit::Theme &look = kit::theme(this);
    return {look.scaled(m_collapsed ? kit::size::railCollapsed : kit::size::rail), 400};
}

void Rail::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        m_list->doItemsLayout();
        m_foot->doItemsLayout();
        applyWidth();
    }
}

void Rail::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), kit::theme(this).color(kit::Role::Window));
    painter.fillRect(QRect(width() - 1, 0, 1, height()), kit::theme(this).color(kit::Role::Line));
}

} // namespace parapet::shell
