// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/logfollower.h"
#include "models/ports/auditstore.h"

#include <QtCore/QObject>
#include <QtCore/QPointer>

#include <optional>

namespace parapet::pages {

/// Whether a recording's file is the one that the audit log speaks of: the digest that this console computed is compared with the one
/// in the event "recording.end", and that event is proven by the log's follower. Nothing that the store says of itself counts.
class RecordingProof : public QObject
{
    Q_OBJECT

public:
    enum class State {
        None,       ///< no recording
        Running,    ///< it has not ended: no digest of it is in the log
        Asking,     ///< the file or its event is on the way
        Verified,   ///< the file is that of the event, and the event is in the verified log
        NotCovered, ///< the file is that of the event; the event is newer than the verified checkpoint
        Unproven,   ///< the file is that of the event; the log is not verified here
        NoEvent,    ///< it has ended, and its event is not known or cannot be had
        Mismatch,   ///< the file is not the one that the event speaks of, or the event is not about it
        BrokenEvent ///< the event itself does not verify
    };
    Q_ENUM(State)

    explicit RecordingProof(QObject *parent = nullptr);

    /// Either may be null. Not owned; say so before the store dies.
    void setSystem(AuditStore *audit, fleet::LogFollower *log);
    /// Another recording: its event is asked for. Nothing: none.
    void setRecording(const std::optional<Recording> &recording);
    /// What this console computed over the bytes that it got; empty: not known yet.
    void setFileDigest(const QString &sha256);

    State state() const { return m_state; }
    /// In one sentence, for a person: what is known, and where.
    const QString &sentence() const { return m_sentence; }
    /// What does not fit: digests and places; empty when all does.
    const QString &detail() const { return m_detail; }
    bool isAlarm() const { return m_state == State::Mismatch || m_state == State::BrokenEvent; }

Q_SIGNALS:
    void changed();

private:
    void askEvent();
    void judge();
    void enter(State state, const QString &sentence, const QString &detail = {});

    AuditStore *m_audit = nullptr;
    QPointer<fleet::LogFollower> m_log;
    std::optional<Recording> m_recording;
    std::optional<AuditEvent> m_event;
    QString m_eventError;
    QString m_digest;
    quint64 m_generation = 0;
    State m_state = State::None;
    QString m_sentence;
    QString m_detail;
};

/// The digest that an event of the log states in its detail: "sha256" of an object, or the one 64 hex digits in it. Empty: none.
QString digestIn(const AuditEvent &event);

} // namespace parapet::pages
