// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/error.h"
#include "models/formats/asciicast.h"
#include "ui/terminal/textindex.h"

#include <QtCore/QObject>

#include <memory>
#include <optional>

namespace parapet::terminal {

using CastPointer = std::shared_ptr<const formats::Asciicast>;

/// The thread's side of a Player: reads the file, goes through it once for the index and for keyframes, and gives the screen at any
/// moment from the nearest of those. Works in slices of a few milliseconds: the latest question is answered first. All methods but the
/// constructor run on its thread, and answer by signal.
class Replay : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 keyframeEvery = 192 * 1024;          ///< bytes of output at first; more where frames are large
    static constexpr qint64 keyframeMemory = 64 * 1024 * 1024;   ///< bytes of all keyframes

    using QObject::QObject;

    void load(const QByteArray &file);
    /// The screen at that moment; a later call replaces one that is not answered yet.
    void show(qint64 at, quint64 ticket);
    /// An empty text ends the search.
    void search(const QString &text, quint64 ticket);

Q_SIGNALS:
    void loaded(const parapet::terminal::CastPointer &cast, const QString &sha256);
    void failed(const parapet::Error &why, const QString &sha256);
    void shown(const parapet::terminal::Frame &frame, qint64 at, quint64 ticket);
    /// All that were found so far. `whole`: there will be no more. `cut`: the text was too much to keep all of it.
    void found(quint64 ticket, const QVector<parapet::terminal::Hit> &hits, bool whole, bool cut);

private:
    struct Place {
        qsizetype event = 0;
        qsizetype offset = 0; ///< bytes of that event that were fed
    };
    struct Keyframe {
        qsizetype event = 0;
        Terminal::State state;
    };
    struct Wanted {
        qint64 at = 0;
        quint64 ticket = 0;
        qsizetype event = 0; ///< all before it are shown
    };
    void later();
    void turn();
    void use(bool forIndex);
    /// Feeds one piece of at most 16 KB; false when `end` is reached.
    bool feed(Place &place, qsizetype end);
    void startShow();
    void showSlice(qint64 until);
    void indexSlice(qint64 until);
    void searchSlice(qint64 until);
    void keep(qsizetype event);
    void tellFound(bool whole);

    CastPointer m_cast;
    std::unique_ptr<Terminal> m_terminal;
    TextIndex m_index;
    bool m_forIndex = true;       ///< whose state the terminal is in
    Terminal::State m_other;      ///< the state of the one that does not have it
    Place m_indexed;
    Place m_shown;
    QVector<Keyframe> m_keyframes;
    qint64 m_keyframeBytes = 0;
    qint64 m_interval = keyframeEvery;
    qint64 m_sinceKeyframe = 0;
    std::optional<Wanted> m_wanted;
    QString m_searched;
    quint64 m_searchTicket = 0;
    qsizetype m_searchedTo = 0;
    QVector<bool> m_seen;
    QVector<Hit> m_hits;
    qsizetype m_toldHits = -1;
    bool m_toldWhole = false;
    bool m_scheduled = false;
};

} // namespace parapet::terminal

Q_DECLARE_METATYPE(parapet::terminal::CastPointer)
Q_DECLARE_METATYPE(parapet::terminal::Hit)
