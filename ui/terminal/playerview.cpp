// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/terminal/playerview.h"

#include "ui/kit/statepage.h"
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"
#include "ui/kit/tooltip.h"
#include "ui/terminal/screenview.h"

#include <QtGui/QKeyEvent>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>

#include <algorithm>

namespace parapet::terminal {

using kit::Role;
using kit::Type;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 shortStep = 5 * Player::second;
constexpr qint64 longStep = 60 * Player::second;
constexpr int searchPatience = 150; ///< milliseconds after the last letter
constexpr int longestSearch = 200;

QHBoxLayout *playerRow()
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(kit::space::m, 0, kit::space::m, 0);
    row->setSpacing(kit::space::s);
    return row;
}

QString speedText(double speed)
{
    return QLocale().toString(speed, 'g', 3) + u'×';
}

kit::Button *playerButton(const QString &name, kit::Icon icon, QWidget *parent)
{
    auto *button = new kit::Button(name, icon, kit::Button::Kind::Ghost, parent);
    button->setIconOnly(true);
    return button;
}

} // namespace

PlayerView::PlayerView(QWidget *parent)
    : QWidget(parent), m_screen(new ScreenView(this)), m_states(new kit::StatePage(m_screen, this)), m_timeline(new Timeline(this))
{
    setAccessibleName(tr("Player"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, kit::space::s);
    column->setSpacing(kit::space::xs);
    column->addWidget(m_states, 1);
    column->addWidget(m_timeline);
    makeControls(column);
    makeSearch(column);
    connect(m_timeline, &Timeline::seekRequested, &m_player, &Player::seek);
    connect(&m_player, &Player::stateChanged, this, &PlayerView::showState);
    connect(&m_player, &Player::frameChanged, this, [this] { m_screen->setFrame(m_player.frame()); });
    connect(&m_player, &Player::positionChanged, this, &PlayerView::showTime);
    connect(&m_player, &Player::playingChanged, this, &PlayerView::showPlaying);
    connect(&m_player, &Player::paceChanged, this, &PlayerView::showPace);
    connect(&m_player, &Player::hitsChanged, this, &PlayerView::showHits);
    for (QWidget *button : std::initializer_list<QWidget *>{m_play, m_markBefore, m_markAfter, m_speed, m_skip, m_hitBefore, m_hitAfter})
        button->installEventFilter(this);
    m_search->installEventFilter(this);
    showState();
    showPace();
}

PlayerView::~PlayerView() = default;

void PlayerView::makeControls(QVBoxLayout *column)
{
    auto *row = playerRow();
    m_play = playerButton(tr("Play"), kit::Icon::Play, this);
    m_markBefore = playerButton(tr("Previous event"), kit::Icon::ArrowLeft, this);
    m_markAfter = playerButton(tr("Next event"), kit::Icon::ArrowRight, this);
    m_time = new kit::PlainLabel(QString(), Type::Mono, Role::Text2, this);
    m_skip = new QCheckBox(tr("Skip pauses"), this);
    m_skip->setToolTip(tr("Pauses of more than 2 s take 2 s."));
    m_speed = new kit::Button(speedText(1), kit::Icon::Stopwatch, kit::Button::Kind::Normal, this);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_play, m_markBefore, m_markAfter, m_time})
        row->addWidget(widget);
    row->addStretch(1);
    row->addWidget(m_skip);
    row->addWidget(m_speed);
    column->addLayout(row);
    connect(m_play, &kit::Button::clicked, &m_player, &Player::toggle);
    connect(m_markBefore, &kit::Button::clicked, this, &PlayerView::previousMark);
    connect(m_markAfter, &kit::Button::clicked, this, &PlayerView::nextMark);
    connect(m_skip, &QCheckBox::toggled, &m_player, &Player::setSkipsIdle);
    connect(m_speed, &kit::Button::clicked, this, &PlayerView::openSpeeds);
}

void PlayerView::makeSearch(QVBoxLayout *column)
{
    auto *row = playerRow();
    m_search = new QLineEdit(this);
    m_search->setAccessibleName(tr("Search the output"));
    m_search->setPlaceholderText(tr("Search the output"));
    m_search->setMaxLength(longestSearch);
    m_search->setClearButtonEnabled(true);
    m_hits = new kit::PlainLabel(QString(), Type::MonoSmall, Role::Text2, this);
    m_hitBefore = playerButton(tr("Previous hit"), kit::Icon::ChevronUp, this);
    m_hitAfter = playerButton(tr("Next hit"), kit::Icon::ChevronDown, this);
    row->addWidget(m_search, 1);
    row->addWidget(m_hits);
    row->addWidget(m_hitBefore);
    row->addWidget(m_hitAfter);
    column->addLayout(row);
    auto *line = playerRow();
    m_hitLine = new kit::RunLine(this);
    m_hitLine->hide();
    line->addWidget(m_hitLine, 1);
    column->addLayout(line);
    auto *pause = new QTimer(this);
    pause->setSingleShot(true);
    pause->setInterval(searchPatience);
    connect(m_search, &QLineEdit::textEdited, pause, qOverload<>(&QTimer::start));
    connect(pause, &QTimer::timeout, this, [this] {
        m_hit = -1;
        m_player.search(m_search->text());
    });
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        if (text.isEmpty()) {
            m_hit = -1;
            m_player.search({});
        }
    });
    connect(m_hitBefore, &kit::Button::clicked, this, &PlayerView::previousHit);
    connect(m_hitAfter, &kit::Button::clicked, this, &PlayerView::nextHit);
}

void PlayerView::showState()
{
    switch (m_player.state()) {
    case Player::State::Empty:
        m_states->showEmpty(kit::Icon::Terminal, tr("Nothing to play"), {{tr("Choose a recording that has ended."), Type::Body, Role::Text2}});
        m_screen->setFrame({});
        m_timeline->setMarks({});
        m_timeline->setHits({});
        m_search->clear();
        m_hit = -1;
        break;
    case Player::State::Loading:
        m_states->showLoading(tr("Reading the recording"));
        break;
    case Player::State::Failed:
        m_states->showError(tr("This file cannot be played"), {{m_player.error().message, Type::Body, Role::Text2}}, {}, kit::Icon::Terminal);
        break;
    case Player::State::Ready:
        m_states->showReady();
        break;
    }
    const bool ready = m_player.state() == Player::State::Ready;
    m_timeline->setEnabled(ready);
    m_timeline->setDuration(m_player.duration());
    m_search->setEnabled(ready);
    const QString why = tr("There is nothing to play yet.");
    for (kit::Button *button : {m_play, m_speed})
        button->setAvailable(ready, why);
    showPlaying();
    showTime();
    showHits();
    setMarks(m_timeline->marks());
}

void PlayerView::showPlaying()
{
    const bool playing = m_player.isPlaying();
    m_play->setGlyph(playing ? kit::Icon::Pause : kit::Icon::Play);
    m_play->setText(playing ? tr("Pause") : tr("Play"));
    m_play->setIconOnly(true);
}

QString PlayerView::timeText() const
{
    return m_time->fullText();
}

QString PlayerView::hitsText() const
{
    return m_hits->fullText();
}

void PlayerView::showTime()
{
    const QString time = clockText(m_player.position()) + u" / "_s + clockText(m_player.duration());
    if (time != m_time->fullText())
        m_time->setText(time);
    m_timeline->setPosition(m_player.position());
}

void PlayerView::showPace()
{
    m_speed->setText(speedText(m_player.speed()));
    m_speed->setAccessibleName(tr("Speed %1").arg(speedText(m_player.speed())));
    m_skip->setChecked(m_player.skipsIdle());
}

void PlayerView::openSpeeds()
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const double speed : {0.5, 1.0, 2.0, 4.0, 8.0, 16.0}) {
        QAction *action = menu->addAction(speedText(speed), this, [this, speed] { m_player.setSpeed(speed); });
        action->setCheckable(true);
        action->setChecked(speed == m_player.speed());
    }
    menu->popup(m_speed->mapToGlobal(QPoint(0, -menu->sizeHint().height() - 2)));
}

void PlayerView::setMarks(const QVector<Timeline::Mark> &marks)
{
    m_timeline->setMarks(marks);
    const bool any = !marks.isEmpty() && m_player.state() == Player::State::Ready;
    for (kit::Button *button : {m_markBefore, m_markAfter})
        button->setAvailable(any, tr("No event of the log falls into this recording."));
}

void PlayerView::nextMark()
{
    for (const Timeline::Mark &mark : m_timeline->marks()) {
        if (mark.at > m_player.position())
            return m_player.seek(mark.at);
    }
}

void PlayerView::previousMark()
{
    const QVector<Timeline::Mark> &marks = m_timeline->marks();
    for (qsizetype i = marks.size() - 1; i >= 0; --i) {
        // While it plays, the one just passed is not the one before.
        if (marks[i].at < m_player.position() - (m_player.isPlaying() ? Player::second : 0))
            return m_player.seek(marks[i].at);
    }
}

void PlayerView::showHits()
{
    const QVector<Hit> &hits = m_player.hits();
    QVector<qint64> places;
    for (const Hit &hit : hits)
        places << hit.at;
    m_timeline->setHits(places);
    const bool any = !hits.isEmpty();
    m_hit = any ? std::min(m_hit, int(hits.size()) - 1) : -1;
    QString text;
    if (!m_player.searched().isEmpty()) {
        const QString count = kit::numberText(hits.size()) + (m_player.isSearching() ? u"…"_s : QString());
        text = any ? (m_hit >= 0 ? tr("%1 of %2").arg(kit::numberText(m_hit + 1), count) : tr("%1 found").arg(count))
            : m_player.isSearching() ? tr("Searching…")
                                     : tr("Not found");
    }
    m_hits->setText(text);
    m_hits->setVisible(!text.isEmpty());
    for (kit::Button *button : {m_hitBefore, m_hitAfter})
        button->setAvailable(any, tr("Nothing is found."));
    m_hitLine->setVisible(m_hit >= 0 || m_player.isSearchCut());
    if (m_hit >= 0)
        m_hitLine->setRuns({{clockText(hits[m_hit].at) + u"  "_s, Type::MonoSmall, Role::Text3}, {hits[m_hit].line, Type::MonoSmall, Role::Text2}});
    else if (m_player.isSearchCut())
        m_hitLine->setRuns({{tr("There is more output than is searched: only its beginning is."), Type::Small, Role::Medium}});
    m_hitLine->setToolTip(m_hit >= 0 ? kit::plainToolTip(hits[m_hit].line) : QString());
}

void PlayerView::goToHit(int hit)
{
    const QVector<Hit> &hits = m_player.hits();
    if (hits.isEmpty())
        return;
    m_hit = int((hit % hits.size() + hits.size()) % hits.size());
    m_player.pause();
    m_player.seek(hits[m_hit].at);
    showHits();
}

void PlayerView::nextHit()
{
    if (m_hit >= 0)
        return goToHit(m_hit + 1);
    const QVector<Hit> &hits = m_player.hits();
    const auto next = std::find_if(hits.cbegin(), hits.cend(), [this](const Hit &hit) { return hit.at >= m_player.position(); });
    goToHit(next == hits.cend() ? 0 : int(next - hits.cbegin()));
}

void PlayerView::previousHit()
{
    goToHit(m_hit >= 0 ? m_hit - 1 : -1);
}

bool PlayerView::playerKey(const QKeyEvent &event)
{
    if (event.matches(QKeySequence::Find)) {
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->selectAll();
        return true;
    }
    if (event.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))
        return false;
    const qint64 step = event.modifiers() & Qt::ShiftModifier ? longStep : shortStep;
    switch (event.key()) {
    case Qt::Key_Space:
        m_player.toggle();
        return true;
    case Qt::Key_Left:
        m_player.seek(m_player.position() - step);
        return true;
    case Qt::Key_Right:
        m_player.seek(m_player.position() + step);
        return true;
    case Qt::Key_Home:
        m_player.seek(0);
        return true;
    case Qt::Key_End:
        m_player.seek(m_player.duration());
        return true;
    case Qt::Key_BracketLeft:
    case Qt::Key_Minus:
        m_player.stepSpeed(-1);
        return true;
    case Qt::Key_BracketRight:
    case Qt::Key_Plus:
        m_player.stepSpeed(1);
        return true;
    case Qt::Key_N:
        nextMark();
        return true;
    case Qt::Key_P:
        previousMark();
        return true;
    default:
        return false;
    }
}

void PlayerView::keyPressEvent(QKeyEvent *event)
{
    if (m_player.state() != Player::State::Ready || !playerKey(*event))
        QWidget::keyPressEvent(event);
}

/// Buttons would take the arrows to go among themselves, and the search line all letters.
bool PlayerView::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto &key = static_cast<const QKeyEvent &>(*event);
    if (watched == m_search) {
        if (key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter) {
            if (m_player.searched() != m_search->text()) {
                m_hit = -1;
                m_player.search(m_search->text());
            } else if (key.modifiers() & Qt::ShiftModifier) {
                previousHit();
            } else {
                nextHit();
            }
            return true;
        }
        if (key.key() == Qt::Key_Escape && (!m_search->text().isEmpty() || m_search->hasFocus())) {
            m_search->clear();
            m_screen->setFocus(Qt::OtherFocusReason);
            return true;
        }
        return false;
    }
    // Space presses the button that has the focus.
    if (key.key() == Qt::Key_Space || m_player.state() != Player::State::Ready)
        return false;
    return playerKey(key);
}

void PlayerView::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    if (!event->spontaneous())
        m_player.pause();
}

void PlayerView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateGeometry();
}

} // namespace parapet::terminal
