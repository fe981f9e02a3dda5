// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/pagedmodelbase.h"

namespace parapet {

using namespace std::chrono_literals;

namespace {

constexpr auto gatherTime = 30ms; ///< one drag of the scroll bar: 5 calls instead of 400
constexpr auto frameTime = 16ms;
constexpr auto outdatedTime = 1s;
constexpr Milliseconds longestRetry = 30s;
constexpr int mostWanted = 4;           ///< a view shows two pages at most; the rest was scrolled past
constexpr int mostRows = 2'000'000'000; ///< so that no position overflows an int

} // namespace

PagedModelBase::PagedModelBase(const Clock &clock, QObject *parent) : QAbstractTableModel(parent), m_clock(clock)
{
    for (QTimer *timer : {&m_askTimer, &m_dirtyTimer, &m_outdatedTimer, &m_retryTimer, &m_turnTimer})
        timer->setSingleShot(true);
    connect(&m_askTimer, &QTimer::timeout, this, &PagedModelBase::askWanted);
    connect(&m_dirtyTimer, &QTimer::timeout, this, &PagedModelBase::showChanges);
    connect(&m_outdatedTimer, &QTimer::timeout, this, &PagedModelBase::askAgain);
    connect(&m_retryTimer, &QTimer::timeout, this, &PagedModelBase::askAgain);
    connect(&m_turnTimer, &QTimer::timeout, this, &PagedModelBase::applyNext);
}

int PagedModelBase::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(std::min<qint64>(m_total.value(), mostRows));
}

void PagedModelBase::setQuery(const Query &query)
{
    if (query == m_query && m_state != State::Idle)
        return;
    m_query = query;
    reset();
    Q_EMIT queryChanged();
    enter(State::Loading);
    m_wanted = {0};
    askWanted();
}

void PagedModelBase::reset()
{
    abandonAll();
    beginResetModel();
    m_held.clear();
    m_wanted.clear();
    m_dirtyFirst = m_dirtyLast = -1;
    m_failures = 0;
    m_retryTimer.stop();
    m_outdatedTimer.stop();
    m_error.reset();
    m_failingSince = m_available ? Instant{} : m_failingSince;
    m_total = Count();
    dropAllRows();
    endResetModel();
    Q_EMIT totalChanged();
}

void PagedModelBase::forget()
{
    m_lastGood = m_failingSince = m_silentSince = {};
    reset();
    enter(m_available ? State::Loading : State::Idle);
    askAgain();
    Q_EMIT stateChanged();
}

void PagedModelBase::refresh()
{
    if (m_held.isEmpty() && m_available)
        enter(State::Loading);
    askAgain();
}

void PagedModelBase::askAgain()
{
    m_outdatedTimer.stop();
    m_retryTimer.stop();
    for (Held &held : m_held)
        held.old = true;
    for (UnderWay &asked : m_underWay)
        asked.old = true;
    // What was looked at last is asked for now; other old pages when they are looked at again.
    QVector<std::pair<quint64, int>> seen;
    for (auto it = m_held.cbegin(); it != m_held.cend(); ++it)
        seen.append({it->seen, it.key()});
    std::sort(seen.begin(), seen.end(), std::greater<>());
    m_wanted.clear();
    for (qsizetype i = std::min<qsizetype>(2, seen.size()) - 1; i >= 0; --i)
        m_wanted << seen[i].second;
    if (m_wanted.isEmpty())
        m_wanted << 0;
    askWanted();
}

void PagedModelBase::setAvailable(bool available)
{
    if (m_available == available)
        return;
    m_available = available;
    abandonAll(); // what is under way belongs to the source that went
    m_failures = 0;
    m_retryTimer.stop();
    if (available)
        refresh();
    else if (isKnown(m_lastGood) && !isKnown(m_failingSince))
        m_failingSince = m_clock.now();
    showAll();
    Q_EMIT stateChanged();
}

void PagedModelBase::setLive(bool live)
{
    m_live = live;
    if (live && std::exchange(m_missed, false))
        markOutdated();
}

void PagedModelBase::noteChange()
{
    if (m_live)
        markOutdated();
    else
        m_missed = true;
}

void PagedModelBase::followWatch(Watch *watch, const std::function<void(const QVector<ChangeEvent> &)> &hear)
{
    for (const QMetaObject::Connection &connection : std::exchange(m_watching, {}))
        disconnect(connection);
    if (!watch)
        return setSilentSince({});
    m_watching << connect(watch, &Watch::changed, this, hear);
    m_watching << connect(watch, &Watch::gapFound, this, &PagedModelBase::refresh);
    m_watching << connect(watch, &Watch::stateChanged, this, [this, watch] { hearWatch(*watch); });
    hearWatch(*watch);
}

void PagedModelBase::hearWatch(const Watch &watch)
{
    if (watch.state() == Watch::State::Live)
        setSilentSince({});
    else if (watch.state() == Watch::State::Broken && isKnown(watch.lastHeard()))
        setSilentSince(watch.lastHeard());
}

void PagedModelBase::setSilentSince(Instant since)
{
    if (m_silentSince == since)
        return;
    const bool turned = isKnown(m_silentSince) != isKnown(since);
    m_silentSince = since;
    if (turned)
        showAll();
    // What failed meanwhile was waiting for its next attempt: there is no reason to wait any longer.
    if (!isKnown(since) && m_state == State::Failed)
        askAgain();
    Q_EMIT stateChanged();
}

void PagedModelBase::touch(int row) const
{
    const int page = row / pageSize;
    const auto held = m_held.find(page);
    if (held != m_held.end()) {
        held->seen = ++m_tick;
        if (!held->old)
            return;
    }
    want(page);
}

void PagedModelBase::want(int page) const
{
    // A source that fails is asked again by the retry, not by every repaint.
    if (!m_available || m_state == State::Failed || m_underWay.contains(page))
        return;
    if (m_wanted.isEmpty() || m_wanted.last() != page) {
        m_wanted.removeOne(page);
        m_wanted << page;
    }
    if (m_wanted.size() > mostWanted)
        m_wanted.removeFirst();
    if (!m_askTimer.isActive())
        m_askTimer.start(gatherTime);
}

void PagedModelBase::askWanted()
{
    if (!m_available)
        return;
    QVector<int> pages = std::exchange(m_wanted, {});
    // After a jump nobody waits for the pages that were left behind.
    if (!pages.isEmpty())
        pages.removeIf([latest = pages.last()](int page) { return std::abs(page - latest) > mostWanted; });
    const QList<int> asked = m_underWay.keys();
    for (const int page : asked) {
        if (m_underWay.size() + pages.size() <= maximumUnderWay)
            break;
        if (!pages.contains(page)) {
            m_underWay.remove(page);
            abandon(page);
        }
    }
    for (auto page = pages.crbegin(); page != pages.crend(); ++page) {
        if (!m_underWay.contains(*page))
            ask(*page);
    }
}

void PagedModelBase::ask(int page)
{
    m_underWay.insert(page, {++m_ticket, false});
    fetch(page, m_ticket);
}

void PagedModelBase::abandonAll()
{
    const QList<int> asked = m_underWay.keys();
    m_underWay.clear();
    for (const int page : asked)
        abandon(page);
}

bool PagedModelBase::isCurrent(int page, quint64 ticket) const
{
    const auto asked = m_underWay.constFind(page);
    return asked != m_underWay.constEnd() && asked->ticket == ticket;
}

void PagedModelBase::arrived(int page, quint64 ticket, std::function<void()> apply)
{
    m_arrivals.push_back({page, ticket, std::move(apply)});
    if (!m_turnTimer.isActive())
        applyNext();
}

void PagedModelBase::applyNext()
{
    while (!m_arrivals.empty()) {
        const Arrival next = std::move(m_arrivals.front());
        m_arrivals.pop_front();
        if (!isCurrent(next.page, next.ticket))
            continue;
        m_turnTimer.start(0); // not a posted event: those are all handled in one turn
        next.apply();
        return;
    }
}

void PagedModelBase::resizeTo(Count total)
{
    const int before = rowCount();
    const int after = int(std::min<qint64>(total.value(), mostRows));
    // The page at the end ends elsewhere now.
    if (const auto edge = m_held.find(std::min(before, after) / pageSize); before != after && edge != m_held.end())
        edge->old = true;
    if (after > before) {
        beginInsertRows({}, before, after - 1);
        m_total = total;
        endInsertRows();
    } else if (after < before) {
        beginRemoveRows({}, after, before - 1);
        m_total = total;
        const QList<int> pages = m_held.keys();
        for (const int page : pages) {
            if (page * pageSize >= after) {
                m_held.remove(page);
                dropRows(page);
            }
        }
        endRemoveRows();
    }
    m_total = total;
}

PagedModelBase::Moves PagedModelBase::movesFor(int page, const QStringList &keys) const
{
    Moves moves;
    const QModelIndexList persistent = persistentIndexList();
    if (persistent.isEmpty())
        return moves;
    QHash<QString, int> places;
    for (int i = 0; i < keys.size(); ++i)
        places.insert(keys[i], page * pageSize + i);
    for (const QModelIndex &from : persistent) {
        const QString key = keyAt(from.row());
        const int place =
            key.isEmpty() ? from.row() : places.value(key, from.row() / pageSize == page ? -1 : from.row());
        if (place == from.row())
            continue;
        moves.any = true;
        moves.from << from;
        moves.to << (place < 0 ? QModelIndex() : index(place, from.column()));
    }
    return moves;
}

void PagedModelBase::loaded(int page, Count total, const QStringList &keys, const std::function<void()> &store)
{
    // Until its rows are stored the page counts as asked for: views look at it while the number of rows changes.
    const bool old = m_underWay.value(page).old;
    const bool wasStale = isStale();
    const bool wasReady = m_state == State::Ready;
    const bool totalDiffers = total != m_total;
    m_lastGood = m_clock.now();
    m_failingSince = {};
    m_error.reset();
    m_failures = 0;
    m_retryTimer.stop();
    resizeTo(total);
    const int rows = rowCount();
    const int first = page * pageSize;
    if (first < rows || page == 0) {
        const Moves moves = movesFor(page, keys);
        if (moves.any)
            Q_EMIT layoutAboutToBeChanged({}, VerticalSortHint);
        store();
        m_held[page] = {++m_tick, old};
        m_underWay.remove(page);
        if (moves.any) {
            changePersistentIndexList(moves.from, moves.to);
            Q_EMIT layoutChanged({}, VerticalSortHint);
        }
    }
    m_underWay.remove(page);
    enter(State::Ready);
    if (wasReady && wasStale != isStale())
        Q_EMIT stateChanged();
    if (totalDiffers)
        Q_EMIT totalChanged();
    const int last = std::min(rows, first + pageSize) - 1;
    if (wasStale)
        showAll();
    else if (last >= first)
        Q_EMIT dataChanged(index(first, 0), index(last, columnCount() - 1));
    if (last >= first)
        Q_EMIT pageLoaded(first, last);
    if (old)
        want(page);
    evict();
}

void PagedModelBase::failed(int page, const Error &error)
{
    m_underWay.remove(page);
    if (error.code == Error::Code::Cancelled)
        return;
    m_error = error;
    if (!isKnown(m_failingSince))
        m_failingSince = m_clock.now();
    // What the asker must change first is not asked again by itself; everything else, an answer that was garbage included, may be
    // better next time.
    const bool hopeless = error.code == Error::Code::Invalid || error.code == Error::Code::Unauthorized || error.code == Error::Code::Forbidden;
    if (!hopeless && !m_retryTimer.isActive()) {
        m_retryTimer.start(std::min<Milliseconds>(1s * (1 << std::min(m_failures, 5)), longestRetry));
        ++m_failures;
    }
    const bool first = m_state != State::Failed;
    enter(State::Failed);
    if (first)
        showAll();
}

void PagedModelBase::markDirty(int row)
{
    m_dirtyFirst = m_dirtyFirst < 0 ? row : std::min(m_dirtyFirst, row);
    m_dirtyLast = std::max(m_dirtyLast, row);
    scheduleChanges();
}

void PagedModelBase::scheduleChanges()
{
    if (!m_dirtyTimer.isActive())
        m_dirtyTimer.start(frameTime);
}

void PagedModelBase::markOutdated()
{
    // What is under way may have been answered before the change.
    for (UnderWay &asked : m_underWay)
        asked.old = true;
    if (m_available && !m_outdatedTimer.isActive())
        m_outdatedTimer.start(outdatedTime);
}

void PagedModelBase::showChanges()
{
    const bool more = takeChanges();
    m_dirtyTimer.stop();
    if (more)
        m_dirtyTimer.start(0);
    // Many turns may take their part before a frame is due.
    if (more && m_sinceShown.isValid() && !m_sinceShown.hasExpired(frameTime.count()))
        return;
    m_sinceShown.start();
    const int first = std::exchange(m_dirtyFirst, -1);
    const int last = std::min(std::exchange(m_dirtyLast, -1), rowCount() - 1);
    if (first >= 0 && last >= first)
        Q_EMIT dataChanged(index(first, 0), index(last, columnCount() - 1));
}

void PagedModelBase::showAll()
{
    if (const int rows = rowCount(); rows > 0)
        Q_EMIT dataChanged(index(0, 0), index(rows - 1, columnCount() - 1));
}

void PagedModelBase::evict()
{
    while (m_held.size() > maximumPages) {
        const auto lessSeen = [](const Held &a, const Held &b) { return a.seen < b.seen; };
        const auto oldest = std::min_element(m_held.begin(), m_held.end(), lessSeen);
        const int page = oldest.key();
        m_held.erase(oldest);
        dropRows(page);
    }
}

void PagedModelBase::enter(State state)
{
    if (m_state == state)
        return;
    m_state = state;
    Q_EMIT stateChanged();
}

} // namespace parapet
