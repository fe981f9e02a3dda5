// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/statemessage.h"

#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>

namespace parapet::kit {

SkeletonView::SkeletonView(QWidget *parent)
    : QWidget(parent), m_cancel(new Button(tr("Cancel"), Icon::None, Button::Kind::Ghost, this))
{
    setAccessibleName(tr("Loading"));
    setFocusPolicy(Qt::StrongFocus);
    m_cancel->setKeyHint(tr("Esc"));
    m_cancel->hide();
    connect(m_cancel, &QAbstractButton::clicked, this, [this] {
        if (m_cancelRun)
            m_cancelRun();
    });
}

void SkeletonView::setColumns(const QVector<StatePage::SkeletonColumn> &columns)
{
    m_columns = columns;
    update();
}

void SkeletonView::setProgress(const QString &progress, std::function<void()> cancel)
{
    m_progress = progress;
    m_cancelRun = std::move(cancel);
    m_cancel->setVisible(bool(m_cancelRun));
    setAccessibleDescription(progress);
    place();
    update();
}

void SkeletonView::place()
{
    const QSize hint = m_cancel->sizeHint();
    m_cancel->setGeometry(QRect(QPoint(width() - hint.width() - 20, height() - hint.height() - 16), hint));
}

void SkeletonView::resizeEvent(QResizeEvent *)
{
    place();
}

void SkeletonView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && m_cancelRun) {
        m_cancelRun();
        return;
    }
    QWidget::keyPressEvent(event);
}

void SkeletonView::paintEvent(QPaintEvent *)
{
    const Theme &look = theme(this);
    QPainter painter(this);
    painter.fillRect(rect(), look.color(Role::Surface));
    const int row = look.scaled(size::row);
    QVector<StatePage::SkeletonColumn> columns = m_columns;
    if (columns.isEmpty())
        columns = {{space::page, std::max(40, width() - 2 * space::page), Qt::AlignLeft}};
    for (int y = 0, index = 0; y < height(); y += row, ++index) {
        painter.fillRect(QRect(0, y + row - 1, width(), 1), look.color(Role::Grid));
        for (qsizetype column = 0; column < columns.size(); ++column) {
            const StatePage::SkeletonColumn &at = columns.at(column);
            paintSkeleton(painter, QRect(at.x, y, at.width, row), uint(index * 7 + int(column) * 3 + 1), at.align,
                          look);
        }
    }
    if (m_progress.isEmpty() && !m_cancelRun)
        return;
    const int text = textWidth(m_progress, look, Type::Body);
    const int button = m_cancelRun ? m_cancel->width() + 4 : 12;
    const int tall = look.scaled(size::controlLarge);
    const QRect box(width() - 12 - text - button - 16, height() - tall - 12, text + button + 16, tall);
    paintBox(painter, box, radius::control, look.color(Role::Overlay), look.color(Role::LineStrong));
    paintText(painter, box.adjusted(12, 0, 0, 0), m_progress, look, Type::Body, Role::Text);
}

MessageView::MessageView(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
}

void MessageView::setMessage(Icon icon, Role iconRole, const QString &title, const QVector<Run> &sentence,
                             const QVector<StateAction> &actions)
{
    m_icon = icon;
    m_iconRole = iconRole;
    m_title = title;
    m_sentence = sentence;
    m_actions = actions;
    for (Button *button : std::as_const(m_buttons)) {
        button->hide();
        button->deleteLater();
    }
    m_buttons.clear();
    for (const StateAction &action : actions) {
        auto *button = new Button(action.text, action.icon, action.kind, this);
        button->setKeyHint(action.key);
        connect(button, &QAbstractButton::clicked, this, [run = action.run] {
            if (run)
                run();
        });
        button->show();
        m_buttons.append(button);
    }
    QString plain;
    for (const Run &run : sentence)
        plain += run.text;
    setAccessibleName(title);
    setAccessibleDescription(plain);
    arrange();
    update();
}

/// Words of all runs set in lines no wider than `width`, each line centred. Returns the y below the last line.
int MessageView::layOutSentence(int width, int top, QVector<Piece> &pieces) const
{
    const Theme &look = theme(this);
    const int line = look.lineHeight(Type::Body) + 2;
    QVector<Piece> row;
    int used = 0;
    int y = top;
    const auto flush = [&] {
        int x = (this->width() - used) / 2;
        for (Piece &piece : row) {
            piece.rect = QRect(x, y, piece.rect.width(), line);
            x += piece.rect.width();
            pieces.append(piece);
        }
        if (!row.isEmpty())
            y += line;
        row.clear();
        used = 0;
    };
    for (int i = 0; i < m_sentence.size(); ++i) {
        const Run &run = m_sentence.at(i);
        qsizetype from = 0;
        while (from < run.text.size()) {
            qsizetype to = run.text.indexOf(u' ', from);
            to = to < 0 ? run.text.size() : to + 1;
            const QString word = run.text.mid(from, to - from);
            const int wide = textWidth(word, look, run.type, run.weight);
            if (used > 0 && used + textWidth(word.trimmed(), look, run.type, run.weight) > width)
                flush();
            row.append({i, word, QRect(0, 0, std::min(wide, width), line)});
            used += std::min(wide, width);
            from = to;
        }
    }
    flush();
    return y;
}

void MessageView::arrange()
{
    const Theme &look = theme(this);
    const int icon = look.scaled(24);
    const int titleHeight = look.lineHeight(Type::DialogTitle) + 8;
    const int button = look.scaled(size::control);
    const int room = std::min(width() - 2 * space::page, look.scaled(440));
    m_pieces.clear();
    int bottom = layOutSentence(room, 0, m_pieces);
    const int whole = icon + 12 + titleHeight + bottom + (m_buttons.isEmpty() ? 0 : 16 + button);
    int y = std::max(8, (height() - whole) / 2);
    m_iconRect = QRect((width() - icon) / 2, y, icon, icon);
    y += icon + 12;
    m_titleRect = QRect(space::page, y, width() - 2 * space::page, titleHeight);
    y += titleHeight;
    for (Piece &piece : m_pieces)
        piece.rect.translate(0, y);
    y += bottom + 16;
    int total = -space::s;
    for (Button *each : std::as_const(m_buttons))
        total += each->sizeHint().width() + space::s;
    int x = std::max(0, (width() - total) / 2);
    for (Button *each : std::as_const(m_buttons)) {
        const QSize hint = each->sizeHint();
        if (x + hint.width() > width() - space::s && x > space::s) {
            x = (width() - hint.width()) / 2;
            y += hint.height() + space::s;
        }
        each->setGeometry(QRect(QPoint(x, y), hint));
        x += hint.width() + space::s;
    }
}

void MessageView::resizeEvent(QResizeEvent *)
{
    arrange();
}

void MessageView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        arrange();
    QWidget::changeEvent(event);
}

void MessageView::keyPressEvent(QKeyEvent *event)
{
    const QString key = QKeySequence(event->key() | int(event->modifiers())).toString(QKeySequence::PortableText);
    for (const StateAction &action : std::as_const(m_actions)) {
        if (!action.key.isEmpty() && action.key == key && action.run) {
            // The action may replace this very message.
            const auto run = action.run;
            run();
            return;
        }
    }
    QWidget::keyPressEvent(event);
}

void MessageView::paintEvent(QPaintEvent *)
{
    const Theme &look = theme(this);
    QPainter painter(this);
    painter.fillRect(rect(), look.color(Role::Surface));
    paintIcon(painter, m_iconRect, m_icon, look.color(m_iconRole), m_iconRect.width());
    paintText(painter, m_titleRect, m_title, look, Type::DialogTitle, Role::Text, Qt::AlignHCenter);
    for (const Piece &piece : m_pieces) {
        const Run &run = m_sentence.at(piece.run);
        paintText(painter, piece.rect, piece.text, look, run.type, run.role, Qt::AlignLeft, Qt::ElideRight, run.weight);
    }
}

} // namespace parapet::kit
