// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/logfollower.h"

#include "models/crypto/digest.h"
#include "models/fleet/logwork.h"
#include "models/transparency/eventleaf.h"

#include <QtCore/QCoreApplication>

namespace parapet::fleet {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using transparency::TileId;

namespace {

constexpr auto gatherPause = 1s;   ///< the least time between two looks that events ask for
constexpr auto lookAgain = 3s;     ///< a log may sign a little later than it answers
constexpr int mostRounds = 64;     ///< of fetching what is still missing: a tile level each is four
constexpr int mostUncovered = 1'000;
constexpr int mostExamined = 16; ///< of the rows that fail together

bool isSameEvent(const AuditEvent &a, const AuditEvent &b)
{
    for (const Field<AuditEvent> &field : fieldsOf<AuditEvent>()) {
        if (field.text ? *field.text(a) != *field.text(b) : field.number(a) != field.number(b))
            return false;
    }
    return true;
}

} // namespace

LogFollower::LogFollower(QString dataFolder, const Clock &clock, QObject *parent) : QObject(parent), m_dataFolder(std::move(dataFolder)), m_clock(clock)
{
    for (QTimer *timer : {&m_pause, &m_later}) {
        timer->setSingleShot(true);
        connect(timer, &QTimer::timeout, this, &LogFollower::refresh);
    }
    enter(LogState::Off, tr("No system is connected."));
}

LogFollower::~LogFollower()
{
    if (m_work)
        m_work->pool().waitForDone();
}

QString LogFollower::keyName() const
{
    return m_logKey.section(u'+', 0, 1);
}

void LogFollower::setSystem(AuditStore *audit, Watch *watch, const QString &id, const QString &logKey)
{
    clearSystem();
    if (id != m_system || logKey != m_logKey)
        forget();
    m_system = id;
    m_logKey = logKey;
    if (!audit)
        return;
    const auto pinned = crypto::NoteVerifier::parse(logKey);
    if (!pinned) {
        enter(LogState::Off, logKey.isEmpty() ? tr("No key of this system's log is pinned: add it to the connection to have the log verified.")
                                              : tr("The pinned key of this system's log cannot be read: %1").arg(pinned.error().message));
        return;
    }
    m_audit = audit;
    m_watch = watch;
    if (!m_work) {
        const QString folder = m_dataFolder + u"/log/"_s + crypto::sha256Hex(id.toUtf8()).left(16);
        m_work = std::make_unique<LogWork>(*pinned, folder);
    }
    if (watch) {
        m_following << connect(watch, &Watch::changed, this, &LogFollower::hear);
        m_following << connect(watch, &Watch::gapFound, this, &LogFollower::refresh);
        m_following << connect(watch, &Watch::stateChanged, this, [this, watch] {
            if (watch->state() == Watch::State::Live)
                refresh();
        });
    }
    if (!m_conflict)
        enter(m_checkpoint ? LogState::Stale : LogState::Waiting, m_checkpoint ? tr("The log is asked again.") : QString());
    refresh();
}

void LogFollower::clearSystem()
{
    for (const QMetaObject::Connection &connection : std::exchange(m_following, {}))
        disconnect(connection);
    ++m_generation;
    m_audit = nullptr;
    m_watch = nullptr;
    m_pause.stop();
    m_later.stop();
    m_tasks.clear();
    m_running = m_refreshQueued = false;
    for (const std::weak_ptr<Given> &given : std::exchange(m_given, {})) {
        if (const auto held = given.lock())
            held->giveUp();
    }
    if (m_state == LogState::Verified)
        enter(LogState::Stale, tr("The connection is closed."));
    else if (m_state == LogState::Waiting)
        enter(LogState::Off, tr("No system is connected."));
}

void LogFollower::forget()
{
    ++m_generation;
    if (m_work)
        m_work->pool().waitForDone();
    m_work.reset();
    m_tasks.clear();
    m_running = m_refreshQueued = false;
    m_checkpoint.reset();
    m_conflict.reset();
    m_accused.clear();
    m_rows.clear();
    m_order.clear();
    m_failures.clear();
    m_failed.clear();
    m_copies.clear();
    m_copyOrder.clear();
    m_uncovered.clear();
    enter(LogState::Off, tr("No system is connected."));
    Q_EMIT changed();
}

void LogFollower::acknowledge()
{
    if (!isGoodAgain())
        return;
    m_conflict.reset();
    m_state = LogState::Waiting;
    enter(LogState::Verified);
}

void LogFollower::enter(LogState state, const QString &reason)
{
    // What was found wrong outweighs that all seems well now.
    if (m_conflict)
        state = LogState::Refused;
    const bool same = state == m_state && reason == m_reason;
    if (state != m_state || !isKnown(m_since))
        m_since = m_clock.now();
    m_state = state;
    m_reason = state == LogState::Refused && m_conflict ? m_conflict->title : reason;
    if (!same || state == LogState::Verified)
        Q_EMIT changed();
}

void LogFollower::hear(const QVector<ChangeEvent> &changes)
{
    // Reads are events too, those of this console among them: to follow those would be to ask for ever.
    const auto tells = [](const ChangeEvent &change) {
        return change.kind == "event"_L1 && !isReadAction(change.object.value("action"_L1).toString());
    };
    if (!m_pause.isActive() && std::any_of(changes.begin(), changes.end(), tells)) {
        m_lookedAgain = false;
        m_pause.start(gatherPause);
    }
}

void LogFollower::enqueue(std::function<void()> task)
{
    m_tasks.push_back(std::move(task));
    if (!m_running)
        next();
}

void LogFollower::next()
{
    m_running = !m_tasks.empty();
    if (!m_running)
        return;
    const std::function<void()> task = std::move(m_tasks.front());
    m_tasks.pop_front();
    task();
}

template<class T>
void LogFollower::onThread(std::function<T(LogWork &)> job, std::function<void(T)> then)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    deliver(this, promise->future(), [this, generation = m_generation, then = std::move(then)](Result<T> result) {
        if (generation == m_generation && result)
            then(std::move(*result));
    });
    // The work outlives its jobs: whoever deletes it waits for them.
    m_work->pool().start([promise, job = std::move(job), work = m_work.get()] {
        promise->addResult(job(*work));
        promise->finish();
    });
}

void LogFollower::fetchResource(const QString &path, std::function<void(Result<QByteArray>)> then)
{
    deliver(this, m_audit->published(path), [this, generation = m_generation, then = std::move(then)](const Result<QByteArray> &answer) {
        if (generation == m_generation)
            then(answer);
    });
}

void LogFollower::fetchOne(const TileId &tile, bool full, std::function<void(Result<std::optional<QByteArray>>)> then)
{
    fetchResource((full ? tile.full() : tile).path(), [this, tile, full, then = std::move(then)](Result<QByteArray> bytes) {
        if (bytes)
            return then(std::optional(std::move(*bytes)));
        if (bytes.error().code != Error::Code::NotFound)
            return then(fail(bytes.error()));
        // A partial tile may be gone once it has become full.
        if (!full && !tile.isFull())
            return fetchOne(tile, true, then);
        then(std::optional<QByteArray>());
    });
}

void LogFollower::fetch(const Tiles &tiles, std::function<void(Result<Fetched>)> then)
{
    struct Gathering {
        Fetched got;
        qsizetype open = 0;
        std::optional<Error> error;
    };
    auto gathering = std::make_shared<Gathering>();
    gathering->open = tiles.size();
    if (tiles.isEmpty())
        return then(Fetched());
    for (const TileId &tile : tiles) {
        fetchOne(tile, false, [gathering, tile, then](Result<std::optional<QByteArray>> bytes) {
            if (!bytes)
                gathering->error = bytes.error();
            else
                gathering->got.append({tile, std::move(*bytes)});
            if (--gathering->open > 0)
                return;
            then(gathering->error ? Result<Fetched>(fail(*gathering->error)) : Result<Fetched>(std::move(gathering->got)));
        });
    }
}

template<class T>
void LogFollower::question(std::function<Tiles(LogWork &)> missing, std::function<Result<T>(LogWork &)> answer, std::function<void(Result<T>)> then, int rounds)
{
    onThread<Tiles>(missing, [this, missing, answer, then, rounds](Tiles wanted) {
        if (wanted.isEmpty())
            return onThread<Result<T>>([answer](LogWork &work) { return answer(work); }, then);
        if (rounds >= mostRounds)
            return then(fail(Error::Code::Protocol, tr("The log's tiles do not lead anywhere.")));
        fetch(wanted, [this, missing, answer, then, rounds](Result<Fetched> got) {
            if (!got)
                return then(fail(got.error()));
            const bool withheld = std::any_of(got->begin(), got->end(), [](const auto &one) { return !one.second; });
            if (withheld)
                return then(fail(Error::Code::NotFound, tr("The log does not show the tiles that would prove this.")));
            onThread<bool>(
                [got = std::move(*got)](LogWork &work) {
                    for (const auto &[tile, bytes] : got) {
                        // A tile of the wrong length is as good as none: it is asked for again, and the rounds are bounded.
                        if (transparency::TileReader *reader = work.reader(); reader && !reader->add(tile, *bytes) && !tile.isFull())
                            (void)reader->add(tile.full(), *bytes);
                    }
                    return true;
                },
                [this, missing, answer, then, rounds](bool) { question<T>(missing, answer, then, rounds + 1); });
        });
    });
}

void LogFollower::refresh()
{
    if (m_refreshQueued || !m_audit || !m_work)
        return;
    m_pause.stop();
    m_later.stop();
    m_refreshQueued = true;
    enqueue([this] {
        m_refreshQueued = false;
        startRefresh();
    });
}

void LogFollower::startRefresh()
{
    onThread<Status>([](LogWork &work) { return work.resume(); }, [this](const Status &resumed) {
        if (!resumed) {
            enter(LogState::Stale, tr("What this console kept of the log cannot be used: %1").arg(resumed.error().message));
            return next();
        }
        fetchResource(u"checkpoint"_s, [this](const Result<QByteArray> &note) {
            if (!note) {
                unread(note.error());
                return next();
            }
            onThread<Tiles>(
                [note = *note, at = m_clock.now()](LogWork &work) {
                    work.offer(note, at);
                    return work.wanted();
                },
                [this](const Tiles &wanted) { advance(wanted, 0); });
        });
    });
}

void LogFollower::advance(const Tiles &wanted, int rounds)
{
    if (wanted.isEmpty())
        return judged();
    if (rounds >= mostRounds) {
        unread({Error::Code::Protocol, tr("The log's tiles do not lead anywhere."), {}, false});
        return next();
    }
    fetch(wanted, [this, rounds](const Result<Fetched> &got) {
        if (!got) {
            unread(got.error());
            return next();
        }
        onThread<Tiles>(
            [got = *got](LogWork &work) {
                for (const auto &[tile, bytes] : got)
                    work.supply(tile, bytes);
                return work.wanted();
            },
            [this, rounds](const Tiles &more) { advance(more, rounds + 1); });
    });
}

void LogFollower::judged()
{
    onThread<LogJudged>([](LogWork &work) { return work.judged(); }, [this](const LogJudged &judged) {
        takeJudgement(judged);
        next();
    });
}

void LogFollower::unread(const Error &why)
{
    if (why.code == Error::Code::Cancelled && !m_audit)
        return;
    enter(m_checkpoint ? LogState::Stale : LogState::Waiting, tr("The log's checkpoint cannot be read: %1").arg(why.message));
}

void LogFollower::check(const QVector<AuditEvent> &rows)
{
    if (!m_audit || !m_work || rows.isEmpty())
        return;
    m_lookedAgain = false;
    // What was proven is what stood there then: another event in the same place is not proven by that.
    for (const AuditEvent &row : rows) {
        if (proofOf(row.index) != RowProof::Verified)
            continue;
        const auto copy = m_copies.constFind(row.index);
        if (copy == m_copies.cend() || !isSameEvent(*copy, row))
            settle(row.index, RowProof::Unknown);
    }
    enqueue([this, rows] { checkRows(rows); });
}

void LogFollower::checkRows(const QVector<AuditEvent> &rows)
{
    if (!m_checkpoint) {
        for (const AuditEvent &row : rows) {
            if (m_uncovered.size() < mostUncovered)
                m_uncovered.insert(row.index, row);
        }
        return next();
    }
    question<LogChecked>(
        [rows](LogWork &work) { return work.missingFor(rows); }, [rows](LogWork &work) -> Result<LogChecked> { return work.check(rows); },
        [this, rows](const Result<LogChecked> &checked) {
            QVector<qint64> indexes;
            for (const AuditEvent &row : rows)
                indexes.append(row.index);
            if (!checked) {
                for (const AuditEvent &row : rows) {
                    // A proof that could not be fetched takes nothing back that was proven before.
                    if (proofOf(row.index) != RowProof::Verified && proofOf(row.index) != RowProof::Failed)
                        settle(row.index, RowProof::Unknown, checked.error().message);
                    if (m_uncovered.size() < mostUncovered)
                        m_uncovered.insert(row.index, row);
                }
                Q_EMIT rowsChecked(indexes);
                return next();
            }
            for (const AuditEvent &row : checked->verified) {
                settle(row.index, RowProof::Verified);
                remember(row);
            }
            for (const AuditEvent &row : checked->uncovered) {
                settle(row.index, RowProof::NotCovered);
                if (m_uncovered.size() < mostUncovered)
                    m_uncovered.insert(row.index, row);
            }
            for (const AuditEvent &row : checked->mismatched)
                settle(row.index, RowProof::Failed, tr("This event is not what the log signed."));
            Q_EMIT rowsChecked(indexes);
            if (!checked->uncovered.isEmpty() && !m_lookedAgain) {
                m_lookedAgain = true;
                m_later.start(lookAgain);
            }
            if (checked->mismatched.isEmpty())
                return next();
            // Beside another history every event of it fails: that is told once, of the log as a whole.
            if (m_conflict && m_conflict->leaf < 0 && !isGoodAgain())
                return next();
            examine(checked->mismatched.mid(0, mostExamined));
        });
}

void LogFollower::examine(const QVector<AuditEvent> &mismatched)
{
    const AuditEvent shown = mismatched.first();
    const auto goOn = [this, rest = mismatched.mid(1)] {
        if (rest.isEmpty())
            next();
        else
            examine(rest);
    };
    onThread<TileId>([index = shown.index](LogWork &work) { return index >= 0 && index < work.size() ? work.entriesWith(index) : TileId{}; }, [this, shown, goOn](TileId entries) {
        const auto prove = [this, shown, goOn, entries](const std::optional<QByteArray> &bundle) {
            question<LogExam>([index = shown.index](LogWork &work) { return work.missingForPaths({index}); },
                              [shown, entries, bundle, at = m_clock.now()](LogWork &work) -> Result<LogExam> { return work.examine(shown, entries, bundle, at); },
                              [this, shown, goOn](const Result<LogExam> &exam) {
                                  // What cannot be looked into now does not verify all the same.
                                  takeExam(shown, exam.value_or(LogExam{LogExam::Finding::AnswerDiffers, u"v1/events/%1"_s.arg(shown.index), {}, {}}));
                                  goOn();
                              });
        };
        if (!entries.isEntries())
            return prove(std::nullopt);
        fetchOne(entries, false, [prove](const Result<std::optional<QByteArray>> &bundle) { prove(bundle.value_or(std::nullopt)); });
    });
}

void LogFollower::questionAboutPath(const AuditEvent &event, std::function<void(Result<InclusionPath>)> then)
{
    question<InclusionPath>([index = event.index](LogWork &work) { return work.missingForPaths({index}); },
                            [event](LogWork &work) { return work.path(event); }, std::move(then));
}

void LogFollower::questionAboutRows(const QVector<AuditEvent> &rows, std::function<void(Result<ProvenRows>)> then)
{
    QVector<qint64> indexes;
    for (const AuditEvent &row : rows)
        indexes.append(row.index);
    question<ProvenRows>(
        [indexes, rows](LogWork &work) {
            Tiles missing = work.missingForPaths(indexes);
            for (const TileId &tile : work.missingFor(rows)) {
                if (!missing.contains(tile))
                    missing.append(tile);
            }
            return missing;
        },
        [rows](LogWork &work) { return work.prove(rows); }, std::move(then));
}

void LogFollower::questionAboutRoots(const QVector<qint64> &sizes, std::function<void(Result<QHash<qint64, transparency::Hash>>)> then)
{
    question<QHash<qint64, transparency::Hash>>([sizes](LogWork &work) { return work.missingForRoots(sizes); },
                                                [sizes](LogWork &work) { return work.rootsAt(sizes); }, std::move(then));
}

} // namespace parapet::fleet
