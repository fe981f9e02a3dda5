// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/parts.h"

#include "ui/kit/text/label.h"
#include "ui/kit/tooltip.h"

#include <QtGui/QAccessible>
#include <QtGui/QPainter>
#include <QtGui/QHelpEvent>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QToolTip>

namespace parapet::kit {

Hairline::Hairline(Qt::Orientation orientation, QWidget *parent) : QWidget(parent), m_orientation(orientation)
{
    if (orientation == Qt::Horizontal)
        setFixedHeight(1);
    else
        setFixedWidth(1);
}

QSize Hairline::sizeHint() const
{
    return {1, 1};
}

void Hairline::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), theme(this).color(Role::Line));
}

Ground::Ground(Role role, QWidget *parent, Qt::Edges lines) : QWidget(parent), m_role(role), m_lines(lines)
{
}

void Ground::paintEvent(QPaintEvent *)
{
    const Theme &look = theme(this);
    QPainter painter(this);
    painter.fillRect(rect(), look.color(m_role));
    const QColor line = look.color(Role::Line);
    if (m_lines & Qt::TopEdge)
        painter.fillRect(QRect(0, 0, width(), 1), line);
    if (m_lines & Qt::BottomEdge)
        painter.fillRect(QRect(0, height() - 1, width(), 1), line);
    if (m_lines & Qt::LeftEdge)
        painter.fillRect(QRect(0, 0, 1, height()), line);
    if (m_lines & Qt::RightEdge)
        painter.fillRect(QRect(width() - 1, 0, 1, height()), line);
}

SectionHeader::SectionHeader(const QString &title, QWidget *parent)
    : QWidget(parent),
      m_title(new PlainLabel(title, Type::Section, Role::Text, this)),
      m_figure(new PlainLabel(QString(), Type::MonoSmall, Role::Text3, this)),
      m_note(new PlainLabel(QString(), Type::Small, Role::Text3, this)),
      m_row(new QHBoxLayout(this))
{
    m_row->setContentsMargins(space::page, 0, space::page, 0);
    m_row->setSpacing(space::s);
    m_row->addWidget(m_title);
    m_row->addWidget(m_figure);
    m_row->addStretch(1);
    m_note->setElide(Qt::ElideRight);
    m_row->addWidget(m_note);
    setMinimumHeight(theme(this).scaled(32));
}

void SectionHeader::setTitle(const QString &title)
{
    m_title->setText(title);
}

void SectionHeader::setFigure(const QString &figure)
{
    m_figure->setText(figure);
}

void SectionHeader::setNote(const QString &note, Role role)
{
    m_note->setRole(role);
    m_note->setText(note);
}

void SectionHeader::addWidget(QWidget *widget)
{
    m_row->addWidget(widget);
}

RunLine::RunLine(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void RunLine::setRuns(const QVector<Run> &runs)
{
    m_runs = runs;
    setAccessibleName(text());
    updateGeometry();
    update();
}

void RunLine::changedMark(Mark mark)
{
    m_mark = mark;
    updateGeometry();
    update();
}

void RunLine::setMark(Severity severity)
{
    m_severity = severity;
    changedMark(severity == Severity::None ? Mark::None : Mark::Severity);
}

void RunLine::setMark(StateMark state)
{
    m_state = state;
    changedMark(state == StateMark::None ? Mark::None : Mark::State);
}

void RunLine::setMark(Proof proof)
{
    m_proof = proof;
    changedMark(proof == Proof::None ? Mark::None : Mark::Proof);
}

void RunLine::setGlyph(Icon icon, Role role)
{
    m_icon = icon;
    m_iconRole = role;
    changedMark(icon == Icon::None ? Mark::None : Mark::Glyph);
}

QString RunLine::text() const
{
    QString all;
    for (const Run &run : m_runs)
        all += run.text;
    return all;
}

int RunLine::markWidth() const
{
    const Theme &look = theme(this);
    switch (m_mark) {
    case Mark::Severity:
        return look.scaled(size::severityMark) + 7;
    case Mark::State:
        return look.scaled(size::stateDot) + 5;
    case Mark::Proof:
        return look.scaled(size::proofMark) + 7;
    case Mark::Glyph:
        return look.scaled(size::icon) + 7;
    case Mark::None:
        break;
    }
    return 0;
}

QSize RunLine::sizeHint() const
{
    const Theme &look = theme(this);
    return {markWidth() + runsWidth(m_runs, look), look.scaled(20)};
}

QSize RunLine::minimumSizeHint() const
{
    return {markWidth() + (m_runs.isEmpty() ? 0 : theme(this).scaled(24)), sizeHint().height()};
}

bool RunLine::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && toolTip().isEmpty() && width() < sizeHint().width()) {
        QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(), plainToolTip(text()), this);
        return true;
    }
    return QWidget::event(event);
}

void RunLine::paintEvent(QPaintEvent *)
{
    const Theme &look = theme(this);
    QPainter painter(this);
    const int mark = markWidth();
    const int gap = m_mark == Mark::State ? 5 : 7;
    const QRect box(0, 0, mark - gap, height());
    switch (m_mark) {
    case Mark::Severity:
        paintSeverity(painter, box, m_severity, look);
        break;
    case Mark::State:
        paintState(painter, box, m_state, look);
        break;
    case Mark::Proof:
        paintProof(painter, box, m_proof, look);
        break;
    case Mark::Glyph:
        paintIcon(painter, box, m_icon, look.color(m_iconRole), look.scaled(size::icon));
        break;
    case Mark::None:
        break;
    }
    paintRuns(painter, rect().adjusted(mark, 0, 0, 0), m_runs, look);
}

void RunLine::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        updateGeometry();
    QWidget::changeEvent(event);
}

StatePill::StatePill(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void StatePill::setState(StateMark mark, const QString &text)
{
    m_mark = mark;
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

QSize StatePill::sizeHint() const
{
    const Theme &look = theme(this);
    return {statePillWidth(m_mark, m_text, look), look.scaled(size::pill)};
}

void StatePill::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintStatePill(painter, rect(), m_mark, m_text, theme(this));
}

void StatePill::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        updateGeometry();
    QWidget::changeEvent(event);
}

Tag::Tag(const QString &text, Role role, bool filled, QWidget *parent)
    : QWidget(parent), m_text(text), m_role(role), m_filled(filled)
{
    setAccessibleName(text);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Tag::setTag(const QString &text, Role role, bool filled)
{
    m_text = text;
    m_role = role;
    m_filled = filled;
    setAccessibleName(text);
    updateGeometry();
    update();
}

QSize Tag::sizeHint() const
{
    const Theme &look = theme(this);
    return {tagWidth(m_text, look), look.scaled(size::tag)};
}

void Tag::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintTag(painter, rect(), m_text, m_role, theme(this), m_filled);
}

KeyCap::KeyCap(const QString &key, QWidget *parent) : QWidget(parent), m_key(key)
{
    setAccessibleName(key);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize KeyCap::sizeHint() const
{
    const Theme &look = theme(this);
    return {keyCapWidth(m_key, look), look.scaled(18)};
}

void KeyCap::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintKeyCap(painter, rect(), m_key, theme(this));
}

Banner::Banner(QWidget *parent) : QWidget(parent), m_line(new RunLine(this)), m_row(new QHBoxLayout(this))
{
    m_row->setContentsMargins(space::page, 5, space::page, 6);
    m_row->setSpacing(space::s);
    m_row->addWidget(m_line, 1);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void Banner::setMessage(Kind kind, const QVector<Run> &text)
{
    m_kind = kind;
    QVector<Run> runs = text;
    if (kind == Kind::Critical) {
        // The ground is critical-fill: everything on it is on-accent.
        for (Run &run : runs)
            run.role = Role::OnAccent;
        m_line->setGlyph(Icon::Warning, Role::OnAccent);
    } else if (kind == Kind::Warning) {
        m_line->setMark(Severity::Medium);
    } else if (kind == Kind::Stale) {
        m_line->setMark(StateMark::Stale);
    } else {
        m_line->setGlyph(Icon::Info);
    }
    m_line->setRuns(runs);
    m_line->setToolTip(plainToolTip(m_line->text()));
    setAccessibleName(m_line->text());
    QAccessibleEvent announcement(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&announcement);
    update();
}

QString Banner::text() const
{
    return m_line->text();
}

Button *Banner::addAction(const QString &text, std::function<void()> run)
{
    auto *button = new Button(text, this);
    connect(button, &QAbstractButton::clicked, this, [run = std::move(run)] { run(); });
    m_row->addWidget(button);
    m_actions.append(button);
    return button;
}

void Banner::clearActions()
{
    for (Button *button : std::as_const(m_actions)) {
        button->hide();
        button->deleteLater();
    }
    m_actions.clear();
}

void Banner::paintEvent(QPaintEvent *)
{
    const Theme &look = theme(this);
    QPainter painter(this);
    Role ground = Role::SelectionSoft;
    if (m_kind == Kind::Critical)
        ground = Role::CriticalFill;
    else if (m_kind == Kind::Warning)
        ground = Role::MediumSoft;
    else if (m_kind == Kind::Stale)
        ground = Role::Raised;
    painter.fillRect(rect(), look.color(ground));
    if (m_kind == Kind::Stale)
        paintHatching(painter, rect(), look);
    painter.fillRect(QRect(0, height() - 1, width(), 1), look.color(Role::Line));
}

} // namespace parapet::kit
