// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/terminal/player.h"

#include <algorithm>
#include <cmath>

namespace parapet::terminal {

namespace {

constexpr qint64 leastWait = 16;  ///< milliseconds: no more frames than a screen shows
constexpr qint64 longestWait = 200; ///< so that the time goes on while nothing is shown
constexpr double playerSpeeds[] = {0.5, 1, 2, 4, 8, 16};

} // namespace

Player::Player(QObject *parent) : QObject(parent)
{
    qRegisterMetaType<CastPointer>();
    qRegisterMetaType<Frame>();
    qRegisterMetaType<QVector<Hit>>();
    m_pace.setIdleLimit(idleLimit);
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &Player::tick);
}

Player::~Player()
{
    const QSignalBlocker quiet(this); // who listens is perhaps half gone
    close();
    for (const std::unique_ptr<QThread> &thread : m_retired)
        thread->wait();
}

/// Each file has a thread and a worker of its own: nothing of an earlier one can be in the way.
void Player::start()
{
    m_thread = std::make_unique<QThread>();
    m_thread->setObjectName(QStringLiteral("replay"));
    m_replay = new Replay;
    m_replay->moveToThread(m_thread.get());
    connect(m_thread.get(), &QThread::finished, m_replay, &QObject::deleteLater);
    const quint64 session = ++m_session;
    connect(m_replay, &Replay::loaded, this, [this, session](const CastPointer &cast, const QString &sha256) {
        if (session != m_session)
            return;
        const auto limit = m_pace.idleLimit();
        m_cast = cast;
        m_sha256 = sha256;
        m_pace = Pace(*cast);
        m_pace.setIdleLimit(limit);
        enter(State::Ready);
        Q_EMIT positionChanged();
        wantFrame();
        if (!m_searched.isEmpty())
            search(m_searched);
    });
    connect(m_replay, &Replay::failed, this, [this, session](const Error &why, const QString &sha256) {
        if (session != m_session)
            return;
        m_error = why;
        m_sha256 = sha256;
        enter(State::Failed);
    });
    connect(m_replay, &Replay::shown, this, [this, session](const Frame &frame, qint64 at, quint64 ticket) {
        if (session != m_session)
            return;
        m_answered = ticket;
        m_frame = frame;
        m_framePosition = at;
        Q_EMIT frameChanged();
        if (m_pace.shownAt(at) != m_pace.shownAt(m_position))
            wantFrame();
    });
    connect(m_replay, &Replay::found, this, [this, session](quint64 ticket, const QVector<Hit> &hits, bool whole, bool cut) {
        if (session != m_session || ticket != m_searchTicket)
            return;
        m_hits = hits;
        m_searching = !whole;
        m_searchCut = cut;
        Q_EMIT hitsChanged();
    });
    m_thread->start();
}

void Player::open(const QByteArray &file)
{
    close();
    start();
    enter(State::Loading);
    QMetaObject::invokeMethod(m_replay, [replay = m_replay, file] { replay->load(file); });
}

void Player::close()
{
    pause();
    ++m_session;
    if (m_thread) {
        // The reading of the largest file takes a second: nobody waits for its end here.
        m_thread->quit();
        m_retired.push_back(std::move(m_thread));
        m_replay = nullptr;
        std::erase_if(m_retired, [](const std::unique_ptr<QThread> &thread) { return thread->isFinished(); });
    }
    m_cast.reset();
    m_sha256.clear();
    m_error = {};
    const auto limit = m_pace.idleLimit();
    m_pace = {};
    m_pace.setIdleLimit(limit);
    m_frame = {};
    m_position = m_framePosition = 0;
    m_answered = m_ticket;
    m_searched.clear();
    m_hits.clear();
    m_searching = m_searchCut = false;
    if (m_state != State::Empty)
        enter(State::Empty);
}

void Player::enter(State state)
{
    m_state = state;
    Q_EMIT stateChanged();
}

void Player::play()
{
    if (m_state != State::Ready || m_playing)
        return;
    if (isAtEnd())
        seek(0);
    m_playing = true;
    m_since.start();
    arm();
    Q_EMIT playingChanged();
}

void Player::pause()
{
    m_timer.stop();
    if (std::exchange(m_playing, false))
        Q_EMIT playingChanged();
}

void Player::toggle()
{
    if (m_playing)
        pause();
    else
        play();
}

void Player::seek(qint64 position)
{
    if (m_state != State::Ready)
        return;
    m_position = std::clamp<qint64>(position, 0, duration());
    m_since.start();
    Q_EMIT positionChanged();
    wantFrame();
    if (m_playing)
        arm();
}

void Player::setSpeed(double speed)
{
    const double wanted = std::clamp(std::isfinite(speed) ? speed : 1.0, slowest, fastest);
    if (wanted == m_speed)
        return;
    if (m_playing)
        tick();
    m_speed = wanted;
    if (m_playing)
        arm();
    Q_EMIT paceChanged();
}

void Player::stepSpeed(int by)
{
    const auto *at = std::lower_bound(std::begin(playerSpeeds), std::end(playerSpeeds), m_speed);
    const auto place = std::clamp<qsizetype>(at - std::begin(playerSpeeds) + by, 0, std::ssize(playerSpeeds) - 1);
    setSpeed(playerSpeeds[place]);
}

void Player::setSkipsIdle(bool skips)
{
    if (skips == skipsIdle())
        return;
    m_pace.setIdleLimit(skips ? std::optional(idleLimit) : std::nullopt);
    if (m_playing)
        arm();
    Q_EMIT paceChanged();
}

void Player::tick()
{
    const auto by = qint64(double(m_since.nsecsElapsed()) / 1000 * m_speed);
    m_since.start();
    m_position = m_pace.advanced(m_position, by);
    wantFrame();
    Q_EMIT positionChanged();
    if (isAtEnd())
        pause();
    else if (m_playing)
        arm();
}

void Player::arm()
{
    const qint64 next = std::max<qint64>(0, m_pace.untilNext(m_position));
    m_timer.start(int(std::clamp<qint64>(std::llround(std::ceil(double(next) / 1000 / m_speed)), leastWait, longestWait)));
}

/// One question at a time: when its answer comes the moment may be another one, and is asked for then.
void Player::wantFrame()
{
    if (m_state != State::Ready || m_answered != m_ticket)
        return;
    if (!m_frame.isEmpty() && m_pace.shownAt(m_framePosition) == m_pace.shownAt(m_position))
        return;
    ++m_ticket;
    QMetaObject::invokeMethod(m_replay, [replay = m_replay, at = m_position, ticket = m_ticket] { replay->show(at, ticket); });
}

void Player::search(const QString &text)
{
    m_searched = text;
    m_hits.clear();
    m_searchCut = false;
    m_searching = m_state == State::Ready && !text.isEmpty();
    ++m_searchTicket;
    if (m_state == State::Ready)
        QMetaObject::invokeMethod(m_replay, [replay = m_replay, text, ticket = m_searchTicket] { replay->search(text, ticket); });
    Q_EMIT hitsChanged();
}

} // namespace parapet::terminal
