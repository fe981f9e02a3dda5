// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/filterfield.h"

#include "ui/kit/completionpopup.h"
#include "ui/kit/paint.h"
#include "ui/kit/tooltip.h"

#include <QtGui/QHelpEvent>
#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QToolTip>

namespace parapet::kit {

namespace {

QString chipText(const FilterChip &chip)
{
    return chip.field + chip.op + chip.value;
}

} // namespace

FilterField::FilterField(QWidget *parent)
    : QWidget(parent), m_edit(new QLineEdit(this)), m_popup(new CompletionPopup(this))
{
    setAccessibleName(tr("Filter"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setFocusProxy(m_edit);
    m_edit->setFrame(false);
    m_edit->setAccessibleName(tr("Filter"));
    m_edit->setMaxLength(4096);
    m_edit->installEventFilter(this);
    setPlaceholder(tr("Filter…"));
    connect(m_edit, &QLineEdit::textEdited, this, [this](const QString &typed) {
        setCurrentChip(-1);
        // A space ends a condition that can be read; inside quotes or after a mistake it is just a space.
        if (m_syntax && typed.endsWith(u' ') && !typed.trimmed().isEmpty()) {
            const QVector<FilterChip> chips = m_syntax->parse(typed);
            if (std::all_of(chips.begin(), chips.end(),
                            [](const FilterChip &c) { return c.error.isEmpty() && !c.field.isEmpty(); })) {
                commitTyped();
                return;
            }
        }
        updateCompletion();
        if (!m_syntax)
            announce();
    });
    connect(m_popup, &CompletionPopup::chosen, this, &FilterField::acceptCompletion);
}

FilterField::~FilterField() = default;

QListView *FilterField::popup() const
{
    return m_popup->list();
}

void FilterField::setSyntax(const FilterSyntax *syntax)
{
    m_syntax = syntax;
    if (syntax && !m_announced.isEmpty())
        m_chips = syntax->chips(m_announced);
    arrange();
}

void FilterField::setPlaceholder(const QString &text)
{
    m_edit->setPlaceholderText(text);
}

void FilterField::setMatches(const QString &text)
{
    m_matches = text;
    arrange();
}

void FilterField::setKeyHint(const QString &key)
{
    m_keyHint = key;
    arrange();
}

QString FilterField::typedText() const
{
    return m_edit->text();
}

QString FilterField::filter() const
{
    return m_syntax ? m_syntax->print(m_chips) : m_edit->text().trimmed();
}

void FilterField::setFilter(const QString &filter)
{
    m_announced = filter;
    m_currentChip = -1;
    if (m_syntax) {
        m_chips = m_syntax->chips(filter);
        m_edit->clear();
    } else {
        m_edit->setText(filter);
    }
    showPopup(false);
    arrange();
}

/// Says once what is in force now.
void FilterField::announce()
{
    arrange();
    const QString now = filter();
    if (now == m_announced)
        return;
    m_announced = now;
    Q_EMIT filterChanged(now);
}

void FilterField::commitTyped()
{
    showPopup(false);
    if (m_syntax) {
        const QVector<FilterChip> chips = m_syntax->parse(m_edit->text());
        if (!chips.isEmpty()) {
            m_chips += chips;
            m_edit->clear();
        }
    }
    announce();
}

void FilterField::removeChip(int index)
{
    if (index < 0 || index >= m_chips.size())
        return;
    m_chips.removeAt(index);
    setCurrentChip(m_chips.isEmpty() ? -1 : m_currentChip < 0 ? -1 : std::min(index, int(m_chips.size()) - 1));
    announce();
}

void FilterField::editChip(int index)
{
    if (index < 0 || index >= m_chips.size())
        return;
    const QString former = m_edit->text();
    m_edit->setText(chipText(m_chips.takeAt(index)));
    if (!former.trimmed().isEmpty())
        m_chips += m_syntax->parse(former);
    setCurrentChip(-1);
    m_edit->setFocus(Qt::OtherFocusReason);
    announce();
}

void FilterField::setCurrentChip(int index)
{
    m_currentChip = index;
    setAccessibleDescription(index >= 0 ? chipText(m_chips.at(index)) : QString());
    arrange();
}

QSize FilterField::sizeHint() const
{
    const Theme &look = theme(this);
    return {look.scaled(420), look.scaled(size::control)};
}

QSize FilterField::minimumSizeHint() const
{
    return {theme(this).scaled(200), sizeHint().height()};
}

void FilterField::resizeEvent(QResizeEvent *)
{
    arrange();
}

void FilterField::hideEvent(QHideEvent *)
{
    showPopup(false);
}

void FilterField::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange ||
        event->type() == QEvent::PaletteChange)
        arrange();
}

void FilterField::showPopup(bool show)
{
    m_chosen = false;
    if (show) {
        m_popup->place(QPoint(m_edit->x() - 12, height() + 3));
        m_popup->raise();
    }
    m_popup->setVisible(show);
}

void FilterField::updateCompletion()
{
    if (!m_syntax || !m_edit->hasFocus()) {
        showPopup(false);
        return;
    }
    const QVector<Completion> rows = m_syntax->complete(m_edit->text(), m_edit->cursorPosition());
    m_popup->setRows(rows);
    showPopup(!rows.isEmpty());
}

void FilterField::acceptCompletion()
{
    const int row = m_popup->current();
    if (row < 0)
        return;
    const Completion chosen = m_popup->model()->at(row);
    QString typed = m_edit->text();
    typed.replace(chosen.from, chosen.length, chosen.insert);
    m_edit->setText(typed);
    m_edit->setCursorPosition(chosen.from + int(chosen.insert.size()));
    if (chosen.complete)
        commitTyped();
    else
        updateCompletion();
}

bool FilterField::chipKey(QKeyEvent *event)
{
    const int last = int(m_chips.size()) - 1;
    switch (event->key()) {
    case Qt::Key_Left:
        setCurrentChip(std::max(0, m_currentChip - 1));
        return true;
    case Qt::Key_Right:
        setCurrentChip(m_currentChip >= last ? -1 : m_currentChip + 1);
        return true;
    case Qt::Key_Home:
        setCurrentChip(0);
        return true;
    case Qt::Key_End:
    case Qt::Key_Escape:
        setCurrentChip(-1);
        return true;
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        removeChip(m_currentChip);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_F2:
        editChip(m_currentChip);
        return true;
    default:
        return false;
    }
}

bool FilterField::editKey(QKeyEvent *event)
{
    const bool popup = m_popup->isVisible();
    switch (event->key()) {
    case Qt::Key_Down:
    case Qt::Key_Up:
        if (popup) {
            m_popup->move(event->key() == Qt::Key_Down ? 1 : -1);
            m_chosen = true;
        } else if (event->key() == Qt::Key_Down) {
            updateCompletion();
        }
        return popup || (event->key() == Qt::Key_Down && m_syntax);
    case Qt::Key_Tab:
        if (!popup)
            return false;
        acceptCompletion();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (popup && m_chosen)
            acceptCompletion();
        else
            commitTyped();
        return true;
    case Qt::Key_Left:
    case Qt::Key_Backspace:
        if (m_edit->cursorPosition() > 0 || m_edit->hasSelectedText() || m_chips.isEmpty())
            return false;
        showPopup(false);
        setCurrentChip(int(m_chips.size()) - 1);
        return true;
    case Qt::Key_Escape:
        if (popup) {
            showPopup(false);
            return true;
        }
        if (!m_edit->text().isEmpty() || !m_chips.isEmpty()) {
            m_edit->clear();
            m_chips.clear();
            announce();
            return true;
        }
        focusNextChild();
        return true;
    default:
        return false;
    }
}

bool FilterField::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_edit)
        return QWidget::eventFilter(watched, event);
    switch (event->type()) {
    case QEvent::KeyPress: {
        auto *key = static_cast<QKeyEvent *>(event);
        return (m_currentChip >= 0 && chipKey(key)) || editKey(key);
    }
    case QEvent::ShortcutOverride:
        // Esc and Tab are the field's while it has something to do with them.
        if (static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape)
            event->accept();
        return false;
    case QEvent::FocusIn:
    case QEvent::FocusOut:
        if (event->type() == QEvent::FocusOut) {
            showPopup(false);
            m_currentChip = -1;
        }
        update();
        return false;
    default:
        return false;
    }
}

bool FilterField::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const QPoint at = static_cast<QHelpEvent *>(event)->pos();
        for (int i = 0; i < m_chips.size(); ++i) {
            if (!m_rects.at(i).contains(at))
                continue;
            const FilterChip &chip = m_chips.at(i);
            const QString tip = chip.error.isEmpty() ? chipText(chip) : chipText(chip) + u'\n' + chip.error;
            QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(), plainToolTip(tip), this);
            return true;
        }
    }
    return QWidget::event(event);
}

void FilterField::mousePressEvent(QMouseEvent *event)
{
    m_edit->setFocus(Qt::MouseFocusReason);
    for (int i = 0; i < m_rects.size(); ++i) {
        if (closeRect(i).contains(event->pos())) {
            removeChip(i);
            return;
        }
        if (m_rects.at(i).contains(event->pos())) {
            editChip(i);
            return;
        }
    }
}

void FilterField::mouseMoveEvent(QMouseEvent *event)
{
    int hover = -1;
    for (int i = 0; i < m_rects.size(); ++i) {
        if (m_rects.at(i).contains(event->pos()))
            hover = i;
    }
    setCursor(hover >= 0 ? Qt::ArrowCursor : Qt::IBeamCursor);
    if (hover != m_hoverChip) {
        m_hoverChip = hover;
        update();
    }
}

void FilterField::leaveEvent(QEvent *)
{
    m_hoverChip = -1;
    update();
}

} // namespace parapet::kit
