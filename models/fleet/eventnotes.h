// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "models/domain/auditevent.h"

#include <QtCore/QHash>
#include <QtCore/QLockFile>
#include <QtCore/QObject>
#include <QtCore/QThreadPool>
#include <QtCore/QVector>

#include <memory>

namespace parapet::fleet {

/// What this desk remarked on one event. It is bound to what stood there then: the leaf's hash.
struct EventNote {
    static constexpr qsizetype longestText = 4096; ///< UTF-16 code units

    qint64 index = -1;
    QByteArray leaf; ///< RFC 6962 leaf hash of the event's canonical form when it was remarked on, 32 bytes
    bool bookmarked = false;
    QString text;    ///< plain text, inert line by line: safe to draw
    Instant changed{};
    Instant time{}; ///< of the event, and who did what: so that the list says something without asking
    QString action;
    QString actor;   ///< inert

    bool isEmpty() const { return !bookmarked && text.isEmpty(); }
    /// Whether the event that is shown in its place now is the one that was remarked on.
    bool isOf(const AuditEvent &event) const;
    friend bool operator==(const EventNote &a, const EventNote &b)
    {
        return a.index == b.index && a.leaf == b.leaf && a.bookmarked == b.bookmarked && a.text == b.text && a.changed == b.changed;
    }
};

/// Bookmarks and notes on the events of one system, kept on this desk alone (resources/formats/console-notes.md): private, not in
/// the log, and evidence of nothing. One file a system, written whole after each change, beside the GUI thread. A file that is
/// damaged is set aside, never overwritten; where another console holds it, nothing can be changed here.
class EventNotes : public QObject
{
    Q_OBJECT

public:
    static constexpr int most = 2'000;

    /// Files go to DATA/notes/….
    EventNotes(QString dataFolder, const Clock &clock, QObject *parent = nullptr);
    /// Waits for the disk.
    ~EventNotes() override;

    /// `id` tells the system from others (the pin of its authority); empty: none. What is on the way is written first.
    void setSystem(const QString &id);
    /// The file was read: before that nothing is known and nothing can be changed.
    bool isReady() const { return m_ready; }
    /// What is wrong, in a sentence: a damaged file and where it is kept now, one that cannot be written, another console that holds
    /// it. Empty: nothing.
    const QString &problem() const { return m_problem; }
    /// Why nothing can be changed, in a sentence; empty: it can.
    QString obstacle() const;

    const EventNote *find(qint64 index) const;
    /// By index, newest event first.
    QVector<EventNote> all() const;
    /// The indexes of the bookmarked events, ascending.
    QVector<qint64> bookmarked() const;

    /// Invalid when there is no room for more, or the text is too long; Conflict with obstacle(). A note with neither text nor
    /// bookmark is gone.
    Status setBookmarked(const AuditEvent &event, bool bookmarked);
    Status setText(const AuditEvent &event, const QString &text);
    Status remove(qint64 index);
    /// Takes a removed one back as it was.
    Status restore(const EventNote &note);

    /// The whole as a file: for export. One JSON object a line: index, leafHash (hex), time, action, actor, bookmarked, note, changed.
    static QByteArray toJsonLines(const QVector<EventNote> &notes);
    /// The same as CSV (RFC 4180), with its header.
    static QByteArray toCsv(const QVector<EventNote> &notes);

    /// The file's bytes and back. Storage when it is damaged.
    static QByteArray toBytes(const QVector<EventNote> &notes);
    static Result<QVector<EventNote>> fromBytes(QByteArrayView bytes);
    QString path() const;

Q_SIGNALS:
    /// One event's note; −1: all of them.
    void changed(qint64 index);
    void problemChanged();

private:
    EventNote &noteOf(const AuditEvent &event);
    Status mayChange(const AuditEvent &event) const;
    void settle(qint64 index);
    void save();
    void write();
    void say(const QString &problem);

    QString m_dataFolder;
    const Clock &m_clock;
    QString m_id;
    QHash<qint64, EventNote> m_notes;
    bool m_ready = false;
    bool m_readOnly = false;
    QString m_problem;
    quint64 m_generation = 0;
    bool m_writing = false;
    bool m_dirty = false;
    bool m_unsaved = false; ///< the last write failed, and problem() says so
    std::shared_ptr<QLockFile> m_lock; ///< shared with jobs: it stays until the last one was written
    QThreadPool m_pool;
};

} // namespace parapet::fleet
