// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/page.h"

#include "ui/kit/text/label.h"

#include <QtGui/QPainter>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QTabBar>

namespace parapet::shell {

using kit::Role;

PageHeader::PageHeader(QWidget *parent)
    : QWidget(parent),
      m_back(new kit::Button(tr("Back"), kit::Icon::ArrowLeft, kit::Button::Kind::Ghost, this)),
      m_forward(new kit::Button(tr("Forward"), kit::Icon::ArrowRight, kit::Button::Kind::Ghost, this)),
      m_title(new kit::PlainLabel(QString(), kit::Type::Title, Role::Text, this)),
      m_figures(new kit::RunLine(this)),
      m_actions(new QHBoxLayout)
{
    m_back->setIconOnly(true);
    m_forward->setIconOnly(true);
    m_back->setKeyHint(QStringLiteral("Alt Left"));
    m_forward->setKeyHint(QStringLiteral("Alt Right"));
    m_figures->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(8, 10, kit::space::page, 10);
    row->setSpacing(0);
    row->addWidget(m_back);
    row->addWidget(m_forward);
    row->addSpacing(kit::space::s);
    row->addWidget(m_title);
    row->addSpacing(14);
    row->addWidget(m_figures, 1);
    m_actions->setSpacing(kit::space::s);
    row->addLayout(m_actions);
    connect(m_back, &QAbstractButton::clicked, this, &PageHeader::backRequested);
    connect(m_forward, &QAbstractButton::clicked, this, &PageHeader::forwardRequested);
    setHistory(false, false);
}

void PageHeader::setTitle(const QString &title)
{
    m_title->setText(title);
}

void PageHeader::setFigures(const QVector<kit::Run> &figures)
{
    m_figures->setRuns(figures);
}

void PageHeader::addWidget(QWidget *widget)
{
    m_actions->addWidget(widget);
}

void PageHeader::setHistory(bool canGoBack, bool canGoForward)
{
    m_back->setAvailable(canGoBack, tr("This is where you began."));
    m_forward->setAvailable(canGoForward, tr("You have not gone back."));
}

void PageHeader::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), kit::theme(this).color(Role::Surface));
    painter.fillRect(QRect(0, height() - 1, width(), 1), kit::theme(this).color(Role::Line));
}

Page::Page(const QString &title, QWidget *parent)
    : QWidget(parent), m_title(title), m_header(new PageHeader(this)), m_column(new QVBoxLayout(this))
{
    setAccessibleName(title);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    m_column->addWidget(m_header);
    m_header->setTitle(title);
}

Page::~Page() = default;

void Page::goTo(const Location &place)
{
    m_location = place;
    showLocation(place);
}

void Page::setLocation(const Location &place)
{
    if (place == m_location)
        return;
    m_location = place;
    Q_EMIT locationChanged(place);
}

void Page::setActive(bool active)
{
    if (active == m_active)
        return;
    m_active = active;
    if (active)
        activated();
    else
        deactivated();
}

void Page::setTitle(const QString &title)
{
    m_title = title;
    m_header->setTitle(title);
    setAccessibleName(title);
}

void Page::setFigures(const QVector<kit::Run> &figures)
{
    m_header->setFigures(figures);
}

void Page::addHeaderWidget(QWidget *widget)
{
    m_header->addWidget(widget);
}

QTabBar *Page::views()
{
    if (m_views)
        return m_views;
    auto *bar = new kit::Ground(Role::Surface, this, Qt::BottomEdge);
    m_views = new QTabBar(bar);
    m_views->setAccessibleName(tr("Views"));
    m_views->setDrawBase(false);
    m_views->setExpanding(false);
    m_views->setUsesScrollButtons(true);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(kit::space::m, 1, kit::space::m, 0);
    row->addWidget(m_views);
    row->addStretch(1);
    m_column->insertWidget(1, bar);
    return m_views;
}

void Page::setFilterBar(QWidget *bar)
{
    Q_ASSERT(!m_filterBar);
    m_filterBar = new kit::Ground(Role::Surface, this);
    auto *row = new QHBoxLayout(m_filterBar);
    row->setContentsMargins(kit::space::m, 6, kit::space::m, 6);
    row->addWidget(bar);
    m_column->insertWidget(m_views ? 2 : 1, m_filterBar);
}

void Page::insertAboveContent(QWidget *widget)
{
    m_column->insertWidget(m_content ? m_column->indexOf(m_content) : m_column->count(), widget);
}

void Page::setContent(QWidget *content)
{
    Q_ASSERT(!m_content);
    m_content = content;
    m_column->addWidget(content, 1);
}

} // namespace parapet::shell
