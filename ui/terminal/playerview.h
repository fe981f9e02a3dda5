// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/parts.h"
#include "ui/terminal/player.h"
#include "ui/terminal/timeline.h"

#include <QtWidgets/QWidget>

class QCheckBox;
class QLineEdit;

namespace parapet::kit {
class StatePage;
}

namespace parapet::terminal {

class ScreenView;

/// A player of terminal recordings: the screen, its course with marks, and what one does with it. Keys: Space plays and pauses, Left
/// and Right go 5 s, with Shift 60 s, Home and End, [ and ] change the speed, N and P go to the next and previous mark, Ctrl+F searches;
/// in the search Enter and Shift+Enter go from hit to hit, Esc ends it. What is hidden does not play.
class PlayerView : public QWidget
{
    Q_OBJECT

public:
    explicit PlayerView(QWidget *parent = nullptr);
    ~PlayerView() override;

    Player &player() { return m_player; }
    ScreenView *screen() const { return m_screen; }
    Timeline *timeline() const { return m_timeline; }
    QLineEdit *searchField() const { return m_search; }
    kit::StatePage *states() const { return m_states; }
    /// "2 of 14", or that nothing was found.
    QString hitsText() const;
    QString timeText() const;

    /// Microseconds from the start, in the order of time.
    void setMarks(const QVector<Timeline::Mark> &marks);
    void nextMark();
    void previousMark();
    void nextHit();
    void previousHit();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void makeControls(class QVBoxLayout *column);
    void makeSearch(QVBoxLayout *column);
    void showState();
    void showPlaying();
    void showTime();
    void showPace();
    void showHits();
    void goToHit(int hit);
    void openSpeeds();
    bool playerKey(const QKeyEvent &event);

    Player m_player;
    ScreenView *m_screen;
    kit::StatePage *m_states;
    Timeline *m_timeline;
    kit::Button *m_play = nullptr;
    kit::Button *m_markBefore = nullptr;
    kit::Button *m_markAfter = nullptr;
    kit::Button *m_speed = nullptr;
    QCheckBox *m_skip = nullptr;
    kit::PlainLabel *m_time = nullptr;
    QLineEdit *m_search = nullptr;
    kit::PlainLabel *m_hits = nullptr;
    kit::Button *m_hitBefore = nullptr;
    kit::Button *m_hitAfter = nullptr;
    kit::RunLine *m_hitLine = nullptr;
    int m_hit = -1;
};

} // namespace parapet::terminal
