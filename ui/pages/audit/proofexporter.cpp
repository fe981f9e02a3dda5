// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/proofexporter.h"

#include "ui/kit/text/format.h"

#include <QtCore/QSaveFile>
#include <QtCore/QThreadPool>

namespace parapet::pages {

namespace {

constexpr int proofPage = 500;
constexpr int mostRestarts = 5;

QString writeBundle(const transparency::ProofBundle &bundle, const QString &path)
{
    QSaveFile file(path);
    const QByteArray bytes = bundle.toBytes();
    if (bytes.size() > transparency::ProofBundle::maximumBytes)
        return ProofExporter::tr("The bundle would be larger than %1: narrow the filter.").arg(kit::bytesText(transparency::ProofBundle::maximumBytes));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return ProofExporter::tr("The file cannot be written: %1").arg(file.errorString());
    return {};
}

} // namespace

ProofExporter::ProofExporter(AuditStore &audit, fleet::LogFollower &log, QObject *parent) : QObject(parent), m_audit(audit), m_log(&log) {}

void ProofExporter::startMatching(const Query &query, const QString &path)
{
    // Ascending by index, as the bundle has them.
    m_query = {query.filter, QStringLiteral("index"), false};
    m_bundle.query = query.filter;
    m_bundle.log = m_log->logKey();
    m_path = path;
    ask({});
}

void ProofExporter::startThese(const QVector<AuditEvent> &events, const QString &path)
{
    QVector<AuditEvent> sorted = events;
    std::sort(sorted.begin(), sorted.end(), [](const AuditEvent &a, const AuditEvent &b) { return a.index < b.index; });
    m_bundle.log = m_log->logKey();
    m_path = path;
    prove(sorted, Count::exactly(sorted.size()), {});
}

void ProofExporter::cancel()
{
    if (m_ended)
        return;
    m_asked.cancel();
    end(tr("Cancelled."));
}

void ProofExporter::end(const QString &error)
{
    if (std::exchange(m_ended, true))
        return;
    Q_EMIT finished(m_bundle.rows.size(), m_skipped, error);
}

void ProofExporter::ask(const QString &cursor)
{
    PageRequest request;
    request.query = m_query;
    request.limit = proofPage;
    request.after = cursor;
    m_asked = m_audit.events(request);
    deliver(this, m_asked, [this](const Result<Page<AuditEvent>> &page) {
        if (m_ended)
            return;
        if (!page)
            return end(tr("The export stopped: %1").arg(page.error().message));
        prove(page->items, page->total, page->next);
    });
}

void ProofExporter::prove(QVector<AuditEvent> events, const Count &total, const QString &next)
{
    if (!m_log || !m_log->checkpoint())
        return end(tr("No checkpoint of the log was verified yet."));
    const qint64 size = m_size < 0 ? m_log->checkpoint()->size() : m_size;
    const auto covered = std::partition_point(events.begin(), events.end(), [size](const AuditEvent &event) { return event.index < size; });
    m_skipped += events.end() - covered;
    events.erase(covered, events.end());
    if (m_bundle.rows.size() + events.size() > transparency::ProofBundle::maximumRows)
        return end(tr("More than %1 events match: narrow the filter.").arg(kit::numberText(transparency::ProofBundle::maximumRows)));
    if (events.isEmpty())
        return next.isEmpty() ? write() : ask(next);
    deliver(this, m_log->prove(events), [this, total, next](const Result<fleet::LogFollower::ProvenRows> &proven) {
        if (m_ended)
            return;
        if (!proven)
            return end(tr("The export stopped: %1").arg(proven.error().message));
        if (m_size >= 0 && proven->size != m_size) {
            // The log grew, and its checkpoint with it: proofs to two trees do not go together.
            if (++m_restarts > mostRestarts)
                return end(tr("The log grows faster than it can be proven: narrow the filter."));
            m_bundle.rows.clear();
            m_size = -1;
            m_skipped = 0;
            return ask({});
        }
        m_size = proven->size;
        m_bundle.checkpoint = proven->checkpoint;
        m_bundle.rows += proven->rows;
        Q_EMIT progressed(m_bundle.rows.size(), total.value());
        if (next.isEmpty())
            write();
        else
            ask(next);
    });
}

void ProofExporter::write()
{
    if (m_bundle.rows.isEmpty())
        return end(tr("None of these events is covered by the verified checkpoint yet."));
    auto promise = std::make_shared<QPromise<Result<QString>>>();
    promise->start();
    deliver(this, promise->future(), [this](const Result<QString> &error) { end(error.value_or(tr("Cancelled."))); });
    QThreadPool::globalInstance()->start([promise, bundle = m_bundle, path = m_path] {
        promise->addResult(writeBundle(bundle, path));
        promise->finish();
    });
}

} // namespace parapet::pages
