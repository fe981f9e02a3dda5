// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/proofpath.h"

#include "ui/kit/text/format.h"
#include "ui/kit/tooltip.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtGui/QHelpEvent>
#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QToolTip>

namespace parapet::kit {

namespace {

constexpr int proofRow = 36;
constexpr int proofBox = 26;
constexpr int proofLabel = 80;
constexpr int keptAtEnds = 3; ///< rows at either end that folding leaves

QString proofShort(const QByteArray &hash)
{
    const QString hex = QString::fromLatin1(hash.toHex());
    return hex.size() < 12 ? hex : hex.left(4) + QChar(0x2026) + hex.right(4);
}

} // namespace

ProofPath::ProofPath(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Inclusion proof"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ProofPath::setPath(const Path &path)
{
    if (m_path.leaf != path.leaf)
        m_folded = true;
    m_path = path;
    rebuild();
}

void ProofPath::clear()
{
    setPath({});
}

void ProofPath::setFolded(bool folded)
{
    m_folded = folded;
    rebuild();
}

void ProofPath::rebuild()
{
    m_rows.clear();
    m_folds = 0;
    if (!m_path.leaf.isEmpty()) {
        // Node i of the path is hashed with the sibling of step i.
        QVector<Row> upwards;
        for (qsizetype i = 0; i <= m_path.steps.size(); ++i) {
            Row row;
            row.node = i == 0 ? m_path.leaf : m_path.steps[i - 1].node;
            row.label = i == 0 ? tr("leaf") : tr("level %1").arg(m_path.steps[i - 1].level);
            if (i < m_path.steps.size()) {
                row.sibling = m_path.steps[i].sibling;
                row.siblingIsLeft = m_path.steps[i].siblingIsLeft;
            } else {
                row.label = tr("root");
            }
            upwards << row;
        }
        std::reverse(upwards.begin(), upwards.end());
        const qsizetype hidden = upwards.size() - 2 * keptAtEnds;
        if (m_folded && hidden > 1) {
            m_folds = int(hidden);
            Row fold;
            fold.fold = true;
            upwards.remove(keptAtEnds, hidden);
            upwards.insert(keptAtEnds, fold);
        }
        m_rows = upwards;
    }
    m_current = std::min(m_current, int(m_rows.size()) - 1);
    setAccessibleDescription(m_path.leaf.isEmpty() ? QString()
                             : m_path.holds()      ? tr("%Ln hash(es) lead from the leaf to the signed root.", nullptr, int(m_path.steps.size()))
                                                   : tr("The hashes do not lead from the leaf to the signed root."));
    updateGeometry();
    update();
}

QRect ProofPath::rowRect(int row) const
{
    const int height = theme(this).scaled(proofRow);
    return {0, row * height, width(), height};
}

QSize ProofPath::sizeHint() const
{
    const Theme &look = theme(this);
    return {look.scaled(372), std::max(1, int(m_rows.size())) * look.scaled(proofRow)};
}

QSize ProofPath::minimumSizeHint() const
{
    return {theme(this).scaled(240), sizeHint().height()};
}

void ProofPath::paintRow(QPainter &painter, int index) const
{
    const Theme &look = theme(this);
    const Row &row = m_rows.at(index);
    const QRect whole = rowRect(index);
    const bool holds = m_path.holds();
    const QColor line = look.color(holds ? Role::Ok : Role::Critical);
    const int label = look.scaled(proofLabel);
    const int wide = std::max(look.scaled(96), (width() - label) / 2 - look.scaled(16));
    const int high = look.scaled(proofBox);
    const QRect box(label, whole.top() + (whole.height() - high) / 2, wide, high);
    if (index + 1 < m_rows.size()) { // down to what it was made from
        painter.setPen(QPen(line, 1.5, row.fold || m_rows.at(index + 1).fold ? Qt::DotLine : Qt::SolidLine));
        const int from = row.fold ? whole.center().y() + look.scaled(9) : box.bottom() + 1;
        const int to = m_rows.at(index + 1).fold ? whole.bottom() + whole.height() / 2 - look.scaled(9) : whole.bottom() + (whole.height() - high) / 2;
        painter.drawLine(box.center().x(), from, box.center().x(), to);
    }
    if (row.fold) {
        const int half = std::min(box.center().x(), width() - box.center().x());
        paintText(painter, QRect(box.center().x() - half, whole.top(), 2 * half, whole.height()),
                  holds ? tr("%Ln level(s) recomputed, all hold", nullptr, m_folds) : tr("%Ln level(s) recomputed, none match", nullptr, m_folds), look, Type::Small,
                  holds ? Role::Text3 : Role::Critical, Qt::AlignHCenter);
        return;
    }
    const bool root = index == 0;
    paintText(painter, QRect(0, whole.top(), label - space::s, whole.height()), row.label, look, Type::Small, root ? Role::Text : Role::Text3, Qt::AlignLeft,
              Qt::ElideRight, root ? 600 : 0);
    const QColor ground = look.color(holds ? Role::OkSoft : root ? Role::CriticalFill : Role::CriticalSoft);
    paintBox(painter, box, radius::chip, ground, line);
    const QString text = (root ? (holds ? QStringLiteral("= ") : QStringLiteral("\u2260 ")) : QString()) + proofShort(row.node);
    paintText(painter, box.adjusted(space::s, 0, -space::s, 0), text, look, Type::MonoSmall, !holds && root ? Role::OnAccent : Role::Text);
    const int left = box.right() + look.scaled(30);
    if (root) {
        paintText(painter, QRect(left, whole.top(), width() - left, whole.height()), holds ? tr("equals signed root") : tr("not the signed root"), look, Type::Small,
                  holds ? Role::Ok : Role::Critical, Qt::AlignLeft, Qt::ElideRight, 600);
        return;
    }
    const QRect other(left, box.top(), std::max(0, width() - left - 1), high);
    const QColor quiet = look.color(Role::LineStrong);
    paintBox(painter, other, radius::chip, look.color(Role::Surface), quiet);
    const QString side = row.siblingIsLeft ? tr("left") : tr("right");
    const int sideWidth = textWidth(side, look, Type::Caption);
    paintText(painter, other.adjusted(space::s, 0, -space::s - sideWidth, 0), proofShort(row.sibling), look, Type::MonoSmall, Role::Text2);
    paintText(painter, other.adjusted(0, 0, -space::s, 0), side, look, Type::Caption, Role::Text3, Qt::AlignRight);
    // The sibling joins the line above this node.
    painter.setPen(QPen(quiet, 1));
    const int x = box.right() + look.scaled(15);
    const int y = whole.top() - 1;
    painter.drawLine(other.left(), box.center().y(), x, box.center().y());
    painter.drawLine(x, box.center().y(), x, y);
    painter.drawLine(x, y, box.center().x() + 1, y);
}

void ProofPath::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    for (int row = 0; row < m_rows.size(); ++row)
        paintRow(painter, row);
    if (hasFocus() && m_current >= 0)
        paintInnerFocus(painter, rowRect(m_current), theme(this));
}

void ProofPath::mousePressEvent(QMouseEvent *event)
{
    for (int row = 0; row < m_rows.size(); ++row) {
        if (!rowRect(row).contains(event->pos()))
            continue;
        m_current = row;
        if (m_rows.at(row).fold)
            setFolded(false);
        update();
        return;
    }
}

void ProofPath::keyPressEvent(QKeyEvent *event)
{
    const int count = int(m_rows.size());
    if (count > 0 && (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down)) {
        m_current = std::clamp(m_current + (event->key() == Qt::Key_Down ? 1 : -1), 0, count - 1);
        update();
    } else if (m_current >= 0 && event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(QString::fromLatin1(m_rows.at(m_current).node.toHex()));
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space) {
        setFolded(!m_folded);
    } else {
        QWidget::keyPressEvent(event);
    }
}

void ProofPath::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        updateGeometry();
}

bool ProofPath::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    auto *help = static_cast<QHelpEvent *>(event);
    for (int row = 0; row < m_rows.size(); ++row) {
        if (!rowRect(row).contains(help->pos()) || m_rows.at(row).fold)
            continue;
        QStringList lines{m_rows.at(row).label + QStringLiteral(": ") + QString::fromLatin1(m_rows.at(row).node.toHex())};
        if (!m_rows.at(row).sibling.isEmpty())
            lines << tr("hashed with: %1").arg(QString::fromLatin1(m_rows.at(row).sibling.toHex()));
        QToolTip::showText(help->globalPos(), plainToolTip(lines.join(u'\n')), this);
        return true;
    }
    return true;
}

} // namespace parapet::kit
