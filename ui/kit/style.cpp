// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/style.h"

#include "ui/kit/icon.h"
#include "ui/kit/paint.h"

#include <QtGui/QPainter>
#include <QtGui/QPainterPath>
#include <QtWidgets/QAbstractButton>
#include <QtWidgets/QAbstractSpinBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QStyleFactory>
#include <QtWidgets/QStyleOption>
#include <QtWidgets/QTabBar>

namespace parapet::kit {

Style::Style(const Theme &theme) : QProxyStyle(QStyleFactory::create(QStringLiteral("fusion"))), m_theme(theme)
{
}

void Style::polish(QWidget *widget)
{
    if (qobject_cast<QAbstractButton *>(widget) || qobject_cast<QComboBox *>(widget) ||
        qobject_cast<QTabBar *>(widget) || qobject_cast<QScrollBar *>(widget))
        widget->setAttribute(Qt::WA_Hover);
    QProxyStyle::polish(widget);
}

void Style::unpolish(QWidget *widget)
{
    QProxyStyle::unpolish(widget);
}

QPalette Style::standardPalette() const
{
    return m_theme.palette();
}

void Style::drawInputFrame(const QStyleOption *option, QPainter *painter) const
{
    const bool enabled = option->state & State_Enabled;
    paintBox(*painter, option->rect, radius::control, m_theme.color(enabled ? Role::Control : Role::Surface),
             m_theme.color(enabled ? Role::LineStrong : Role::Line));
}

void Style::drawRadio(const QStyleOption *option, QPainter *painter) const
{
    const bool on = option->state & State_On;
    const bool enabled = option->state & State_Enabled;
    const QRectF box = QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(m_theme.color(!enabled ? Role::TextDisabled : on ? Role::AccentFill : Role::Text3), 1.2));
    painter->setBrush(m_theme.color(Role::Control));
    painter->drawEllipse(box);
    if (on) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(m_theme.color(enabled ? Role::Accent : Role::TextDisabled));
        const qreal inset = box.width() * 0.26;
        painter->drawEllipse(box.adjusted(inset, inset, -inset, -inset));
    }
    painter->restore();
}

/// Grounds of menus, tool tips and rows of item views.
void Style::drawPanel(PrimitiveElement element, const QStyleOption *option, QPainter *painter) const
{
    switch (element) {
    case PE_PanelMenu:
        paintBox(*painter, option->rect, radius::popup, m_theme.color(Role::Overlay), m_theme.color(Role::LineStrong));
        return;
    case PE_PanelTipLabel:
        paintBox(*painter, option->rect, radius::control, m_theme.color(Role::Overlay),
                 m_theme.color(Role::LineStrong));
        return;
    case PE_PanelItemViewItem:
    case PE_PanelItemViewRow:
        if (const auto *item = qstyleoption_cast<const QStyleOptionViewItem *>(option)) {
            if (item->state & State_Selected)
                painter->fillRect(item->rect, m_theme.color(Role::Selection));
            else if (item->state & State_MouseOver)
                painter->fillRect(item->rect, m_theme.color(Role::Hover));
            else if (item->backgroundBrush.style() != Qt::NoBrush)
                painter->fillRect(item->rect, item->backgroundBrush);
        }
        return;
    default:
        return; // a menu's frame is part of its panel
    }
}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                          const QWidget *widget) const
{
    switch (element) {
    case PE_PanelLineEdit:
    case PE_FrameLineEdit:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option); !frame || frame->lineWidth > 0)
            drawInputFrame(option, painter);
        return;
    case PE_Frame:
        if (qobject_cast<const QPlainTextEdit *>(widget))
            drawInputFrame(option, painter);
        return;
    case PE_PanelButtonCommand:
    case PE_PanelButtonTool: {
        const bool hover = option->state & (State_MouseOver | State_Sunken);
        if (element == PE_PanelButtonTool && !hover && !(option->state & State_On))
            return;
        paintBox(*painter, option->rect, radius::control, m_theme.color(hover ? Role::Hover : Role::Control),
                 m_theme.color(Role::LineStrong));
        return;
    }
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
        paintCheckBox(*painter, option->rect,
                      option->state & State_On         ? Qt::Checked
                      : option->state & State_NoChange ? Qt::PartiallyChecked
                                                       : Qt::Unchecked,
                      m_theme, option->state & State_Enabled);
        return;
    case PE_IndicatorRadioButton:
        drawRadio(option, painter);
        return;
    case PE_FrameFocusRect:
        // Buttons and inputs have their ring outside (FocusRing); what is left are item views and tabs.
        if (!qobject_cast<const QAbstractButton *>(widget) && !qobject_cast<const QComboBox *>(widget))
            paintInnerFocus(*painter, option->rect, m_theme);
        return;
    case PE_PanelMenu:
    case PE_FrameMenu:
    case PE_PanelTipLabel:
    case PE_PanelItemViewItem:
    case PE_PanelItemViewRow:
        drawPanel(element, option, painter);
        return;
    case PE_PanelScrollAreaCorner:
        return;
    case PE_FrameTabBarBase:
        painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
                          m_theme.color(Role::Line));
        return;
    case PE_IndicatorArrowDown:
        paintIcon(*painter, option->rect, Icon::ChevronDown, m_theme.color(Role::Text2), 12);
        return;
    case PE_IndicatorArrowRight:
        paintIcon(*painter, option->rect, Icon::ChevronRight, m_theme.color(Role::Text2), 12);
        return;
    case PE_IndicatorArrowUp:
        paintIcon(*painter, option->rect, Icon::ChevronUp, m_theme.color(Role::Text2), 12);
        return;
    case PE_IndicatorArrowLeft:
        paintIcon(*painter, option->rect, Icon::ChevronLeft, m_theme.color(Role::Text2), 12);
        return;
    case PE_IndicatorBranch:
        if (option->state & State_Children)
            paintIcon(*painter, option->rect, option->state & State_Open ? Icon::ChevronDown : Icon::ChevronRight,
                      m_theme.color(Role::Text2), 12);
        return;
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void Style::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                        const QWidget *widget) const
{
    switch (element) {
    case CE_MenuItem:
        drawMenuItem(option, painter, widget);
        return;
    case CE_TabBarTabShape:
        return; // the label draws the underline; tabs have no ground
    case CE_TabBarTabLabel:
        drawTab(option, painter, widget);
        return;
    case CE_Splitter:
        painter->fillRect(option->rect, m_theme.color(Role::Line));
        return;
    case CE_FocusFrame:
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(m_theme.color(Role::Focus), 2));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(option->rect).adjusted(1, 1, -1, -1), radius::control + 2, radius::control + 2);
        painter->restore();
        return;
    case CE_HeaderSection:
    case CE_HeaderEmptyArea:
        painter->fillRect(option->rect, m_theme.color(Role::Raised));
        painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
                          m_theme.color(Role::Line));
        return;
    case CE_ProgressBarGroove:
        painter->fillRect(option->rect, m_theme.color(Role::Grid));
        return;
    case CE_ProgressBarContents:
        if (const auto *bar = qstyleoption_cast<const QStyleOptionProgressBar *>(option);
            bar && bar->maximum > bar->minimum) {
            QRect done = bar->rect;
            done.setWidth(int(qint64(done.width()) * (bar->progress - bar->minimum) / (bar->maximum - bar->minimum)));
            painter->fillRect(done, m_theme.color(Role::AccentFill));
        }
        return;
    default:
        QProxyStyle::drawControl(element, option, painter, widget);
    }
}

void Style::drawMenuItem(const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option);
    if (!item)
        return;
    if (item->menuItemType == QStyleOptionMenuItem::Separator) {
        painter->fillRect(QRect(item->rect.left() + 10, item->rect.center().y(), item->rect.width() - 20, 1),
                          m_theme.color(Role::Line));
        return;
    }
    const bool enabled = item->state & State_Enabled;
    if (enabled && item->state & State_Selected)
        paintBox(*painter, item->rect, radius::chip, m_theme.color(Role::Selection), {});

    // Commands set their colour by the action's property; a destructive one is red.
    bool danger = false;
    if (const auto *menu = qobject_cast<const QMenu *>(widget)) {
        if (const QAction *action = menu->actionAt(item->rect.center()))
            danger = action->property("danger").toBool();
    }
    const Role role = !enabled ? Role::TextDisabled : danger ? Role::Critical : Role::Text;
    QRect row = item->rect.adjusted(10, 0, -8, 0);
    const int side = m_theme.scaled(size::icon);
    const QRect glyph(row.left(), row.top(), side, row.height());
    if (item->checkType != QStyleOptionMenuItem::NotCheckable)
        paintCheckBox(*painter, glyph, item->checked ? Qt::Checked : Qt::Unchecked, m_theme, enabled);
    else if (!item->icon.isNull())
        item->icon.paint(painter, glyph, Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
    row.setLeft(glyph.right() + 10);
    const qsizetype tab = item->text.indexOf(u'\t');
    const QString text = withoutMnemonic(tab < 0 ? item->text : item->text.left(tab));
    if (tab >= 0) {
        const QString key = item->text.mid(tab + 1).replace(u'+', u' ');
        const int width = keyCapWidth(key, m_theme);
        paintKeyCap(*painter, QRect(row.right() - width + 1, row.top(), width, row.height()), key, m_theme);
        row.setRight(row.right() - width - 8);
    } else if (item->menuItemType == QStyleOptionMenuItem::SubMenu) {
        paintIcon(*painter, QRect(row.right() - side, row.top(), side, row.height()), Icon::ChevronRight,
                  m_theme.color(Role::Text2), 12);
    }
    paintText(*painter, row, text, m_theme, Type::Body, role);
}

void Style::drawTab(const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option);
    if (!tab)
        return;
    const bool current = tab->state & State_Selected;
    const bool hover = tab->state & State_MouseOver;
    // "All 318": the figure after the last tab character is drawn small and mono.
    const qsizetype cut = tab->text.indexOf(u'\t');
    const QString label = withoutMnemonic(cut < 0 ? tab->text : tab->text.left(cut));
    const QString figure = cut < 0 ? QString() : tab->text.mid(cut + 1);
    const Role role = !(tab->state & State_Enabled) ? Role::TextDisabled : current || hover ? Role::Text : Role::Text2;
    QRect box = tab->rect.adjusted(8, 0, -8, 0);
    const int width = textWidth(label, m_theme, Type::Table, current ? 500 : 0);
    paintText(*painter, box, label, m_theme, Type::Table, role, Qt::AlignLeft, Qt::ElideRight, current ? 500 : 0);
    if (!figure.isEmpty())
        paintText(*painter, box.adjusted(width + 6, 0, 0, 0), figure, m_theme, Type::MonoSmall, Role::Text3);
    if (current)
        painter->fillRect(QRect(tab->rect.left(), tab->rect.bottom() - 1, tab->rect.width(), 2),
                          m_theme.color(Role::Accent));
    if (tab->state & State_HasFocus && widget && current)
        paintInnerFocus(*painter, tab->rect.adjusted(1, 3, -1, -4), m_theme);
}

void Style::drawComboBox(const QStyleOptionComplex *option, QPainter *painter, const QWidget *widget) const
{
    const auto *box = qstyleoption_cast<const QStyleOptionComboBox *>(option);
    if (!box)
        return;
    const bool enabled = box->state & State_Enabled;
    const bool hover = enabled && box->state & State_MouseOver;
    paintBox(*painter, box->rect, radius::control, m_theme.color(hover ? Role::Hover : Role::Control),
             m_theme.color(enabled ? Role::LineStrong : Role::Line));
    const QRect arrow = subControlRect(CC_ComboBox, option, SC_ComboBoxArrow, widget);
    paintIcon(*painter, arrow, Icon::ChevronDown, m_theme.color(enabled ? Role::Text2 : Role::TextDisabled), 12);
}

void Style::drawScrollBar(const QStyleOptionComplex *option, QPainter *painter) const
{
    const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
    if (!bar || bar->minimum >= bar->maximum)
        return;
    const QRect thumb = subControlRect(CC_ScrollBar, option, SC_ScrollBarSlider);
    const bool active = bar->activeSubControls & SC_ScrollBarSlider && bar->state & (State_MouseOver | State_Sunken);
    const QRect inner = bar->orientation == Qt::Vertical ? thumb.adjusted(2, 2, -2, -2) : thumb.adjusted(2, 2, -2, -2);
    const int radius = std::min(inner.width(), inner.height()) / 2;
    paintBox(*painter, inner, radius, m_theme.color(active ? Role::Text3 : Role::LineStrong), {});
}

void Style::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                               const QWidget *widget) const
{
    switch (control) {
    case CC_ScrollBar:
        drawScrollBar(option, painter);
        return;
    case CC_ComboBox:
        drawComboBox(option, painter, widget);
        return;
    case CC_Slider:
        if (const auto *slider = qstyleoption_cast<const QStyleOptionSlider *>(option)) {
            const QRect thumb = subControlRect(CC_Slider, option, SC_SliderHandle, widget);
            const QRect groove(slider->rect.left() + 6, slider->rect.center().y(), slider->rect.width() - 12, 2);
            painter->fillRect(groove, m_theme.color(Role::LineStrong));
            painter->fillRect(QRect(groove.left(), groove.top(), thumb.center().x() - groove.left(), 2),
                              m_theme.color(Role::Accent));
            const int side = std::min(thumb.width(), thumb.height());
            QRect knob(0, 0, side, side);
            knob.moveCenter(thumb.center());
            paintBox(*painter, knob, side / 2, m_theme.color(Role::AccentFill), {});
        }
        return;
    default:
        QProxyStyle::drawComplexControl(control, option, painter, widget);
    }
}

} // namespace parapet::kit
