// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/importing/importrun.h"

#include "app/plane/importing/importplace.h"
#include "app/plane/importing/linereader.h"
#include "models/core/json.h"
#include "models/crypto/digest.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QJsonObject>

#include <condition_variable>
#include <numeric>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

/// Batches that the store may have before it, while lines are read.
constexpr int mostBatches = 3;
/// Lines after which the place is stored even when they became few events.
constexpr qint64 linesInBatch = 262144;

class OpenFile
{
public:
    explicit OpenFile(const QString &path) : m_file(::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)) {}
    ~OpenFile()
    {
        if (m_file >= 0)
            ::close(m_file);
    }
    OpenFile(const OpenFile &) = delete;
    OpenFile &operator=(const OpenFile &) = delete;
    int get() const { return m_file; }

private:
    int m_file;
};

/// Hands batches to the store and waits where too many are under way.
class BatchQueue
{
public:
    explicit BatchQueue(Store &store) : m_store(store) {}
    ~BatchQueue() { (void)drain(); }

    Status submit(std::vector<AuditEvent> events, std::function<Status(storage::Database &)> place)
    {
        {
            std::unique_lock guard(m_lock);
            m_fewer.wait(guard, [this] { return m_underWay < mostBatches; });
            if (!m_result)
                return m_result;
            ++m_underWay;
        }
        auto shared = std::make_shared<std::vector<AuditEvent>>(std::move(events));
        m_store.submit(
            [shared, place = std::move(place)](Unit &unit) {
                for (AuditEvent &event : *shared)
                    unit.record(std::move(event), Tell::Nobody);
                unit.sql(place);
            },
            [this](const Status &status) {
                const std::scoped_lock guard(m_lock);
                --m_underWay;
                if (!status && m_result)
                    m_result = status;
                m_fewer.notify_all();
            });
        return {};
    }

    Status drain()
    {
        std::unique_lock guard(m_lock);
        m_fewer.wait(guard, [this] { return m_underWay == 0; });
        return m_result;
    }

private:
    Store &m_store;
    std::mutex m_lock;
    std::condition_variable m_fewer;
    int m_underWay = 0;
    Status m_result;
};

/// One file on its way: counts where its lines go and gathers its events.
class FileImport final : public formats::ImportSink
{
public:
    FileImport(Store &store, const ImportRun::Options &options, ImportReport &report) : m_store(store), m_options(options), m_report(report), m_queue(store) {}

    Result<ImportReport> run(int file, qint64 size, formats::LineImporter &importer)
    {
        Result<ImportPlace> place = fail(Error::Code::Storage, QString());
        const auto begin = [&](Unit &unit) {
            // The index's pages are touched in no order: with a small cache each batch would read and write most of them again.
            if (unit.database().engine() == storage::Database::Engine::Sqlite)
                (void)unit.database().execute("PRAGMA cache_size=-262144; PRAGMA wal_autocheckpoint=16384");
            place = ImportPlace::find(unit.database(), file, m_options.origin);
        };
        if (Status asked = m_store.perform(begin); !asked)
            return fail(asked.error());
        if (!place)
            return fail(place.error());
        m_place = *std::move(place);
        m_place.file = m_report.file;
        m_report.before = m_place.lines - m_place.waiting.size();
        m_report.from = m_report.to = m_report.next = m_place.position;
        if (m_place.position >= size && m_place.waiting.isEmpty())
            return m_report;
        if (!QDir().exists(m_options.asideFolder) && ::mkdir(QFile::encodeName(m_options.asideFolder).constData(), 0700) != 0)
            return fail(Error::Code::Storage, QCoreApplication::translate("import", "The folder “%1” cannot be made.").arg(m_options.asideFolder), qt_error_string(errno));
        m_aside = std::make_unique<AsideFile>(m_options.asideFolder + u'/' + m_place.asideName, m_place.asideSize);
        for (const formats::WaitingLine &line : std::as_const(m_place.waiting)) {
            ++m_report.totals.lines;
            m_length = line.bytes.size();
            importer.line(line.number, line.bytes, *this);
        }
        if (Status done = readLines(file, size, importer); !done)
            return fail(done.error());
        importer.end(*this);
        return finish(file);
    }

    void event(AuditEvent &&event, qint64 joined) override
    {
        ++m_report.totals.imported;
        m_report.totals.joined += joined;
        event.origin = m_options.origin;
        m_events.push_back(std::move(event));
    }
    void skipped(const char *reason) override { ++m_report.totals.skipped[reason]; }
    void aside(qint64 number, QByteArrayView bytes, const QString &reason) override
    {
        ++m_report.totals.aside;
        m_aside->add(m_report.file, number, bytes, std::max<qint64>(m_length, bytes.size()), reason);
    }

private:
    Status readLines(int file, qint64 size, formats::LineImporter &importer)
    {
        LineReader reader(file, m_place.position);
        LineReader::Line line;
        qint64 number = m_place.lines;
        qint64 sinceCommit = 0;
        while (true) {
            const Result<bool> more = reader.next(line);
            if (!more)
                return fail(more.error());
            if (!*more) {
                m_report.to = reader.position();
                m_report.sha256 = reader.sha256().toHex();
                return {};
            }
            ++number;
            ++m_report.totals.lines;
            m_length = line.length;
            const qint64 aside = m_report.totals.aside;
            if (!line.isWhole())
                this->aside(number, line.bytes, QCoreApplication::translate("import", "It is longer than %1 bytes.").arg(formats::longestLine));
            else if (line.bytes.trimmed().isEmpty())
                skipped("blank");
            else
                importer.line(number, line.bytes, *this);
            // The file ends within a line that cannot be read: it may still be written. The next import takes it from its beginning.
            const bool unfinished = !line.terminated && m_report.totals.aside > aside;
            m_reached = unfinished ? line.start : line.end;
            m_lines = unfinished ? number - 1 : number;
            if (int(m_events.size()) >= m_options.batch || ++sinceCommit >= linesInBatch) {
                sinceCommit = 0;
                if (Status done = commit(file, importer.waiting()); !done)
                    return done;
                if (m_options.progress)
                    m_options.progress(m_report, size);
            }
        }
    }

    Status commit(int file, QVector<formats::WaitingLine> waiting)
    {
        if (Status flushed = m_aside->flush(); !flushed)
            return flushed;
        if (m_reached >= 0) {
            if (Status reached = m_place.reach(file, m_reached, m_lines); !reached)
                return reached;
        }
        m_place.waiting = std::move(waiting);
        m_place.asideSize = m_aside->size();
        m_report.next = m_place.position;
        std::vector<AuditEvent> events;
        events.reserve(size_t(m_options.batch));
        events.swap(m_events);
        return m_queue.submit(std::move(events), [place = m_place, now = m_store.clock().now()](storage::Database &database) { return place.store(database, now); });
    }

    Result<ImportReport> finish(int file)
    {
        if (Status done = commit(file, {}); !done)
            return fail(done.error());
        if (Status done = m_queue.drain(); !done)
            return fail(done.error());
        if (m_place.asideSize > 0)
            m_report.asideFile = m_aside->path();
        AuditEvent event;
        event.origin = u"control"_s;
        event.actor = PrincipalId(u"plane"_s);
        event.actorName = Untrusted(m_options.by);
        event.source = u"local"_s;
        event.action = u"log.import"_s;
        event.target = Untrusted(m_report.file.left(512));
        event.detail = Untrusted(QString::fromUtf8(canonicalJson(m_report.json())).left(4096));
        if (Status recorded = m_store.perform([&](Unit &unit) { unit.record(event); }); !recorded)
            return fail(recorded.error());
        return m_report;
    }

    Store &m_store;
    const ImportRun::Options &m_options;
    ImportReport &m_report;
    ImportPlace m_place;
    std::unique_ptr<AsideFile> m_aside;
    std::vector<AuditEvent> m_events;
    qint64 m_reached = -1;
    qint64 m_lines = 0;
    qint64 m_length = 0; ///< of the line at hand, as it is in the file
    BatchQueue m_queue;  ///< last: it waits for the store before the rest goes
};

} // namespace

qint64 ImportTotals::skippedLines() const
{
    return std::accumulate(skipped.cbegin(), skipped.cend(), qint64(0));
}

QJsonObject ImportTotals::json() const
{
    QJsonObject reasons;
    for (auto it = skipped.cbegin(); it != skipped.cend(); ++it)
        reasons.insert(QString::fromUtf8(it.key()), *it);
    return {{u"lines"_s, lines}, {u"imported"_s, imported}, {u"joined"_s, joined}, {u"skipped"_s, reasons}, {u"aside"_s, aside}};
}

ImportTotals &ImportTotals::operator+=(const ImportTotals &other)
{
    lines += other.lines;
    imported += other.imported;
    joined += other.joined;
    aside += other.aside;
    for (auto it = other.skipped.cbegin(); it != other.skipped.cend(); ++it)
        skipped[it.key()] += it.value();
    return *this;
}

QJsonObject ImportReport::json() const
{
    QJsonObject object = totals.json();
    object.insert(u"file"_s, file);
    object.insert(u"before"_s, before);
    object.insert(u"from"_s, from);
    object.insert(u"to"_s, to);
    object.insert(u"next"_s, next);
    object.insert(u"sha256"_s, QString::fromLatin1(sha256));
    if (!asideFile.isEmpty())
        object.insert(u"asideFile"_s, asideFile);
    return object;
}

Result<ImportReport> ImportRun::importFile(const QString &path, formats::LineImporter &importer)
{
    const OpenFile file(path);
    struct stat status {};
    if (file.get() < 0 || ::fstat(file.get(), &status) != 0)
        return fail(Error::Code::Storage, QCoreApplication::translate("import", "“%1” cannot be opened.").arg(path), qt_error_string(errno));
    if (!S_ISREG(status.st_mode))
        return fail(Error::Code::Invalid, QCoreApplication::translate("import", "“%1” is no regular file. Write what it gives into one first.").arg(path));
    ImportReport report;
    report.file = QFileInfo(path).absoluteFilePath();
    return FileImport(m_store, m_options, report).run(file.get(), status.st_size, importer);
}

} // namespace parapet::plane
