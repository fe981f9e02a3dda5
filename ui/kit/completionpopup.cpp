// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/completionpopup.h"

#include "ui/kit/paint.h"

#include <QtGui/QPainter>

namespace parapet::kit {

namespace {

constexpr int popupPadding = 5;
constexpr int popupRows = 8;

} // namespace

QVariant CompletionModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return {};
    const Completion &row = m_rows.at(index.row());
    if (role == Qt::DisplayRole)
        return row.label;
    if (role == Qt::AccessibleTextRole)
        return QStringList{row.label, row.help, row.figure}.join(QLatin1String(", "));
    return {};
}

void CompletionModel::setRows(const QVector<Completion> &rows)
{
    beginResetModel();
    m_rows = rows;
    endResetModel();
}

void CompletionDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &look = theme(option.widget);
    const Completion &row = static_cast<const CompletionModel *>(index.model())->at(index.row());
    if (option.state & QStyle::State_Selected)
        paintBox(*painter, option.rect, radius::chip, look.color(Role::Selection), {});
    QRect cell = option.rect.adjusted(8, 0, -8, 0);
    const int figure = textWidth(row.figure, look, Type::MonoSmall);
    paintText(*painter, cell, row.figure, look, Type::MonoSmall, Role::Text3, Qt::AlignRight);
    cell.setRight(cell.right() - (figure ? figure + 12 : 0));
    const int label = std::max(look.scaled(114), textWidth(row.label, look, Type::Mono) + 14);
    const int match = textWidth(row.label.left(row.match), look, Type::Mono);
    paintText(*painter, cell, row.label.left(row.match), look, Type::Mono, Role::Accent);
    paintText(*painter, cell.adjusted(match, 0, 0, 0), row.label.mid(row.match), look, Type::Mono, Role::Text);
    paintText(*painter, cell.adjusted(label, 0, 0, 0), row.help, look, Type::Small, Role::Text2);
}

QSize CompletionDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {100, theme(option.widget).scaled(size::row)};
}

CompletionPopup::CompletionPopup(QWidget *field)
    : QWidget(field), m_field(field), m_list(new QListView(this)), m_model(new CompletionModel(this))
{
    setFocusPolicy(Qt::NoFocus);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new CompletionDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setAccessibleName(tr("Completions"));
    connect(m_list, &QAbstractItemView::clicked, this, &CompletionPopup::chosen);
    hide();
}

int CompletionPopup::footHeight() const
{
    return theme(this).scaled(30);
}

void CompletionPopup::setRows(const QVector<Completion> &rows)
{
    m_model->setRows(rows);
    if (!rows.isEmpty())
        m_list->setCurrentIndex(m_model->index(0));
}

void CompletionPopup::place(const QPoint &anchor)
{
    QWidget *window = m_field->window();
    if (parentWidget() != window)
        setParent(window);
    const Theme &look = theme(this);
    const int rows = std::min(popupRows, m_model->rowCount());
    const int list = rows * look.scaled(size::row);
    const QSize want(std::min(look.scaled(500), window->width() - 16), list + 2 * popupPadding + footHeight());
    QPoint at = m_field->mapTo(window, anchor);
    at.setX(std::clamp(at.x(), 8, std::max(8, window->width() - want.width() - 8)));
    setGeometry(QRect(at, want));
    m_list->setGeometry(popupPadding, popupPadding, want.width() - 2 * popupPadding, list);
}

void CompletionPopup::move(int by)
{
    const int count = m_model->rowCount();
    if (count == 0)
        return;
    m_list->setCurrentIndex(m_model->index((current() + by + count) % count));
}

void CompletionPopup::paintEvent(QPaintEvent *)
{
    const Theme &look = theme(this);
    QPainter painter(this);
    paintBox(painter, rect(), radius::popup, look.color(Role::Overlay), look.color(Role::LineStrong));
    QRect foot(14, height() - footHeight(), width() - 28, footHeight() - 2);
    painter.fillRect(QRect(popupPadding, foot.top() - 2, width() - 2 * popupPadding, 1), look.color(Role::Line));
    const auto hint = [&](std::initializer_list<QString> keys, const QString &text) {
        for (const QString &key : keys)
            foot.setLeft(foot.left() + paintKeyCap(painter, foot, key, look) + 3);
        paintText(painter, foot, text, look, Type::Small, Role::Text2);
        foot.setLeft(foot.left() + textWidth(text, look, Type::Small) + 14);
    };
    hint({tr("Tab")}, tr("complete"));
    hint({QString(QChar(0x2191)), QString(QChar(0x2193))}, tr("choose"));
    hint({tr("Esc")}, tr("close"));
}

} // namespace parapet::kit
