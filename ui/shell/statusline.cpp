// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/statusline.h"

#include "ui/kit/icon.h"
#include "ui/kit/minute.h"
#include "ui/kit/paint.h"
#include "ui/kit/text/format.h"
#include "ui/kit/tooltip.h"

#include <QtCore/QDateTime>
#include <QtCore/QLocale>
#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QBoxLayout>

namespace parapet::shell {

using kit::Role;
using kit::Type;

namespace {

constexpr std::chrono::minutes sessionUrgent(30);

constexpr std::chrono::hours sessionFar(24 * 7);

/// A deadline by the wall clock: with its day when that is not today, the day alone when it is weeks away (the details say all).
QString statusMoment(Instant at, Instant now)
{
    const auto local = [](Instant moment) { return QDateTime::fromMSecsSinceEpoch(moment.time_since_epoch().count()).toLocalTime(); };
    const QDateTime then = local(at);
    if (at - now > sessionFar)
        return QLocale().toString(then, QStringLiteral("d MMM yyyy"));
    const QString pattern = then.date() == local(now).date() ? QStringLiteral("HH:mm ") : QStringLiteral("d MMM HH:mm ");
    return QLocale().toString(then, pattern) + then.timeZoneAbbreviation();
}

} // namespace

StatusItem::StatusItem(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
}

void StatusItem::set(const QString &text, const QString &details, Role role)
{
    const bool grows = text.size() != m_text.size() || m_text.isEmpty();
    m_text = text;
    m_role = role;
    setAccessibleName(text);
    setAccessibleDescription(details);
    setToolTip(kit::plainToolTip(details));
    setVisible(!text.isEmpty());
    if (grows || sizeHint().width() > width()) // as many letters may be wider ones
        updateGeometry();
    update();
}

void StatusItem::set(StateMark mark, const QString &text, const QString &details, Role role)
{
    m_state = mark;
    m_proof = Proof::None;
    set(text, details, role);
}

void StatusItem::set(Proof proof, const QString &text, const QString &details, Role role)
{
    m_proof = proof;
    m_state = StateMark::None;
    set(text, details, role);
}

int StatusItem::markWidth() const
{
    const kit::Theme &look = kit::theme(this);
    if (m_state != StateMark::None)
        return look.scaled(kit::size::stateDot) + 5;
    return m_proof != Proof::None ? look.scaled(kit::size::proofMark) + 5 : 0;
}

QSize StatusItem::sizeHint() const
{
    const kit::Theme &look = kit::theme(this);
    return {kit::textWidth(m_text, look, Type::Status) + markWidth() + 21, look.scaled(kit::size::statusLine)};
}

void StatusItem::paintEvent(QPaintEvent *)
{
    const kit::Theme &look = kit::theme(this);
    QPainter painter(this);
    QRect row = rect().adjusted(10, 1, -11, 0);
    if (m_state != StateMark::None)
        kit::paintState(painter, QRect(row.left(), row.top(), markWidth() - 5, row.height()), m_state, look);
    else if (m_proof != Proof::None)
        kit::paintProof(painter, QRect(row.left(), row.top(), markWidth() - 5, row.height()), m_proof, look);
    row.setLeft(row.left() + markWidth());
    kit::paintText(painter, row, m_text, look, Type::Status, m_role);
    painter.fillRect(QRect(width() - 1, 0, 1, height()), look.color(Role::Line));
    if (hasFocus())
        kit::paintInnerFocus(painter, rect().adjusted(0, 1, -1, 0), look);
}

void StatusItem::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->pos()))
        Q_EMIT activated();
}

void StatusItem::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space)
        Q_EMIT activated();
    else
        QWidget::keyPressEvent(event);
}

StatusLine::StatusLine(QWidget *parent) : QWidget(parent), m_clock(&Clock::system()), m_left(new QHBoxLayout)
{
    setAccessibleName(tr("Status"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    m_left->setSpacing(0);
    row->addLayout(m_left);
    row->addStretch(1);
    m_session = make(tr("Identity"));
    m_time = make(tr("Time"));
    row->addWidget(m_session);
    row->addWidget(m_time);
    m_session->hide();
    m_minute.setSingleShot(true);
    connect(&m_minute, &QTimer::timeout, this, &StatusLine::tick);
}

StatusItem *StatusLine::make(const QString &name)
{
    auto *item = new StatusItem(this);
    item->setAccessibleName(name);
    return item;
}

StatusItem *StatusLine::connection(const QString &id)
{
    StatusItem *&item = m_items[id];
    if (!item) {
        item = make(id);
        // The log head stays last.
        m_left->insertWidget(m_logHead ? m_left->count() - 1 : m_left->count(), item);
    }
    return item;
}

StatusItem *StatusLine::logHead()
{
    if (!m_logHead) {
        m_logHead = make(tr("Log"));
        m_left->addWidget(m_logHead);
    }
    return m_logHead;
}

void StatusLine::setSessionEnds(Instant at)
{
    m_sessionEnds = at;
    tick();
}

void StatusLine::setClock(const Clock *clock)
{
    m_clock = clock;
    tick();
}

void StatusLine::tick()
{
    const Instant now = m_clock->now();
    const QDateTime local = QDateTime::fromMSecsSinceEpoch(now.time_since_epoch().count()).toLocalTime();
    m_time->set(StateMark::None, local.toString(QStringLiteral("HH:mm ")) + local.timeZoneAbbreviation(),
                kit::utcText(now));
    const QString details = tr("The plane keeps no session for consoles: it accepts this identity until its certificate ends.") + u'\n'
        + kit::localDateTime(m_sessionEnds) + u'\n' + kit::utcText(m_sessionEnds);
    if (!isKnown(m_sessionEnds)) {
        m_session->set(StateMark::None, QString());
    } else if (m_sessionEnds <= now) {
        m_session->set(StateMark::Survives, tr("Identity ended at %1. Have a new one issued.").arg(statusMoment(m_sessionEnds, now)), details,
                       Role::Critical);
    } else {
        const bool urgent = m_sessionEnds - now < sessionUrgent;
        m_session->set(urgent ? StateMark::Isolated : StateMark::None,
                       tr("Identity until %1, %2 left").arg(statusMoment(m_sessionEnds, now), kit::durationText(m_sessionEnds - now)),
                       details, urgent ? Role::Medium : Role::Text2);
    }
    if (isVisible())
        m_minute.start(kit::millisecondsToNextMinute(*m_clock));
}

void StatusLine::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    tick();
}

void StatusLine::hideEvent(QHideEvent *event)
{
    m_minute.stop();
    QWidget::hideEvent(event);
}

void StatusLine::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), kit::theme(this).color(Role::Window));
    painter.fillRect(QRect(0, 0, width(), 1), kit::theme(this).color(Role::Line));
}

} // namespace parapet::shell
