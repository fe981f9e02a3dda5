// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verify/wholelog.h"

#include <QtCore/QCoreApplication>

namespace parapet::verify {

using namespace Qt::StringLiterals;
using namespace transparency;
using evidence::Finding;

namespace {

struct LogText {
    Q_DECLARE_TR_FUNCTIONS(Verify)
};

/// Leaves whose tiles are in memory at once: 256 tiles, 2 MiB.
constexpr qint64 stretchLeaves = qint64(256) * TileId::fullWidth;
/// What is kept for a later run is kept after so many leaves.
constexpr qint64 keepLeaves = qint64(1) << 20;
/// After so many things that do not hold the rest is not read: they are as good as all.
constexpr qsizetype enoughReasons = 100;

void failWith(Finding &finding, const QString &why)
{
    finding.state = Finding::State::Fails;
    finding.why.append(why);
}

/// With the tiles that do not fit.
QString withPaths(const QString &words, const std::optional<ConflictBundle> &conflict)
{
    QStringList paths;
    for (const ConflictBundle::Fetched &tile : conflict ? conflict->fetched : QVector<ConflictBundle::Fetched>())
        paths.append(tile.path);
    return paths.isEmpty() ? words : u"%1 (%2)"_s.arg(words, paths.join(u' '));
}

} // namespace

WholeLog::WholeLog(crypto::NoteVerifier key, LogSource source, Save save, Progress progress)
    : m_key(key), m_source(std::move(source)), m_save(std::move(save)), m_progress(std::move(progress)), m_follower(std::move(key))
{
    m_signature = {u"signature"_s, Finding::State::NotChecked, LogText::tr("The checkpoint is signed by the log."), {}};
    m_consistency = {u"consistency"_s, Finding::State::NotChecked, LogText::tr("The log begins with all that it held before."), {}};
    m_tiles = {u"tiles"_s, Finding::State::NotChecked, LogText::tr("Each tile is what the signed root says."), {}};
    m_entries = {u"entries"_s, Finding::State::NotChecked, LogText::tr("Each entry is the one that was signed in its place."), {}};
    m_events = {u"events"_s, Finding::State::NotChecked, LogText::tr("Each event is in canonical form, and names its place."), {}};
    m_sequences = {u"sequences"_s, Finding::State::NotChecked, LogText::tr("The numbers of each origin are without gap."), {}};
}

bool WholeLog::isFailed() const
{
    for (const Finding *finding : {&m_signature, &m_consistency, &m_tiles, &m_entries, &m_events, &m_sequences}) {
        if (finding->state == Finding::State::Fails)
            return true;
    }
    return false;
}

bool WholeLog::isEnough() const
{
    return m_tiles.why.size() + m_entries.why.size() + m_events.why.size() + m_sequences.why.size() >= enoughReasons;
}

Result<Checked> WholeLog::check(const std::optional<VerifiedLog> &from, Instant now)
{
    Result<QByteArray> note = m_source.read(u"checkpoint"_s, Note::maximumBytes);
    if (!note)
        return fail(note.error());
    m_note = *std::move(note);
    m_now = now;
    if (const Status judged = judge(from); !judged)
        return fail(judged.error());
    if (!isFailed()) {
        const qint64 first = m_position;
        const Result<Step> read = readAll();
        if (!read) {
            // What was found right so far need not be read again. That it cannot be saved is not what ended the check.
            if (!isFailed() && m_reached > m_kept)
                (void)keep(m_reached);
            return fail(read.error());
        }
        if (*read == Step::Done)
            conclude(first);
        if (!m_conflict)
            m_conflict = conflictOfTiles(frame(), *m_follower.reader(), m_missing);
    } else {
        m_conflict = m_follower.conflict();
    }
    m_checked.report.findings = {m_signature, m_consistency, m_tiles, m_entries, m_events, m_sequences};
    return m_checked;
}

Status WholeLog::judge(const std::optional<VerifiedLog> &from)
{
    if (from) {
        m_before = {from->note, from->at};
        if (const Status resumed = m_follower.resume(*m_before); !resumed)
            return resumed;
        m_position = m_kept = m_reached = from->position;
        m_numbers = OriginNumbers(from->origins);
    } else {
        m_consistency.why.append(LogText::tr("Nothing is kept of an earlier run: see --state."));
    }
    if (const std::optional<Checkpoint> claimed = examineCheckpoint(m_note, m_key).claimed) {
        m_checked.state(LogText::tr("Log"), u"origin"_s, claimed->origin);
        m_checked.state(LogText::tr("Events"), u"size"_s, claimed->head.size);
        m_checked.state(LogText::tr("Root"), u"root"_s, QString::fromLatin1(toBase64(claimed->head.root)));
    }
    if (const Status judged = judgeCheckpoint(m_follower, m_source, m_note, m_now); !judged)
        return judged;
    const Judgement judgement = m_follower.judgement();
    m_signature.state = judgement.seen ? Finding::State::Holds : Finding::State::Fails;
    if (!judgement.seen)
        m_signature.why.append(judgement.words);
    else if (judgement.verdict == transparency::Verdict::Unproven)
        failWith(m_tiles, withPaths(judgement.words, m_follower.conflict()));
    else if (!isTrusted(judgement.verdict))
        failWith(m_consistency, judgement.words);
    else if (from)
        m_consistency.state = Finding::State::Holds;
    return {};
}

Result<WholeLog::Step> WholeLog::fetch(const QVector<TileId> &ids)
{
    Step step = Step::Done;
    for (TileId id : ids) {
        const Result<QByteArray> bytes = readTile(m_source, id);
        if (!bytes && bytes.error().code != Error::Code::NotFound)
            return fail(bytes.error());
        if (!bytes) {
            failWith(m_tiles, LogText::tr("%1 is missing.").arg(id.path()));
            m_missing.append(id);
        } else if (const Status added = m_follower.reader()->add(id, *bytes); !added) {
            failWith(m_tiles, added.error().message);
        } else {
            continue;
        }
        // Without a tile above, nothing below it can be proven.
        if (id.level > 0 || !id.isFull())
            step = Step::Stopped;
    }
    return step;
}

Result<WholeLog::Step> WholeLog::readAll()
{
    TileReader &reader = *m_follower.reader();
    const qint64 size = reader.head().size;
    if (const Result<Step> edge = fetch(reader.missingForEdge()); !edge || *edge == Step::Stopped)
        return edge;
    if (const Status proven = reader.proveEdge(); !proven) {
        failWith(m_tiles, u"%1 (%2)"_s.arg(proven.error().message, proven.error().detail));
        return Step::Stopped;
    }
    for (qint64 at = m_position; at < size;) {
        const qint64 to = std::min(size, (at / stretchLeaves + 1) * stretchLeaves);
        const Result<Step> step = readStretch(at, to);
        if (!step || *step == Step::Stopped)
            return step;
        at = to;
        if (!isFailed() && at - m_kept >= keepLeaves && at < size) {
            if (const Status saved = keep(at); !saved)
                return fail(saved.error());
        }
    }
    if (!isFailed()) {
        if (const Status saved = keep(size); !saved)
            return fail(saved.error());
    }
    return Step::Done;
}

Status WholeLog::keep(qint64 position)
{
    if (const Status saved = m_save({m_note, m_now, position, m_numbers.last()}); !saved)
        return saved;
    m_kept = position;
    m_saved = true;
    return {};
}

void WholeLog::announce(const QVector<TileId> &tiles, qint64 from, qint64 to)
{
    if (!m_source.announce)
        return;
    QVector<LogSource::Wanted> next;
    for (const TileId &id : tiles)
        next.append({id.path(), hashTileLimit});
    const qint64 size = m_follower.reader()->head().size;
    for (qint64 index = from / TileId::fullWidth; index * TileId::fullWidth < to; ++index)
        next.append({TileId{TileId::entriesLevel, index, tileWidth(0, index, size)}.path(), bundleLimit});
    m_source.announce(next);
}

Result<WholeLog::Step> WholeLog::readStretch(qint64 from, qint64 to)
{
    const QVector<TileId> tiles = m_follower.reader()->missingForLeaves(from, to);
    announce(tiles, from, to);
    const Result<Step> fetched = fetch(tiles);
    if (!fetched || *fetched == Step::Stopped)
        return fetched;
    for (qint64 index = from / TileId::fullWidth; index * TileId::fullWidth < to; ++index) {
        const Result<bool> right = readBundle(index);
        if (!right)
            return fail(right.error());
        if (*right)
            m_reached = std::min(to, (index + 1) * TileId::fullWidth);
        else
            m_numbers.lose();
        m_progress(std::min(to, (index + 1) * TileId::fullWidth), m_follower.reader()->head().size);
        // A tile above that is not right leaves all below it unproven.
        const QVector<TileReader::Refuted> &refuted = m_follower.reader()->refuted();
        const bool above = std::any_of(refuted.begin(), refuted.end(), [](const TileReader::Refuted &tile) { return tile.id.level > 0; });
        if (above || isEnough())
            return Step::Stopped;
    }
    return Step::Done;
}

Result<bool> WholeLog::readBundle(qint64 index)
{
    TileReader &reader = *m_follower.reader();
    if (const Status tile = reader.proveTile({0, index, 0}); !tile) {
        // One that is missing was named when it was asked for.
        if (tile.error().code != Error::Code::NotFound)
            failWith(m_tiles, tile.error().message);
        return false;
    }
    TileId id{TileId::entriesLevel, index, tileWidth(0, index, reader.head().size)};
    const Result<QByteArray> bytes = readTile(m_source, id);
    if (!bytes && bytes.error().code != Error::Code::NotFound)
        return fail(bytes.error());
    if (!bytes) {
        failWith(m_entries, LogText::tr("%1 is missing.").arg(id.path()));
        return false;
    }
    const Result<QVector<QByteArrayView>> entries = reader.proveEntries(id, *bytes);
    if (!entries) {
        failWith(m_entries, u"%1: %2"_s.arg(id.path(), entries.error().message));
        if (!m_conflict) {
            Result<std::optional<ConflictBundle>> shown = conflictOfEntry(frame(), reader, m_source, id, *bytes);
            if (!shown)
                return fail(shown.error());
            m_conflict = *std::move(shown);
        }
        return false;
    }
    qint64 place = index * TileId::fullWidth;
    for (const QByteArrayView entry : *entries) {
        if (place >= m_position)
            lookAt(entry, place);
        ++place;
    }
    return true;
}

void WholeLog::lookAt(QByteArrayView entry, qint64 index)
{
    ++m_read;
    const EventRead read = readEvent(entry, index);
    if (!read.wrong.isEmpty())
        failWith(m_events, read.wrong);
    if (!read.event) {
        ++m_others;
        return;
    }
    if (const QString gap = m_numbers.follow(*read.event); !gap.isEmpty())
        failWith(m_sequences, gap);
}

void WholeLog::conclude(qint64 first)
{
    for (Finding *finding : {&m_tiles, &m_entries, &m_events, &m_sequences}) {
        if (finding->state == Finding::State::NotChecked)
            finding->state = Finding::State::Holds;
    }
    if (m_sequences.state == Finding::State::Holds && !m_numbers.isWhole()) {
        m_sequences.state = Finding::State::NotChecked;
        m_sequences.why.append(LogText::tr("Not all numbers could be followed."));
    }
    if (first > 0)
        m_checked.state(LogText::tr("Known before"), u"verifiedBefore"_s, first);
    m_checked.state(LogText::tr("Read now"), u"entriesRead"_s, m_read);
    if (m_others > 0)
        m_checked.state(LogText::tr("No events"), u"otherEntries"_s, m_others);
}

} // namespace parapet::verify
