// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connectors/plane/recordobserver.h"

#include "models/connectors/plane/follow.h"
#include "models/core/json.h"
#include "models/crypto/digest.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonObject>
#include <QtCore/QRegularExpression>

namespace parapet::planeconnector {

using namespace Qt::StringLiterals;

namespace {

QString recordText(const char *text)
{
    return QCoreApplication::translate("connectors", text);
}

/// Whether an event is what `expected` says (see AuditObserver).
bool isExpected(const AuditEvent &event, const QString &expected)
{
    if (expected.isEmpty())
        return true;
    const QStringList words = expected.split(u' ');
    if (words.size() == 2 && event.action == words.first()) {
        const QJsonObject detail = parseJson(event.detail.raw().toUtf8()).value_or(QJsonValue()).toObject();
        return detail.value("operation"_L1).toString() == words.last();
    }
    if (event.action == expected)
        return true;
    const Untrusted *const texts[] = {&event.reason, &event.detail, &event.target};
    return std::any_of(std::begin(texts), std::end(texts), [&expected](const Untrusted *text) {
        return text->raw() == expected || crypto::sha256Hex(text->raw().toUtf8()) == expected;
    });
}

QStringList digestsIn(const QString &text)
{
    static const QRegularExpression digest(u"[0-9a-f]{64}"_s);
    QStringList found;
    for (auto it = digest.globalMatch(text); it.hasNext();)
        found << it.next().captured();
    return found;
}

} // namespace

Reply<ProbeResult> SessionRecordObserver::attempt(const Probe &probe)
{
    return follow<ProbeResult>(
        this, m_control.session(SessionId(probe.subject)), [this](const Result<Session> &session) {
            if (!session)
                return ready<ProbeResult>(fail(session.error()));
            const bool ended = session->state == SessionState::Ended;
            const QString seen =
                ended ? recordText(QT_TRANSLATE_NOOP("connectors", "ended %1")).arg(toRfc3339(session->ended))
                      : recordText(QT_TRANSLATE_NOOP("connectors", "the session is open"));
            return ready<ProbeResult>(ProbeResult{ended ? Verdict::Holds : Verdict::Survives, Untrusted(seen),
                                                  recordText(QT_TRANSLATE_NOOP("connectors", "control plane")),
                                                  m_clock.now()});
        });
}

Reply<ProbeResult> AuditObserver::attempt(const Probe &probe)
{
    const QString observer = recordText(QT_TRANSLATE_NOOP("connectors", "audit store"));
    bool isNumber = false;
    const qint64 index = probe.subject.toLongLong(&isNumber);
    if (!isNumber)
        return ready<ProbeResult>(ProbeResult{
            Verdict::Unknown, Untrusted(recordText(QT_TRANSLATE_NOOP("connectors", "it was never recorded"))), observer,
            m_clock.now()});
    return follow<ProbeResult>(
        this, m_audit.event(index),
        [this, observer, expected = probe.expected, index](const Result<AuditEvent> &event) {
            const auto say = [&](Verdict verdict, const QString &seen) {
                return ready<ProbeResult>(ProbeResult{verdict, Untrusted(seen), observer, m_clock.now()});
            };
            if (!event) {
                if (event.error().code == Error::Code::NotFound)
                    return say(Verdict::Survives,
                               recordText(QT_TRANSLATE_NOOP("connectors", "event %1 is not in the log")).arg(index));
                return ready<ProbeResult>(fail(event.error()));
            }
            if (event->index != index || !isExpected(*event, expected))
                return say(Verdict::Survives,
                           recordText(QT_TRANSLATE_NOOP("connectors", "event %1 says something else")).arg(index));
            return say(Verdict::Holds,
                       recordText(QT_TRANSLATE_NOOP("connectors", "event %1: %2")).arg(index).arg(event->action));
        });
}

Reply<ProbeResult> EvidenceObserver::attempt(const Probe &probe)
{
    const SnapshotId id(probe.subject);
    return follow<ProbeResult>(this, m_runtime.snapshot(id), [this, id, probe](const Result<Snapshot> &stated) {
        if (!stated)
            return ready<ProbeResult>(fail(stated.error()));
        if (!stated->complete) {
            const QString seen =
                stated->failure.isEmpty()
                    ? recordText(QT_TRANSLATE_NOOP("connectors", "it is not complete"))
                    : recordText(QT_TRANSLATE_NOOP("connectors", "it failed: %1")).arg(stated->failure);
            return ready<ProbeResult>(ProbeResult{Verdict::Survives, Untrusted(seen),
                                                  recordText(QT_TRANSLATE_NOOP("connectors", "this console")),
                                                  m_clock.now()});
        }
        return follow<ProbeResult>(
            this, m_runtime.manifest(id), [this, id, probe, stated = *stated](const Result<QByteArray> &manifest) {
                if (!manifest)
                    return ready<ProbeResult>(fail(manifest.error()));
                const QString manifestHash = crypto::sha256Hex(*manifest);
                return follow<ProbeResult>(
                    this, m_runtime.hashArchive(id),
                    [this, probe, stated, manifestHash](const Result<QString> &archive) {
                        return ready<ProbeResult>(
                            archive ? Result<ProbeResult>(compare(probe, stated, manifestHash, *archive))
                                    : Result<ProbeResult>(fail(archive.error())));
                    });
            });
    });
}

ProbeResult EvidenceObserver::compare(const Probe &probe, const Snapshot &stated, const QString &manifest,
                                      const QString &archive) const
{
    QStringList expected = digestsIn(probe.expected);
    expected << stated.archiveSha256 << stated.manifestSha256;
    const bool same = std::all_of(expected.cbegin(), expected.cend(),
                                  [&](const QString &digest) { return digest == manifest || digest == archive; });
    const QString seen =
        same ? recordText(QT_TRANSLATE_NOOP("connectors", "archive and manifest match: SHA-256 %1")).arg(archive)
             : recordText(QT_TRANSLATE_NOOP("connectors", "archive or manifest was altered: SHA-256 %1, %2"))
                   .arg(archive, manifest);
    return {same ? Verdict::Holds : Verdict::Survives, Untrusted(seen),
            recordText(QT_TRANSLATE_NOOP("connectors", "this console")), m_clock.now()};
}

} // namespace parapet::planeconnector
