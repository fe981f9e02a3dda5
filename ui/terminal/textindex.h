// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/terminal/terminal.h"

#include <QtCore/QVector>

namespace parapet::terminal {

/// Where a searched text came into sight.
struct Hit {
    qint64 at = 0; ///< microseconds since the start
    QString line;  ///< the whole line as it was then, inert
    friend bool operator==(const Hit &, const Hit &) = default;
};

/// Every line of text that a terminal showed, with the moment at which it came to be. Fed by a terminal's watcher; what a line was
/// before is known of each, so that a line that grows while it is typed gives one hit and not one a letter.
class TextIndex
{
public:
    static constexpr qsizetype maximumText = 24 * 1024 * 1024; ///< characters; later lines are not in it

    /// Begins anew with this terminal, which must outlive the index and tells nobody else.
    void follow(Terminal &terminal);
    /// What the terminal does meanwhile is not part of the recording's course: it is only being looked at elsewhere.
    void setListening(bool listening) { m_listening = listening; }
    /// Notes what changed since the last call as having happened at that moment.
    void note(qint64 at);

    bool isFull() const { return m_full; }
    qsizetype size() const { return m_entries.size(); }

    /// The moments at which a line came to hold `text`, case left aside: entries from `first`, at most `count` of them; hits are
    /// appended. `seen` belongs to one search, and begins empty.
    void search(const QString &text, qsizetype first, qsizetype count, QVector<bool> &seen, QVector<Hit> &hits) const;

private:
    struct Entry {
        qint64 at;
        qint32 first;
        qint32 length;
        qint32 before; ///< what stood in that line until then; -1: nothing
    };
    qint32 add(const QString &text, qint64 at, qint32 before);
    QStringView textOf(const Entry &entry) const { return QStringView(m_text).mid(entry.first, entry.length); }

    Terminal *m_terminal = nullptr;
    QVector<qint32> m_rows;   ///< which entry each row of the screen shows; -1: none
    QVector<qint32> m_noted;  ///< the same, as it was at the last note()
    QVector<bool> m_changed;  ///< rows
    QStringList m_left;       ///< lines that went out at the top since the last note()
    QVector<Entry> m_entries;
    QString m_text;
    bool m_full = false;
    bool m_listening = true;
};

} // namespace parapet::terminal
