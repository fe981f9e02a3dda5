// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/terminal/replay.h"

#include "models/crypto/digest.h"

#include <QtCore/QElapsedTimer>

#include <algorithm>

namespace parapet::terminal {

namespace {

constexpr qint64 sliceTime = 8;          ///< milliseconds
constexpr qsizetype pieceBytes = 16 * 1024;
constexpr qsizetype entriesAtOnce = 2000; ///< of the index, between two looks at the clock

/// Since a fixed moment of this thread; no wall clock, which may be set.
qint64 replayNow()
{
    static thread_local QElapsedTimer timer = [] {
        QElapsedTimer started;
        started.start();
        return started;
    }();
    return timer.elapsed();
}

} // namespace

void Replay::load(const QByteArray &file)
{
    const QString sha256 = crypto::sha256Hex(file);
    Result<formats::Asciicast> cast = formats::Asciicast::parse(file);
    if (!cast) {
        Q_EMIT failed(cast.error(), sha256);
        return;
    }
    m_cast = std::make_shared<const formats::Asciicast>(std::move(*cast));
    m_terminal = std::make_unique<Terminal>(m_cast->columns, m_cast->rows);
    m_index.follow(*m_terminal);
    m_other = m_terminal->save();
    keep(0);
    Q_EMIT loaded(m_cast, sha256);
    later();
}

void Replay::show(qint64 at, quint64 ticket)
{
    if (!m_cast)
        return;
    const auto &events = m_cast->events;
    const auto end = std::upper_bound(events.cbegin(), events.cend(), at, [](qint64 time, const auto &event) { return time < event.at; });
    m_wanted = Wanted{at, ticket, end - events.cbegin()};
    startShow();
    later();
}

/// Goes on from what is shown, or from a keyframe where one is nearer or it lies ahead.
void Replay::startShow()
{
    use(false);
    const auto after = std::upper_bound(m_keyframes.cbegin(), m_keyframes.cend(), m_wanted->event, [](qsizetype event, const Keyframe &frame) { return event < frame.event; });
    const Keyframe &nearest = *std::prev(after);
    const bool passed = m_shown.event > m_wanted->event || (m_shown.event == m_wanted->event && m_shown.offset > 0);
    if (!passed && nearest.event <= m_shown.event)
        return;
    m_terminal->restore(nearest.state);
    m_shown = {nearest.event, 0};
}

void Replay::search(const QString &text, quint64 ticket)
{
    m_searched = text;
    m_searchTicket = ticket;
    m_searchedTo = 0;
    m_seen.clear();
    m_hits.clear();
    m_toldHits = -1;
    m_toldWhole = false;
    if (m_cast)
        later();
}

void Replay::later()
{
    if (!std::exchange(m_scheduled, true))
        QMetaObject::invokeMethod(this, &Replay::turn, Qt::QueuedConnection);
}

void Replay::turn()
{
    m_scheduled = false;
    const qint64 until = replayNow() + sliceTime;
    if (m_wanted)
        showSlice(until);
    const bool indexing = m_indexed.event < m_cast->events.size();
    if (!m_wanted && indexing)
        indexSlice(until);
    if (!m_wanted && !m_searched.isEmpty())
        searchSlice(until + sliceTime / 2);
    if (m_wanted || m_indexed.event < m_cast->events.size() || (!m_searched.isEmpty() && !m_toldWhole))
        later();
}

void Replay::use(bool forIndex)
{
    if (m_forIndex == forIndex)
        return;
    const Terminal::State mine = m_terminal->save();
    m_terminal->restore(m_other);
    m_other = mine;
    m_forIndex = forIndex;
    m_index.setListening(forIndex);
}

bool Replay::feed(Place &place, qsizetype end)
{
    if (place.event >= end)
        return false;
    const formats::Asciicast::Event &event = m_cast->events.at(place.event);
    using Kind = formats::Asciicast::Kind;
    if (event.kind() == Kind::Output) {
        const QByteArrayView left = m_cast->textOf(event).sliced(place.offset);
        const qsizetype size = std::min(left.size(), pieceBytes);
        m_terminal->feed(left.first(size));
        place.offset += size;
        if (m_forIndex)
            m_sinceKeyframe += size;
        if (size < left.size())
            return true;
    } else if (event.kind() == Kind::Resize) {
        m_terminal->resize(event.columns(), event.rows());
    }
    ++place.event;
    place.offset = 0;
    return true;
}

void Replay::showSlice(qint64 until)
{
    use(false);
    while (feed(m_shown, m_wanted->event)) {
        if (replayNow() >= until)
            return;
    }
    const Wanted wanted = *m_wanted;
    m_wanted.reset();
    Q_EMIT shown(m_terminal->frame(), wanted.at, wanted.ticket);
}

void Replay::indexSlice(qint64 until)
{
    use(true);
    const auto &events = m_cast->events;
    do {
        const qint64 at = events.at(m_indexed.event).at;
        feed(m_indexed, events.size());
        if (m_indexed.offset > 0)
            continue;
        // One look for all that came at the same moment.
        if (m_indexed.event == events.size() || events.at(m_indexed.event).at != at)
            m_index.note(at);
        if (m_sinceKeyframe >= m_interval)
            keep(m_indexed.event);
    } while (m_indexed.event < events.size() && replayNow() < until);
}

void Replay::keep(qsizetype event)
{
    m_sinceKeyframe = 0;
    m_keyframes.append({event, m_terminal->save()});
    m_keyframeBytes += m_keyframes.last().state.size();
    if (m_keyframeBytes <= keyframeMemory || m_keyframes.size() < 3)
        return;
    // Too many: every second one goes, and they come half as often.
    QVector<Keyframe> thinned;
    m_keyframeBytes = 0;
    for (qsizetype i = 0; i < m_keyframes.size(); i += 2) {
        m_keyframeBytes += m_keyframes[i].state.size();
        thinned.append(std::move(m_keyframes[i]));
    }
    m_keyframes = std::move(thinned);
    m_interval *= 2;
}

void Replay::searchSlice(qint64 until)
{
    while (m_searchedTo < m_index.size() && replayNow() < until) {
        m_index.search(m_searched, m_searchedTo, entriesAtOnce, m_seen, m_hits);
        m_searchedTo = std::min(m_searchedTo + entriesAtOnce, m_index.size());
    }
    const bool whole = m_indexed.event >= m_cast->events.size() && m_searchedTo >= m_index.size();
    if (whole || m_hits.size() > std::max<qsizetype>(0, m_toldHits))
        tellFound(whole);
}

void Replay::tellFound(bool whole)
{
    if (m_toldWhole)
        return;
    m_toldHits = m_hits.size();
    m_toldWhole = whole;
    Q_EMIT found(m_searchTicket, m_hits, whole, m_index.isFull());
}

} // namespace parapet::terminal
