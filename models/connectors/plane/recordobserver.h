// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ports/auditstore.h"
#include "models/ports/controlplane.h"
#include "models/ports/observer.h"
#include "models/ports/runtime.h"

#include <QtCore/QObject>

namespace parapet::planeconnector {

/// The control plane's own record of a session says that it ended.
class SessionRecordObserver final : public QObject, public Observer
{
    Q_OBJECT

public:
    SessionRecordObserver(ControlPlane &control, const Clock &clock) : m_control(control), m_clock(clock) {}
    bool canTry(ProbeKind kind) const override { return kind == ProbeKind::SessionRecord; }
    Reply<ProbeResult> attempt(const Probe &probe) override;

private:
    ControlPlane &m_control;
    const Clock &m_clock;
};

/// The event with the index `subject` is in the log and says what was recorded. `expected` is "ACTION OPERATION": the event
/// has that action, and its detail is a JSON object whose "operation" is that one. Or it is the event's action, its reason, its
/// detail or its target, or the SHA-256 (hex) of one of the last three in UTF-8; empty: that it is there is enough.
class AuditObserver final : public QObject, public Observer
{
    Q_OBJECT

public:
    AuditObserver(AuditStore &audit, const Clock &clock) : m_audit(audit), m_clock(clock) {}
    bool canTry(ProbeKind kind) const override { return kind == ProbeKind::AuditEntry; }
    Reply<ProbeResult> attempt(const Probe &probe) override;

private:
    AuditStore &m_audit;
    const Clock &m_clock;
};

/// The evidence is there, whole and unaltered: manifest and archive are downloaded and hashed here. `expected` holds
/// the SHA-256 digests (hex, one or both) that were recorded when it was taken; empty: those that the agent states.
class EvidenceObserver final : public QObject, public Observer
{
    Q_OBJECT

public:
    EvidenceObserver(Runtime &runtime, const Clock &clock) : m_runtime(runtime), m_clock(clock) {}
    bool canTry(ProbeKind kind) const override { return kind == ProbeKind::Evidence; }
    Reply<ProbeResult> attempt(const Probe &probe) override;

private:
    ProbeResult compare(const Probe &probe, const Snapshot &stated, const QString &manifest,
                        const QString &archive) const;
    Runtime &m_runtime;
    const Clock &m_clock;
};

} // namespace parapet::planeconnector
