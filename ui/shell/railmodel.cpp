// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/railmodel.h"

#include "ui/kit/paint.h"
#include "ui/kit/tooltip.h"

#include <QtGui/QPainter>

namespace parapet::shell {

RailModel::RailModel(const QVector<PageInfo> &pages, QObject *parent) : QAbstractListModel(parent), m_pages(pages)
{
    for (int i = 0; i < m_pages.size(); ++i) {
        const bool foot = m_pages.at(i).group == PageInfo::FootGroup;
        if (!m_rows.isEmpty() && !foot && m_pages.at(i).group != m_pages.at(i - 1).group)
            m_rows.append(-1);
        m_rows.append(i);
    }
}

const PageInfo *RailModel::page(int row) const
{
    const int at = m_rows.value(row, -1);
    return at < 0 ? nullptr : &m_pages.at(at);
}

Badge RailModel::badge(int row) const
{
    const PageInfo *at = page(row);
    return at ? m_badges.value(at->id) : Badge();
}

int RailModel::rowOf(const QString &pageId) const
{
    for (int row = 0; row < m_rows.size(); ++row) {
        if (const PageInfo *at = page(row); at && at->id == pageId)
            return row;
    }
    return -1;
}

bool RailModel::isFoot(int row) const
{
    const PageInfo *at = page(row);
    return at && at->group == PageInfo::FootGroup;
}

QVariant RailModel::data(const QModelIndex &index, int role) const
{
    const PageInfo *at = page(index.row());
    if (!at)
        return {};
    const Badge number = badge(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return at->title;
    case Qt::ToolTipRole:
        return kit::plainToolTip(number.text.isEmpty() ? at->title : at->title + QLatin1String("  ") + number.text);
    case Qt::AccessibleTextRole: {
        QStringList parts{at->title};
        if (number.severity != Severity::None)
            parts << kit::severityText(number.severity);
        if (!number.text.isEmpty())
            parts << number.text;
        return parts.join(QLatin1String(", "));
    }
    default:
        return {};
    }
}

Qt::ItemFlags RailModel::flags(const QModelIndex &index) const
{
    return page(index.row()) ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::NoItemFlags;
}

void RailModel::setBadge(const QString &pageId, const Badge &badge)
{
    const int row = rowOf(pageId);
    if (row < 0 || m_badges.value(pageId) == badge)
        return;
    m_badges.insert(pageId, badge);
    Q_EMIT dataChanged(index(row), index(row));
}

void RailModel::setCurrent(const QString &pageId)
{
    m_current = pageId;
    if (!m_rows.isEmpty())
        Q_EMIT dataChanged(index(0), index(int(m_rows.size()) - 1));
}

QSize RailDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto *model = static_cast<const RailModel *>(index.model());
    return {10, model->page(index.row()) ? kit::theme(option.widget).scaled(kit::size::railItem) : 17};
}

void RailDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const kit::Theme &look = kit::theme(option.widget);
    const auto *model = static_cast<const RailModel *>(index.model());
    const PageInfo *page = model->page(index.row());
    if (!page) {
        painter->fillRect(QRect(option.rect.left() + 8, option.rect.center().y(), option.rect.width() - 16, 1),
                          look.color(kit::Role::Line));
        return;
    }
    const bool current = page->id == model->current();
    const bool hover = option.state & QStyle::State_MouseOver;
    if (current || hover)
        kit::paintBox(*painter, option.rect, kit::radius::control,
                      look.color(current ? kit::Role::Selection : kit::Role::Hover), {});
    const int side = look.scaled(kit::size::icon);
    QRect row = option.rect.adjusted(8, 0, -8, 0);
    const QRect glyph = m_collapsed ? option.rect : QRect(row.left(), row.top(), side, row.height());
    kit::paintIcon(*painter, glyph, page->icon, look.color(current ? kit::Role::Accent : kit::Role::Text2), side);
    const Badge badge = model->badge(index.row());
    if (m_collapsed) {
        if (badge.severity != Severity::None) {
            const int mark = look.scaled(9);
            kit::paintSeverity(*painter, QRect(option.rect.right() - mark - 2, option.rect.top() + 2, mark, mark),
                               badge.severity, look, 9);
        }
    } else {
        row.setLeft(glyph.right() + 10);
        if (!badge.text.isEmpty()) {
            const int width = kit::textWidth(badge.text, look, kit::Type::MonoSmall);
            const bool marked = badge.severity != Severity::None;
            kit::paintText(*painter, row, badge.text, look, kit::Type::MonoSmall,
                           marked ? kit::severityRole(badge.severity) : kit::Role::Text3, Qt::AlignRight,
                           Qt::ElideNone);
            row.setRight(row.right() - width - 5);
            if (marked) {
                const int mark = look.scaled(9);
                kit::paintSeverity(*painter, QRect(row.right() - mark, row.top(), mark, row.height()), badge.severity,
                                   look, 9);
                row.setRight(row.right() - mark - 5);
            }
        }
        kit::paintText(*painter, row, page->title, look, kit::Type::Body, current ? kit::Role::Text : kit::Role::Text2,
                       Qt::AlignLeft, Qt::ElideRight, current ? 500 : 0);
    }
    if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange)
        kit::paintInnerFocus(*painter, option.rect, look);
}

} // namespace parapet::shell
