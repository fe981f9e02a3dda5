// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/count.h"
#include "models/core/error.h"
#include "models/core/instant.h"
#include "models/items/roles.h"
#include "models/ports/page.h"
#include "models/ports/watch.h"

#include <QtCore/QAbstractTableModel>
#include <QtCore/QElapsedTimer>
#include <QtCore/QHash>
#include <QtCore/QTimer>

#include <deque>
#include <functional>
#include <optional>

namespace parapet {

/// The part of a paged table that does not depend on the row's type: which pages are held, wanted, under way or old.
///
/// The number of rows is the source's total; only pages that were looked at are held, at most `maximumPages`, the least
/// recently seen go first. Wanted pages are gathered for 30 ms and the latest few are asked for, so that a drag of the
/// scroll bar makes a handful of calls. An answer to an earlier query is dropped. When the source fails, what is held
/// stays and answers StaleRole; a failure that may pass is tried again after 1 s, then 2, 4, … 30 s. Rows keep their
/// persistent indexes wherever a new answer puts them: a current row never turns into another one.
class PagedModelBase : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum class State { Idle, Loading, Ready, Failed };
    Q_ENUM(State)

    static constexpr int pageSize = 100;
    static constexpr int maximumPages = 24;
    static constexpr int maximumUnderWay = 4;

    explicit PagedModelBase(const Clock &clock, QObject *parent = nullptr);

    /// Another filter or order: everything held is dropped and the first page asked for.
    void setQuery(const Query &query);
    const Query &query() const { return m_query; }

    /// Asks again for what is looked at, and keeps showing it meanwhile.
    void refresh();
    /// Drops everything held: the source will be another one, whose rows these are not. The query stays.
    void forget();
    /// The source went away, or came back: what is held is marked old, or asked for again.
    void setAvailable(bool available);
    /// The source has not been heard since then: what is held may have changed unnoticed. Unknown: it is heard again.
    void setSilentSince(Instant since);
    /// Whether somebody looks: what noteChange() was told meanwhile is asked for when they do again.
    void setLive(bool live);

    State state() const { return m_state; }
    Count total() const { return m_total; }
    /// When the source last answered; unknown: never.
    Instant lastGood() const { return m_lastGood; }
    /// Since when it fails, is away or silent; unknown: all is well.
    Instant failingSince() const { return isKnown(m_failingSince) ? m_failingSince : m_silentSince; }
    const std::optional<Error> &error() const { return m_error; }
    /// A source that came back has to answer first.
    bool isStale() const { return m_state == State::Failed || !m_available || isKnown(failingSince()); }

    int rowCount(const QModelIndex &parent = {}) const override;

Q_SIGNALS:
    void stateChanged();
    void totalChanged();
    void queryChanged();
    /// A page's rows came or were replaced.
    void pageLoaded(int firstRow, int lastRow);

protected:
    /// Asks the source; ends in loaded() or failed() with the same ticket.
    virtual void fetch(int page, quint64 ticket) = 0;
    /// The answer is no longer wanted.
    virtual void abandon(int page) = 0;
    virtual void dropRows(int page) = 0;
    virtual void dropAllRows() = 0;
    /// The key of a held row, empty when it is not held.
    virtual QString keyAt(int row) const = 0;
    /// Brings some of the changes that were put off into the rows, in the time that a frame leaves for it; called before they are
    /// shown. True when more are left for the next turn of the event loop.
    virtual bool takeChanges() { return false; }

    /// data() calls this for every row it is asked for.
    void touch(int row) const;
    /// Whether the row's page came, though without this row.
    bool isShort(int row) const
    {
        const auto held = m_held.constFind(row / pageSize);
        return held != m_held.constEnd() && !held->old;
    }
    bool isCurrent(int page, quint64 ticket) const;
    /// An answer came: `apply` is called now, or in a later turn of the event loop when this one has had a page already, so that
    /// no frame waits for several. Answers that are no longer current are passed over.
    void arrived(int page, quint64 ticket, std::function<void()> apply);
    /// A page came: `store` puts its rows, which have these keys, in place of the old ones.
    void loaded(int page, Count total, const QStringList &keys, const std::function<void()> &store);
    void failed(int page, const Error &error);
    /// Rows changed in place: one dataChanged() in 16 ms, however many.
    void markDirty(int row);
    /// takeChanges() is called within 16 ms.
    void scheduleChanges();
    /// The order or the number of rows may have changed: one refresh soon, however often it is said.
    void markOutdated();
    /// The same, at once or when somebody looks.
    void noteChange();
    /// Follows a watch in place of the former one: `hear` gets its changes, a gap refreshes, and while it is broken what is held is
    /// as old as what it last heard. Null: no watch. Not owned; say so before it dies.
    void followWatch(Watch *watch, const std::function<void(const QVector<ChangeEvent> &)> &hear);

private:
    struct Held {
        quint64 seen = 0;
        bool old = false;
    };
    struct UnderWay {
        quint64 ticket = 0;
        bool old = false; ///< asked before something changed
    };
    struct Arrival {
        int page;
        quint64 ticket;
        std::function<void()> apply;
    };
    /// Persistent indexes and where they belong after an answer.
    struct Moves {
        QModelIndexList from;
        QModelIndexList to;
        bool any = false;
    };

    void hearWatch(const Watch &watch);
    void want(int page) const;
    void askWanted();
    void askAgain();
    void ask(int page);
    void abandonAll();
    void resizeTo(Count total);
    Moves movesFor(int page, const QStringList &keys) const;
    void showAll();
    void showChanges();
    void evict();
    void applyNext();
    void enter(State state);
    void reset();

    const Clock &m_clock;
    Query m_query;
    State m_state = State::Idle;
    bool m_available = false;
    Count m_total;
    Instant m_lastGood{};
    Instant m_failingSince{};
    Instant m_silentSince{};
    std::optional<Error> m_error;
    int m_failures = 0;
    quint64 m_ticket = 0;
    mutable quint64 m_tick = 0;
    mutable QHash<int, Held> m_held;
    mutable QVector<int> m_wanted; ///< the latest last
    QHash<int, UnderWay> m_underWay;
    mutable QTimer m_askTimer;
    QTimer m_dirtyTimer;
    QElapsedTimer m_sinceShown; ///< since the last dataChanged() of changes in place
    QTimer m_outdatedTimer;
    QTimer m_retryTimer;
    QTimer m_turnTimer; ///< runs until the turn in which a page was applied is over
    std::deque<Arrival> m_arrivals;
    int m_dirtyFirst = -1;
    int m_dirtyLast = -1;
    QVector<QMetaObject::Connection> m_watching;
    bool m_live = true;
    bool m_missed = false; ///< something changed while nobody looked
};

} // namespace parapet
