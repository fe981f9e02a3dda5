// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/terminal/textindex.h"

#include "models/core/untrusted.h"

#include <algorithm>

namespace parapet::terminal {

namespace {

constexpr int mostHits = 10'000;
constexpr int longestLine = 400; ///< of a hit, to be shown

} // namespace

void TextIndex::follow(Terminal &terminal)
{
    *this = {};
    m_terminal = &terminal;
    m_rows.fill(-1, terminal.rows());
    m_changed.fill(false, terminal.rows());
    Terminal::Watcher watcher;
    watcher.rowsChanged = [this](int from, int to) {
        for (int row = std::max(0, from); m_listening && row < std::min<int>(to, int(m_changed.size())); ++row)
            m_changed[row] = true;
    };
    watcher.rowsMoved = [this](int from, int to, int by) {
        if (!m_listening)
            return;
        const QVector<qint32> rows = m_rows;
        const QVector<bool> changed = m_changed;
        for (int row = std::max(0, from); row < std::min<int>(to, int(m_rows.size())); ++row) {
            const int source = row + by;
            if (source < 0 || source >= rows.size())
                continue;
            m_rows[row] = rows[source];
            m_changed[row] = changed[source];
        }
    };
    watcher.lineLeft = [this](const QString &text) {
        if (m_listening)
            m_left << text;
    };
    terminal.setWatcher(std::move(watcher));
}

void TextIndex::note(qint64 at)
{
    // What went out at the top within one event was perhaps never on the screen as it was noted before: it is one of the rows then, or new.
    for (qsizetype i = 0; i < m_left.size(); ++i) {
        const qint32 shown = i < m_noted.size() ? m_noted[i] : -1;
        const bool known = std::any_of(m_noted.cbegin(), m_noted.cend(), [&](qint32 entry) { return entry >= 0 && textOf(m_entries[entry]) == m_left[i]; });
        if (!known && !m_left[i].isEmpty())
            add(m_left[i], at, shown);
    }
    m_left.clear();
    if (m_rows.size() != m_terminal->rows()) {
        m_rows.resize(m_terminal->rows());
        m_changed.fill(true, m_terminal->rows());
    }
    for (int row = 0; row < m_rows.size(); ++row) {
        if (!m_changed[row])
            continue;
        m_changed[row] = false;
        const QString text = m_terminal->rowText(row);
        const qint32 before = m_rows[row];
        if (before >= 0 ? textOf(m_entries[before]) == text : text.isEmpty())
            continue;
        m_rows[row] = text.isEmpty() ? -1 : add(text, at, before);
    }
    m_noted = m_rows;
}

qint32 TextIndex::add(const QString &text, qint64 at, qint32 before)
{
    if (m_text.size() + text.size() > maximumText) {
        m_full = true;
        return -1;
    }
    m_entries.append({at, qint32(m_text.size()), qint32(text.size()), before});
    m_text += text;
    return qint32(m_entries.size() - 1);
}

void TextIndex::search(const QString &text, qsizetype first, qsizetype count, QVector<bool> &seen, QVector<Hit> &hits) const
{
    const qsizetype end = std::min(first + count, m_entries.size());
    seen.resize(end);
    for (qsizetype i = first; i < end; ++i) {
        const Entry &entry = m_entries[i];
        seen[i] = textOf(entry).contains(text, Qt::CaseInsensitive);
        const bool grew = entry.before >= 0 && seen[entry.before];
        if (seen[i] && !grew && hits.size() < mostHits)
            hits.append({entry.at, Untrusted(textOf(entry).toString()).inert(longestLine)});
    }
}

} // namespace parapet::terminal
