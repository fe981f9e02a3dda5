// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/tableparts.h"

#include "models/items/roles.h"
#include "ui/kit/icon.h"
#include "ui/kit/paint.h"
#include "ui/kit/text/format.h"
#include "ui/kit/tooltip.h"

#include <QtGui/QHelpEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QToolTip>

namespace parapet::kit {

namespace {

Instant instantOf(const QModelIndex &index)
{
    const QVariant value = index.data(InstantRole);
    return value.canConvert<Instant>() ? value.value<Instant>() : Instant{};
}

QString actorsText(int bits)
{
    QStringList parts;
    if (bits & HumanActor)
        parts << CellDelegate::tr("people");
    if (bits & AgentActor)
        parts << CellDelegate::tr("AI agents");
    if (bits & ServiceActor)
        parts << CellDelegate::tr("services");
    return parts.join(QLatin1String(", "));
}

} // namespace

CellDelegate::CellDelegate(CellKind kind, TableView *table) : QStyledItemDelegate(table), m_kind(kind), m_table(table)
{
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const Theme &look = theme(m_table);
    return {textWidth(textOf(index), look, Type::Table) + 2 * space::cell + 20, look.scaled(size::row)};
}

QString CellDelegate::textOf(const QModelIndex &index) const
{
    if (m_kind == CellKind::Age) {
        const Instant at = instantOf(index);
        return isKnown(at) ? durationText(m_table->clock().now() - at) : index.data(Qt::DisplayRole).toString();
    }
    if (m_kind == CellKind::Time) {
        const Instant at = instantOf(index);
        return isKnown(at) ? localClock(at) : index.data(Qt::DisplayRole).toString();
    }
    return index.data(Qt::DisplayRole).toString();
}

void CellDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &look = theme(m_table);
    const RowLook &row = m_table->paintedRow();
    const QRect cell = option.rect.adjusted(space::cell, 0, -space::cell, -1);
    if (row.loading)
        paintSkeleton(*painter, cell, uint(index.row() * 7 + index.column() * 3 + 1),
                      isRightAligned(m_kind) ? Qt::AlignRight : Qt::AlignLeft, look);
    else
        paintContent(*painter, cell, index, row, look);
    if (row.current && m_table->hasFocus() && m_table->currentIndex().column() == index.column() &&
        m_table->selectionBehavior() == QAbstractItemView::SelectItems)
        paintInnerFocus(*painter, option.rect.adjusted(0, 0, 0, -1), look);
}

void CellDelegate::paintContent(QPainter &painter, QRect cell, const QModelIndex &index, const RowLook &row,
                                const Theme &theme) const
{
    switch (m_kind) {
    case CellKind::State:
        paintStatePill(painter, cell, StateMark(index.data(StateMarkRole).toInt()), textOf(index), theme);
        return;
    case CellKind::Severity: {
        const auto severity = Severity(index.data(SeverityRole).toInt());
        const int mark = theme.scaled(size::severityMark);
        paintSeverity(painter, QRect(cell.left(), cell.top(), mark, cell.height()), severity, theme);
        paintText(painter, cell.adjusted(mark + 7, 0, 0, 0), textOf(index), theme, Type::Table, severityRole(severity));
        return;
    }
    case CellKind::Proof: {
        const int mark = theme.scaled(size::proofMark);
        paintProof(painter, QRect(cell.left(), cell.top(), mark, cell.height()), Proof(index.data(ProofRole).toInt()),
                   theme);
        if (const int noted = index.data(NotedRole).toInt()) {
            QRect at(cell.left() + mark + 4, cell.top(), mark, cell.height());
            for (const auto &[bit, icon] : {std::pair(BookmarkedRow, Icon::Bookmark), std::pair(RowWithNote, Icon::Comment)}) {
                if (!(noted & bit))
                    continue;
                paintIcon(painter, at, icon, theme.color(row.stale ? Role::Text3 : Role::Accent), mark);
                at.translate(mark + 4, 0);
            }
        }
        return;
    }
    case CellKind::Actors: {
        const int bits = index.data(ActorsRole).toInt();
        const int side = theme.scaled(size::icon);
        QRect at(cell.left(), cell.top(), side, cell.height());
        const auto draw = [&](int bit, Icon icon, Role role) {
            if (!(bits & bit))
                return;
            paintIcon(painter, at, icon, theme.color(row.stale ? Role::Text3 : role), side);
            at.translate(side, 0);
        };
        draw(HumanActor, Icon::Human, Role::Text2);
        draw(AgentActor, Icon::Robot, Role::Chart2);
        draw(ServiceActor, Icon::Server, Role::Text2);
        return;
    }
    case CellKind::Actor: {
        const int bits = index.data(ActorsRole).toInt();
        const int side = theme.scaled(size::icon);
        const Icon icon = bits & AgentActor ? Icon::Robot : bits & ServiceActor ? Icon::Server : Icon::Human;
        paintIcon(painter, QRect(cell.left(), cell.top(), side, cell.height()), icon,
                  theme.color(row.stale ? Role::Text3 : bits & AgentActor ? Role::Chart2 : Role::Text2), side);
        paintPlain(painter, cell.adjusted(side + 6, 0, 0, 0), index, row, theme);
        return;
    }
    case CellKind::Spark:
        paintSparkline(painter, cell.adjusted(0, 5, 0, -5), index.data(SeriesRole).value<QVector<qreal>>(),
                       theme.color(row.stale ? Role::Text3 : Role::Chart1));
        return;
    default:
        paintPlain(painter, cell, index, row, theme);
    }
}

void CellDelegate::paintPlain(QPainter &painter, const QRect &cell, const QModelIndex &index, const RowLook &row,
                              const Theme &theme) const
{
    const Column *column = m_table->columnAt(index.column());
    const bool strong = column && column->strong;
    const bool mono =
        m_kind == CellKind::Mono || m_kind == CellKind::Figure || m_kind == CellKind::Age || m_kind == CellKind::Time;
    Role ink = m_kind == CellKind::Muted || m_kind == CellKind::Time ? Role::Text2 : Role::Text;
    if (row.stale)
        ink = Role::Text3;
    else if (row.failed && strong)
        ink = Role::Critical;
    QRect box = cell;
    if (const auto severity = Severity(index.data(SeverityRole).toInt()); severity != Severity::None && strong) {
        const int mark = theme.scaled(size::severityMark);
        paintSeverity(painter, QRect(box.right() - mark, box.top(), mark, box.height()), severity, theme);
        box.setRight(box.right() - mark - 6);
    }
    paintText(painter, box, textOf(index), theme, mono ? Type::Mono : Type::Table, ink,
              isRightAligned(m_kind) ? Qt::AlignRight : Qt::AlignLeft,
              m_kind == CellKind::Mono ? Qt::ElideMiddle : Qt::ElideRight);
}

bool CellDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                             const QModelIndex &index)
{
    if (event->type() != QEvent::ToolTip)
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    QString tip = index.data(Qt::ToolTipRole).toString();
    if (tip.isEmpty()) {
        const Theme &look = theme(m_table);
        if (m_kind == CellKind::Age || m_kind == CellKind::Time) {
            const Instant at = instantOf(index);
            tip = isKnown(at) ? localDateTime(at) + u'\n' + utcText(at) : QString();
        } else if (m_kind == CellKind::Actors) {
            tip = actorsText(index.data(ActorsRole).toInt());
        } else if (m_kind == CellKind::Proof) {
            tip = proofText(Proof(index.data(ProofRole).toInt()));
        } else if (const QString text = textOf(index);
                   textWidth(text, look, Type::Mono) > option.rect.width() - 2 * space::cell) {
            tip = text;
        }
    }
    if (tip.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(event->globalPos(), plainToolTip(tip), view);
    return true;
}

} // namespace parapet::kit
