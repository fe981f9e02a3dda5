// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/eventnotes.h"

#include "models/core/json.h"
#include "models/core/reply.h"
#include "models/crypto/digest.h"
#include "models/crypto/privatefile.h"
#include "models/domain/tabletext.h"
#include "models/transparency/eventleaf.h"
#include "models/transparency/hash.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>

namespace parapet::fleet {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 largestNotes = 64 << 20; ///< 2,000 notes of 4,096 units, each at most six bytes of JSON

struct NotesRead {
    QVector<EventNote> notes;
    std::shared_ptr<QLockFile> lock; ///< null: another console holds it
    QString aside;                   ///< where a damaged file went
    QString trouble;                 ///< why it cannot be read, and is left alone
};

/// A note keeps its lines; everything else that could deceive is made visible once and for all.
QString inertLines(const QString &text)
{
    QStringList lines = text.split(u'\n');
    for (QString &line : lines)
        line = Untrusted(line).inert(int(EventNote::longestText));
    return lines.join(u'\n');
}

QJsonObject jsonOfNote(const EventNote &note)
{
    return {{u"action"_s, note.action},       {u"actor"_s, note.actor},
            {u"bookmarked"_s, note.bookmarked}, {u"changed"_s, toRfc3339(note.changed)},
            {u"index"_s, note.index},         {u"leafHash"_s, QString::fromLatin1(note.leaf.toHex())},
            {u"note"_s, note.text},   {u"time"_s, toRfc3339(note.time)}};
}

NotesRead readNotes(const QString &path, const QString &stamp)
{
    NotesRead out;
    QDir().mkpath(QFileInfo(path).path());
    QFile::setPermissions(QFileInfo(path).path(), QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    auto lock = std::make_shared<QLockFile>(path + u".lock"_s);
    lock->setStaleLockTime(0); // only a process that is gone lets go
    if (lock->tryLock())
        out.lock = std::move(lock);
    QFile file(path);
    if (!file.exists())
        return out;
    if (!file.open(QIODevice::ReadOnly)) {
        out.trouble = file.errorString();
        return out;
    }
    const QByteArray bytes = file.read(largestNotes + 1);
    Result<QVector<EventNote>> notes = EventNotes::fromBytes(bytes);
    if (notes) {
        out.notes = *std::move(notes);
    } else if (!out.lock) {
        out.trouble = notes.error().message;
    } else {
        const QString aside = path + u".damaged-"_s + stamp;
        if (file.rename(aside))
            out.aside = aside;
        else
            out.trouble = file.errorString();
    }
    return out;
}

} // namespace

bool EventNote::isOf(const AuditEvent &event) const
{
    return event.index == index && transparency::toBytes(transparency::leafHash(transparency::leafOf(event))) == leaf;
}

QByteArray EventNotes::toBytes(const QVector<EventNote> &notes)
{
    QJsonArray array;
    for (const EventNote &note : notes)
        array.append(jsonOfNote(note));
    const QByteArray body = canonicalJson(array);
    // A digest of its own: what was cut, or written over by something else, is not taken for fewer notes.
    return canonicalJson(QJsonObject{{u"format"_s, u"parapet-notes-1"_s}, {u"notes"_s, array}, {u"sha256"_s, crypto::sha256Hex(body)}});
}

Result<QVector<EventNote>> EventNotes::fromBytes(QByteArrayView bytes)
{
    const auto damaged = [](const char *why) {
        return fail(Error::Code::Storage, QCoreApplication::translate("fleet", "The file of bookmarks and notes is damaged."), QLatin1String(why));
    };
    const auto json = parseJson(bytes, {.bytes = largestNotes, .depth = 8});
    if (!json || !json->isObject())
        return damaged("not JSON");
    const QJsonArray array = json->toObject().value("notes"_L1).toArray();
    if (json->toObject().value("format"_L1) != u"parapet-notes-1"_s || array.size() > most)
        return damaged("another format");
    if (json->toObject().value("sha256"_L1) != crypto::sha256Hex(canonicalJson(array)))
        return damaged("its digest is another");
    QVector<EventNote> notes;
    for (const QJsonValue &value : array) {
        const QJsonObject object = value.toObject();
        const auto text = [&](const char *name) { return object.value(QLatin1String(name)).toString(); };
        EventNote note;
        note.index = object.value("index"_L1).toInteger(-1);
        note.leaf = QByteArray::fromHex(text("leafHash").toLatin1());
        note.bookmarked = object.value("bookmarked"_L1).toBool();
        note.text = inertLines(text("note"));
        note.changed = fromRfc3339(text("changed")).value_or(Instant{});
        note.time = fromRfc3339(text("time")).value_or(Instant{});
        note.action = Untrusted(text("action")).inert(200);
        note.actor = Untrusted(text("actor")).inert(200);
        if (note.index < 0 || note.leaf.size() != 32 || note.text.size() > EventNote::longestText)
            return damaged("a note is none");
        notes.append(note);
    }
    return notes;
}

EventNotes::EventNotes(QString dataFolder, const Clock &clock, QObject *parent) : QObject(parent), m_dataFolder(std::move(dataFolder)), m_clock(clock)
{
    m_pool.setMaxThreadCount(1);
}

EventNotes::~EventNotes()
{
    if (std::exchange(m_dirty, false))
        write();
    m_pool.waitForDone();
}

QString EventNotes::path() const
{
    return u"%1/notes/%2.json"_s.arg(m_dataFolder, crypto::sha256Hex(m_id.toUtf8()).left(16));
}

void EventNotes::say(const QString &problem)
{
    if (std::exchange(m_problem, problem) != problem)
        Q_EMIT problemChanged();
}

void EventNotes::setSystem(const QString &id)
{
    if (id == m_id)
        return;
    if (std::exchange(m_dirty, false))
        write();
    ++m_generation;
    m_id = id;
    m_notes.clear();
    m_lock.reset();
    m_ready = m_readOnly = m_writing = false;
    say({});
    Q_EMIT changed(-1);
    if (id.isEmpty())
        return;
    auto promise = std::make_shared<QPromise<Result<NotesRead>>>();
    promise->start();
    const QString stamp = QDateTime::fromMSecsSinceEpoch(m_clock.now().time_since_epoch().count(), Qt::UTC).toString(u"yyyyMMdd'T'HHmmsszzz'Z'"_s);
    m_pool.start([promise, path = path(), stamp] {
        promise->addResult(readNotes(path, stamp));
        promise->finish();
    });
    deliver(this, promise->future(), [this, generation = m_generation](const Result<NotesRead> &read) {
        if (generation != m_generation || !read)
            return;
        for (const EventNote &note : read->notes)
            m_notes.insert(note.index, note);
        m_lock = read->lock;
        m_readOnly = !read->lock || !read->trouble.isEmpty();
        m_ready = true;
        if (!read->aside.isEmpty())
            say(tr("The file of bookmarks and notes was damaged. It is kept as %1; a new one was begun.").arg(Untrusted(read->aside).inert(240)));
        else if (!read->trouble.isEmpty())
            say(tr("The bookmarks and notes cannot be read, and are left as they are: %1").arg(read->trouble));
        else if (!read->lock)
            say(tr("Another console on this desk has the bookmarks and notes open: here they can only be read."));
        Q_EMIT changed(-1);
    });
}

QString EventNotes::obstacle() const
{
    if (m_id.isEmpty())
        return tr("No system is connected.");
    if (!m_ready)
        return tr("The bookmarks and notes are being read.");
    return m_readOnly ? m_problem : QString();
}

const EventNote *EventNotes::find(qint64 index) const
{
    const auto found = m_notes.constFind(index);
    return found == m_notes.cend() ? nullptr : &*found;
}

QVector<EventNote> EventNotes::all() const
{
    QVector<EventNote> notes(m_notes.cbegin(), m_notes.cend());
    std::sort(notes.begin(), notes.end(), [](const EventNote &a, const EventNote &b) { return a.index > b.index; });
    return notes;
}

QVector<qint64> EventNotes::bookmarked() const
{
    QVector<qint64> indexes;
    for (const EventNote &note : m_notes) {
        if (note.bookmarked)
            indexes.append(note.index);
    }
    std::sort(indexes.begin(), indexes.end());
    return indexes;
}

Status EventNotes::mayChange(const AuditEvent &event) const
{
    if (const QString why = obstacle(); !why.isEmpty())
        return fail(Error::Code::Conflict, why);
    if (event.index < 0)
        return fail(Error::Code::Invalid, tr("Only an event of the log can be remarked on."));
    if (!m_notes.contains(event.index) && m_notes.size() >= most)
        return fail(Error::Code::Invalid, tr("There are already %1 bookmarks and notes. Export them and remove some first.").arg(most));
    return {};
}

EventNote &EventNotes::noteOf(const AuditEvent &event)
{
    EventNote &note = m_notes[event.index];
    // Bound to what it was made on first: a later change of the note does not move it to another event.
    if (note.index < 0) {
        note.index = event.index;
        note.leaf = transparency::toBytes(transparency::leafHash(transparency::leafOf(event)));
        note.time = event.time;
        note.action = Untrusted(event.action).inert(200);
        note.actor = event.actorName.inert(200);
    }
    note.changed = m_clock.now();
    return note;
}

Status EventNotes::setBookmarked(const AuditEvent &event, bool bookmarked)
{
    const EventNote *known = find(event.index);
    if ((known && known->bookmarked) == bookmarked)
        return {};
    if (Status may = mayChange(event); !may)
        return may;
    noteOf(event).bookmarked = bookmarked;
    settle(event.index);
    return {};
}

Status EventNotes::setText(const AuditEvent &event, const QString &text)
{
    const EventNote *known = find(event.index);
    const QString wanted = inertLines(text);
    if ((known ? known->text : QString()) == wanted)
        return {};
    if (wanted.size() > EventNote::longestText)
        return fail(Error::Code::Invalid, tr("A note has at most %1 characters.").arg(EventNote::longestText));
    if (Status may = mayChange(event); !may)
        return may;
    noteOf(event).text = wanted;
    settle(event.index);
    return {};
}

Status EventNotes::remove(qint64 index)
{
    if (const QString why = obstacle(); !why.isEmpty())
        return fail(Error::Code::Conflict, why);
    if (m_notes.remove(index) > 0)
        settle(index);
    return {};
}

Status EventNotes::restore(const EventNote &note)
{
    AuditEvent place;
    place.index = note.index;
    if (Status may = mayChange(place); !may)
        return may;
    m_notes.insert(note.index, note);
    settle(note.index);
    return {};
}

void EventNotes::settle(qint64 index)
{
    if (const auto found = m_notes.constFind(index); found != m_notes.cend() && found->isEmpty())
        m_notes.erase(found);
    save();
    Q_EMIT changed(index);
}

void EventNotes::save()
{
    m_dirty = true;
    if (!m_writing)
        write();
}

void EventNotes::write()
{
    m_dirty = false;
    m_writing = true;
    auto promise = std::make_shared<QPromise<Result<void>>>();
    promise->start();
    deliver(this, promise->future(), [this, generation = m_generation](const Result<void> &written) {
        if (generation != m_generation)
            return;
        m_writing = false;
        if (!written) {
            m_unsaved = true;
            say(tr("The bookmarks and notes could not be saved: %1 They are tried again with the next change.").arg(written.error().message));
        } else if (std::exchange(m_unsaved, false)) {
            say({});
        }
        if (m_dirty)
            write();
    });
    m_pool.start([promise, path = path(), notes = all(), lock = m_lock] {
        promise->addResult(crypto::writePrivateFile(path, toBytes(notes)));
        promise->finish();
    });
}

QByteArray EventNotes::toJsonLines(const QVector<EventNote> &notes)
{
    QByteArray out;
    for (const EventNote &note : notes)
        out += canonicalJson(jsonOfNote(note)) + '\n';
    return out;
}

QByteArray EventNotes::toCsv(const QVector<EventNote> &notes)
{
    QString out = csvRow({u"index"_s, u"leafHash"_s, u"time"_s, u"actor"_s, u"action"_s, u"bookmarked"_s, u"note"_s, u"changed"_s});
    for (const EventNote &note : notes) {
        out += csvRow({QString::number(note.index), QString::fromLatin1(note.leaf.toHex()), toRfc3339(note.time), note.actor, note.action,
                       note.bookmarked ? u"true"_s : u"false"_s, note.text, toRfc3339(note.changed)});
    }
    return out.toUtf8();
}

} // namespace parapet::fleet
