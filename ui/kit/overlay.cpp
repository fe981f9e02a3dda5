// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/overlay.h"

#include "ui/kit/button.h"
#include "ui/kit/paint.h"
#include "ui/kit/parts.h"
#include "ui/kit/text/label.h"

#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QApplication>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QLineEdit>

namespace parapet::kit {

namespace {

class OverlayPanel : public QWidget
{
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent *) override
    {
        const Theme &look = theme(this);
        QPainter painter(this);
        paintBox(painter, rect(), radius::dialog, look.color(Role::Overlay), look.color(Role::LineStrong));
    }
};

/// The focusable widgets inside `panel`, in tab order.
QVector<QWidget *> tabStops(QWidget *panel)
{
    QVector<QWidget *> stops;
    QWidget *widget = panel;
    do {
        widget = widget->nextInFocusChain();
        if (panel->isAncestorOf(widget) && widget->focusPolicy() & Qt::TabFocus && widget->isVisibleTo(panel) &&
            widget->isEnabled() && !widget->focusProxy())
            stops.append(widget);
    } while (widget != panel);
    return stops;
}

} // namespace

Overlay::Overlay(QWidget *host) : QWidget(host->window()), m_panel(new OverlayPanel(this))
{
    hide();
    setFocusPolicy(Qt::StrongFocus);
    host->window()->installEventFilter(this);
}

Overlay::~Overlay()
{
    if (m_formerFocus && isAncestorOf(QApplication::focusWidget() ? QApplication::focusWidget() : m_panel))
        m_formerFocus->setFocus(Qt::OtherFocusReason);
}

void Overlay::setName(const QString &accessibleName)
{
    setAccessibleName(accessibleName);
    m_panel->setAccessibleName(accessibleName);
}

void Overlay::setPanelSize(const QSize &size)
{
    m_wanted = size;
    place();
}

void Overlay::setPanelTop(int top)
{
    m_top = top;
    place();
}

void Overlay::place()
{
    const QSize window = parentWidget()->size();
    setGeometry(QRect(QPoint(), window));
    const QSize room = window - QSize(2 * space::xxl, 2 * space::xxl);
    const QSize size = m_wanted.boundedTo(room).expandedTo(QSize(64, 64));
    const int top = m_top >= 0 ? std::min(m_top, std::max(space::xxl, window.height() - size.height() - space::xxl))
                               : (window.height() - size.height()) / 2;
    m_panel->setGeometry(QRect(QPoint((window.width() - size.width()) / 2, top), size));
}

void Overlay::present(QWidget *firstFocus)
{
    if (!isVisible())
        m_formerFocus = QApplication::focusWidget();
    place();
    raise();
    show();
    if (!firstFocus) {
        const QVector<QWidget *> stops = tabStops(m_panel);
        firstFocus = stops.isEmpty() ? this : stops.first();
    }
    firstFocus->setFocus(Qt::OtherFocusReason);
}

void Overlay::dismiss()
{
    if (isHidden())
        return;
    hide();
    if (m_formerFocus)
        m_formerFocus->setFocus(Qt::OtherFocusReason);
    m_formerFocus.clear();
    Q_EMIT dismissed();
}

bool Overlay::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible())
        place();
    return QWidget::eventFilter(watched, event);
}

bool Overlay::event(QEvent *event)
{
    // Shortcuts of the window behind are asked first, and climb from the focus up to here: this is where they end, so that a
    // letter that is a command of the page below does nothing while the dialog is up.
    if (event->type() == QEvent::ShortcutOverride) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void Overlay::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), theme(this).color(Role::Scrim));
}

void Overlay::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && m_escCloses) {
        dismiss();
        return;
    }
    // Keys stop here: what lies behind a modal dialog must not hear them.
    event->accept();
}

void Overlay::mousePressEvent(QMouseEvent *event)
{
    event->accept();
    if (m_escCloses && !m_panel->geometry().contains(event->pos()))
        dismiss();
}

bool Overlay::focusNextPrevChild(bool next)
{
    const QVector<QWidget *> stops = tabStops(m_panel);
    if (stops.isEmpty())
        return true;
    const qsizetype at = stops.indexOf(QApplication::focusWidget());
    const qsizetype count = stops.size();
    const qsizetype to = at < 0 ? (next ? 0 : count - 1) : (at + (next ? 1 : count - 1)) % count;
    stops.at(to)->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
    return true;
}

ConfirmOverlay::ConfirmOverlay(QWidget *host, const Ask &ask) : Overlay(host)
{
    setName(ask.title);
    auto *column = new QVBoxLayout(panel());
    column->setContentsMargins(space::xl, space::l, space::xl, space::l);
    column->setSpacing(space::m);
    column->addWidget(new PlainLabel(ask.title, Type::DialogTitle, Role::Text, panel()));
    auto *text = new PlainLabel(ask.text, Type::Body, Role::Text2, panel());
    text->setWordWrap(true);
    column->addWidget(text, 1);
    QLineEdit *reason = nullptr;
    if (ask.needsReason) {
        column->addWidget(new PlainLabel(ask.reasonLabel, Type::Small, Role::Text3, panel()));
        reason = new QLineEdit(panel());
        reason->setAccessibleName(ask.reasonLabel);
        reason->setMaxLength(2000);
        column->addWidget(reason);
    }
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    auto *cancel = new Button(tr("Cancel"), panel());
    cancel->setKeyHint(tr("Esc"));
    auto *act = new Button(ask.action, Icon::None, ask.danger ? Button::Kind::Danger : Button::Kind::Primary, panel());
    row->addWidget(cancel);
    row->addWidget(act);
    column->addLayout(row);
    if (reason) {
        act->setAvailable(false, tr("Say why first."));
        connect(reason, &QLineEdit::textChanged, act, [act](const QString &typed) {
            const bool given = !typed.trimmed().isEmpty();
            act->setAvailable(given, given ? QString() : ConfirmOverlay::tr("Say why first."));
        });
        connect(reason, &QLineEdit::returnPressed, act, [act] { act->click(); });
    }
    connect(cancel, &QAbstractButton::clicked, this, &Overlay::dismiss);
    connect(act, &QAbstractButton::clicked, this, [this, reason] {
        const QString why = reason ? reason->text().trimmed() : QString();
        dismiss();
        Q_EMIT accepted(why);
    });
    connect(this, &Overlay::dismissed, this, &QObject::deleteLater);
    const Theme &look = theme(this);
    const int width = look.scaled(460);
    setPanelSize({width, std::max(column->heightForWidth(width), column->sizeHint().height())});
    present(reason ? static_cast<QWidget *>(reason) : cancel);
}

} // namespace parapet::kit
