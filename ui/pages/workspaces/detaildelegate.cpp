// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/workspaces/detaildelegate.h"

#include "ui/pages/workspaces/detailmodel.h"

namespace parapet::pages {

namespace {
constexpr int sectionHeight = 36;
constexpr int indentStep = 12;
}

DetailDelegate::DetailDelegate(const DetailModel &model, QObject *parent) : QStyledItemDelegate(parent), m_model(model) {}

QSize DetailDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const kit::Theme &theme = kit::theme(option.widget);
    const bool section = m_model.row(index.row()).kind == DetailRow::Kind::Section;
    return {0, theme.scaled(section ? sectionHeight : kit::size::listRow)};
}

void DetailDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const kit::Theme &theme = kit::theme(option.widget);
    const DetailRow &row = m_model.row(index.row());
    QRect rect = option.rect.adjusted(kit::space::pane, 0, -kit::space::pane, 0);
    if (row.kind == DetailRow::Kind::Section) {
        if (index.row() > 0)
            painter->fillRect(QRect(option.rect.left(), option.rect.top(), option.rect.width(), 1), theme.color(kit::Role::Line));
        rect.setTop(rect.top() + theme.scaled(8));
    } else if (option.state & QStyle::State_Selected) {
        painter->fillRect(option.rect, theme.color(kit::Role::Selection));
    } else if (option.state & QStyle::State_MouseOver && row.kind == DetailRow::Kind::Line) {
        painter->fillRect(option.rect, theme.color(kit::Role::Hover));
    }
    rect.setLeft(rect.left() + row.indent * theme.scaled(indentStep));
    const int side = theme.scaled(kit::size::icon);
    const QRect mark(rect.left(), rect.top(), side, rect.height());
    if (row.icon != kit::Icon::None)
        kit::paintIcon(*painter, mark, row.icon, theme.color(row.iconRole));
    else if (row.state != StateMark::None)
        kit::paintState(*painter, mark, row.state, theme);
    else if (row.proof != Proof::None)
        kit::paintProof(*painter, mark, row.proof, theme);
    if (row.icon != kit::Icon::None || row.state != StateMark::None || row.proof != Proof::None)
        rect.setLeft(rect.left() + side + kit::space::s);
    const int rightWidth = row.right.isEmpty() ? 0 : kit::runsWidth(row.right, theme);
    if (rightWidth > 0) {
        kit::paintRuns(*painter, QRect(rect.right() - rightWidth + 1, rect.top(), rightWidth + 2, rect.height()), row.right, theme);
        rect.setRight(rect.right() - rightWidth - kit::space::s);
    }
    kit::paintRuns(*painter, rect, row.runs, theme);
    if (option.state & QStyle::State_HasFocus && row.kind == DetailRow::Kind::Line)
        kit::paintInnerFocus(*painter, option.rect, theme);
}

} // namespace parapet::pages
