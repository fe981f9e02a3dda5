// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/parts.h"
#include "ui/pages/recordings/recordingproof.h"
#include "ui/shell/consolecontext.h"

namespace parapet::kit {
class MonoLabel;
class StatePage;
}
namespace parapet::terminal {
class PlayerView;
}

namespace parapet::pages {

/// One recording: whose it is, what proves it, and the player. A file that is not the one of the log is played only when the person
/// says so. Its course bears the events of the log that fall into it.
class RecordingPane : public kit::Ground
{
    Q_OBJECT

public:
    explicit RecordingPane(shell::ConsoleContext &context, QWidget *parent = nullptr);
    ~RecordingPane() override;

    /// The same one again, as it is now, goes on playing.
    void setRecording(const Recording &recording);
    void clear();
    const Recording &recording() const { return m_recording; }
    bool isEmpty() const { return m_recording.id.isEmpty(); }
    /// Where it begins to be shown, once it can be: microseconds.
    void seekTo(qint64 position);
    /// The system came or went, or is another one.
    void follow();
    void setFull(bool full);
    bool isFull() const { return m_full; }

    terminal::PlayerView *player() const { return m_player; }
    const RecordingProof &proof() const { return m_proof; }
    QString proofText() const { return m_proofLine->text(); }
    kit::StatePage *gate() const { return m_gate; }
    /// Asks for a place; writes FILE and FILE.sha256 there.
    void save();
    /// Writes them there at once.
    void saveTo(const QString &path);

Q_SIGNALS:
    void closeRequested();
    void fullRequested(bool full);
    /// The events of the log that match are wanted.
    void eventsRequested(const QString &filter, qint64 index);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void makeHead(class QVBoxLayout *column);
    void makeFoot(QVBoxLayout *column);
    void askFile();
    void askMarks();
    void playerChanged();
    void showFacts();
    void showProof();
    void showGate();
    QString eventsFilter() const;

    shell::ConsoleContext &m_context;
    Recording m_recording;
    RecordingProof m_proof;
    QByteArray m_file;
    QString m_fileError;
    bool m_retryable = false;
    bool m_shownAnyway = false;
    bool m_full = false;
    qint64 m_wanted = -1; ///< position to go to when it can be shown
    quint64 m_generation = 0;
    kit::MonoLabel *m_name;
    kit::Button *m_fullButton;
    kit::RunLine *m_proofLine;
    kit::RunLine *m_proofDetail;
    kit::LinkButton *m_event;
    kit::RunLine *m_facts;
    kit::RunLine *m_remark;
    kit::StatePage *m_gate;
    terminal::PlayerView *m_player;
    kit::Button *m_events;
    kit::Button *m_save;
    kit::RunLine *m_saved;
};

} // namespace parapet::pages
