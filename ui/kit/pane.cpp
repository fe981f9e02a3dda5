// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/pane.h"

#include "ui/kit/theme.h"

#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>

namespace parapet::kit {

namespace {

/// 1 px to see, 7 px to grab: Qt lays a thin handle over its neighbours by its contents margins.
class PaneHandle : public QSplitterHandle
{
public:
    PaneHandle(Qt::Orientation orientation, QSplitter *parent) : QSplitterHandle(orientation, parent)
    {
        setAttribute(Qt::WA_MouseNoMask);
        setContentsMargins(3, 0, 3, 0);
    }

protected:
    void paintEvent(QPaintEvent *) override { QPainter(this).fillRect(contentsRect(), theme(this).color(Role::Line)); }
    /// Instead of Qt's own, which would set margins of 2 px and so start over for ever.
    void resizeEvent(QResizeEvent *) override { setMask(QRegion(contentsRect())); }
};

} // namespace

DetailSplitter::DetailSplitter(QWidget *content, QWidget *detail, QWidget *parent)
    : QSplitter(Qt::Horizontal, parent), m_detail(detail), m_paneWidth(theme(this).scaled(size::detailPaneMin + 20))
{
    setHandleWidth(size::splitterHandle);
    setChildrenCollapsible(false);
    addWidget(content);
    addWidget(detail);
    setStretchFactor(0, 1);
    setStretchFactor(1, 0);
    detail->hide();
    m_slide.setEasingCurve(QEasingCurve::OutCubic);
    connect(&m_slide, &QVariantAnimation::valueChanged, this, [this](const QVariant &value) { place(value.toInt()); });
    connect(&m_slide, &QVariantAnimation::finished, this, [this] {
        if (!m_open)
            m_detail->hide();
        m_detail->setMinimumWidth(m_open ? theme(this).scaled(size::detailPaneMin) : 0);
        place(m_open ? m_paneWidth : 0);
    });
    connect(this, &QSplitter::splitterMoved, this, [this] {
        if (m_slide.state() == QAbstractAnimation::Running || !m_open)
            return;
        m_paneWidth = m_detail->width();
        Q_EMIT paneWidthChanged(m_paneWidth);
    });
}

QSplitterHandle *DetailSplitter::createHandle()
{
    return new PaneHandle(orientation(), this);
}

void DetailSplitter::place(int width)
{
    if (m_detail->isHidden())
        return;
    const int whole = this->width() - handleWidth();
    setSizes({std::max(0, whole - width), width});
}

void DetailSplitter::setOpen(bool open)
{
    if (open == m_open)
        return;
    m_open = open;
    // A slide that is under way turns round where it is.
    const int from = m_detail->isHidden() ? 0 : m_detail->width();
    if (!open && m_detail->isAncestorOf(focusWidget() ? focusWidget() : this) && widget(0))
        widget(0)->setFocus(Qt::OtherFocusReason);
    m_detail->setMinimumWidth(0);
    if (open)
        m_detail->show();
    m_slide.stop();
    const int duration = isVisible() ? theme(this).motion(motion::paneSlide) : 0;
    m_slide.setStartValue(from);
    m_slide.setEndValue(open ? m_paneWidth : 0);
    m_slide.setDuration(duration);
    m_slide.start();
    Q_EMIT openChanged(open);
}

void DetailSplitter::setPaneWidth(int width)
{
    const Theme &look = theme(this);
    m_paneWidth = std::clamp(width, look.scaled(size::detailPaneMin), look.scaled(2 * size::detailPaneMax));
    if (m_open)
        place(m_paneWidth);
}

void DetailSplitter::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && m_open) {
        setOpen(false);
        return;
    }
    QSplitter::keyPressEvent(event);
}

} // namespace parapet::kit
