// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/terminal/pace.h"
#include "ui/terminal/replay.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QThread>
#include <QtCore/QTimer>

#include <vector>

namespace parapet::terminal {

/// Plays a terminal recording: what is on the screen at a moment, how time goes by, where a text is found. It draws nothing. The work
/// is on a thread of its own; the timer runs only while it plays. All times in microseconds since the recording's start.
class Player : public QObject
{
    Q_OBJECT

public:
    enum class State { Empty, Loading, Ready, Failed };
    Q_ENUM(State)

    static constexpr double slowest = 0.5;
    static constexpr double fastest = 16;
    static constexpr qint64 second = 1'000'000;
    static constexpr qint64 idleLimit = 2 * second;

    explicit Player(QObject *parent = nullptr);
    ~Player() override;

    /// The bytes of an asciinema v2 file; stateChanged() tells what came of it.
    void open(const QByteArray &file);
    void close();

    State state() const { return m_state; }
    const Error &error() const { return m_error; } ///< while Failed
    /// Hex, of the file; empty while it is not known.
    const QString &sha256() const { return m_sha256; }
    /// Null but while Ready.
    const formats::Asciicast *cast() const { return m_cast.get(); }
    const Pace &pace() const { return m_pace; }

    qint64 duration() const { return m_pace.duration(); }
    qint64 position() const { return m_position; }
    bool isPlaying() const { return m_playing; }
    bool isAtEnd() const { return m_position >= duration(); }
    /// What is on the screen; empty before the first.
    const Frame &frame() const { return m_frame; }
    /// The moment that frame() is of.
    qint64 framePosition() const { return m_framePosition; }

    void play(); ///< from the start when it stands at the end
    void pause();
    void toggle();
    void seek(qint64 position);
    double speed() const { return m_speed; }
    /// Brought within slowest and fastest.
    void setSpeed(double speed);
    /// To the next of 0.5, 1, 2, 4, 8, 16.
    void stepSpeed(int by);
    bool skipsIdle() const { return m_pace.idleLimit().has_value(); }
    void setSkipsIdle(bool skips);

    /// Looks for a text in all that was ever shown, case left aside; hitsChanged() tells as they are found. Empty: no search.
    void search(const QString &text);
    const QString &searched() const { return m_searched; }
    const QVector<Hit> &hits() const { return m_hits; }
    bool isSearching() const { return m_searching; }
    bool isSearchCut() const { return m_searchCut; } ///< there was more text than is kept

Q_SIGNALS:
    void stateChanged();
    void frameChanged();
    void positionChanged();
    void playingChanged();
    void paceChanged();
    void hitsChanged();

private:
    void start();
    void tick();
    void arm();
    void wantFrame();
    void enter(State state);

    std::unique_ptr<QThread> m_thread;
    std::vector<std::unique_ptr<QThread>> m_retired; ///< of earlier files, until they have ended
    Replay *m_replay = nullptr; ///< on the thread
    State m_state = State::Empty;
    Error m_error;
    QString m_sha256;
    CastPointer m_cast;
    Pace m_pace;
    Frame m_frame;
    qint64 m_framePosition = 0;
    qint64 m_position = 0;
    double m_speed = 1;
    bool m_playing = false;
    QTimer m_timer;
    QElapsedTimer m_since; ///< since the last tick
    quint64 m_ticket = 0;
    quint64 m_answered = 0;
    quint64 m_session = 0; ///< grows with each file: answers about an earlier one are dropped
    quint64 m_searchTicket = 0;
    QString m_searched;
    QVector<Hit> m_hits;
    bool m_searching = false;
    bool m_searchCut = false;
};

} // namespace parapet::terminal
