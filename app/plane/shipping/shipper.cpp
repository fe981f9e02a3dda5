// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/shipping/shipper.h"

#include "models/formats/cef.h"
#include "models/formats/ocsf.h"
#include "models/formats/syslog.h"
#include "models/storage/fieldrow.h"

#include <QtCore/QCoreApplication>

#include <csignal>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 shipperRows = 512;
constexpr auto shipperStoreEvery = std::chrono::seconds(1);

using ShipperClock = std::chrono::steady_clock;

QString stateName(ShippingStatus::State state)
{
    static constexpr const char *names[] = {"starting", "connecting", "shipping", "upToDate", "waiting"};
    return QLatin1String(names[size_t(state)]);
}

} // namespace

QJsonObject ShippingStatus::json() const
{
    return {{u"destination"_s, destination}, {u"state"_s, stateName(state)}, {u"position"_s, position}, {u"written"_s, written}, {u"size"_s, size},
            {u"lag"_s, size - position}, {u"connections"_s, connections}, {u"lastError"_s, lastError},
            {u"lastErrorAt"_s, isKnown(lastErrorAt) ? QJsonValue(toRfc3339(lastErrorAt)) : QJsonValue()}};
}

Shipper::Shipper(Store &store, EventQueries &queries, Options options)
    : m_store(store), m_queries(queries), m_options(std::move(options)), m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    m_status.destination = m_options.destination.name();
    m_thread = std::thread([this] { run(); });
}

Shipper::~Shipper()
{
    m_stopping = true;
    wake();
    m_thread.join();
    storePosition();
    ::close(m_wake);
}

void Shipper::wake()
{
    const quint64 one = 1;
    (void)!::write(m_wake, &one, sizeof one);
}

void Shipper::takeWakes() const
{
    quint64 count = 0;
    (void)!::read(m_wake, &count, sizeof count);
}

template<class Change>
void Shipper::changeStatus(Change change)
{
    const std::scoped_lock guard(m_statusLock);
    change(m_status);
}

ShippingStatus Shipper::status() const
{
    ShippingStatus status;
    {
        const std::scoped_lock guard(m_statusLock);
        status = m_status;
    }
    status.size = m_store.log().head().size;
    return status;
}

void Shipper::run()
{
    // A connection that broke is an error to handle, not a signal to die of.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);

    Milliseconds wait = m_options.firstPause;
    bool loaded = false;
    while (!m_stopping) {
        Status done;
        if (!loaded) {
            done = loadPosition();
            loaded = done.has_value();
        }
        if (loaded) {
            changeStatus([](ShippingStatus &status) { status.state = ShippingStatus::State::Connecting; });
            TlsSender sender({m_wake, [this] { return m_stopping.load(); }});
            done = sender.open(m_options.destination, m_options.patience);
            if (done) {
                changeStatus([](ShippingStatus &status) { ++status.connections; });
                const qint64 before = m_position;
                done = ship(sender);
                if (m_position > before)
                    wait = m_options.firstPause; // it worked for a while
            }
        }
        if (m_stopping)
            break;
        if (!done)
            failed(done.error());
        // What the broken connection carried last is told again.
        m_windows.clear();
        storePosition();
        pause(wait);
        wait = std::min(wait * 2, m_options.longestPause);
    }
}

void Shipper::failed(const Error &error)
{
    changeStatus([&](ShippingStatus &status) {
        status.state = ShippingStatus::State::Waiting;
        status.lastError = error.detail.isEmpty() ? error.message : error.message + u" ("_s + error.detail + u')';
        status.lastErrorAt = m_store.clock().now();
    });
}

void Shipper::pause(Milliseconds time)
{
    const auto end = ShipperClock::now() + time;
    while (!m_stopping) {
        const auto left = std::chrono::duration_cast<Milliseconds>(end - ShipperClock::now()).count();
        if (left <= 0)
            return;
        pollfd ready{m_wake, POLLIN, 0};
        ::poll(&ready, 1, int(std::min<qint64>(left, 60'000)));
        takeWakes();
    }
}

Status Shipper::loadPosition()
{
    Result<EventQueries::Borrowed> database = m_queries.borrow();
    if (!database)
        return fail(database.error());
    auto row = (*database)->prepare(R"(SELECT "position" FROM shipping WHERE "destination"=?)", false);
    if (!row)
        return fail(row.error());
    const Result<bool> there = row->bind(1, m_options.destination.name()).step();
    if (!there)
        return fail(there.error());
    m_position = *there ? row->integer(0) : m_options.destination.fromNow ? m_store.log().head().size : 0;
    m_storedPosition = *there ? m_position : -1;
    storePosition();
    changeStatus([&](ShippingStatus &status) { status.position = status.written = m_position; });
    return {};
}

Status Shipper::ship(TlsSender &sender)
{
    qint64 next = m_position;
    changeStatus([&](ShippingStatus &status) { status.written = next; });
    while (!m_stopping) {
        takeWakes();
        const qint64 end = m_store.log().head().size;
        if (next >= end) {
            changeStatus([](ShippingStatus &status) {
                status.state = ShippingStatus::State::UpToDate;
                status.lastError.clear();
            });
            settle(next);
            // Until the windows have settled there is something to do without a new event.
            if (Status heard = sender.idle(m_windows.empty() ? std::chrono::hours(1) : m_options.settle / 2 + Milliseconds(1)); !heard)
                return heard;
            settle(next);
            continue;
        }
        changeStatus([](ShippingStatus &status) { status.state = ShippingStatus::State::Shipping; });
        const qint64 first = next;
        const Result<QByteArray> bytes = read(next, end);
        if (!bytes)
            return fail(bytes.error());
        if (Status written = sender.write(*bytes, m_options.patience); !written)
            return written;
        if (Status drained = sender.drain(m_options.patience); !drained)
            return drained;
        m_windows.push_back({first, bytes->size(), ShipperClock::now()});
        changeStatus([&](ShippingStatus &status) {
            status.written = next;
            status.lastError.clear();
        });
        settle(next);
    }
    return {};
}

Result<QByteArray> Shipper::read(qint64 &next, qint64 end)
{
    static const QByteArray sql = storage::selectSql<AuditEvent>("events") + R"( WHERE "index">=? AND "index"<? ORDER BY "index" LIMIT ?)";
    Result<EventQueries::Borrowed> database = m_queries.borrow();
    if (!database)
        return fail(database.error());
    auto rows = (*database)->prepare(sql);
    if (!rows)
        return fail(rows.error());
    rows->bind(1, next).bind(2, end).bind(3, shipperRows);
    QByteArray bytes;
    const qint64 first = next;
    while (bytes.size() < m_options.window) {
        const Result<bool> there = rows->step();
        if (!there)
            return fail(there.error());
        if (!*there)
            break;
        const Result<AuditEvent> event = storage::readRow<AuditEvent>(*rows);
        if (!event)
            return fail(event.error());
        bytes += framed(*event);
        next = event->index + 1;
    }
    rows->reset();
    if (next == first)
        return fail(Error::Code::Storage, QCoreApplication::translate("shipping", "Event %1 cannot be read from the log.").arg(first));
    return bytes;
}

QByteArray Shipper::framed(const AuditEvent &event) const
{
    const formats::Product &product = m_options.product;
    switch (m_options.destination.format) {
    case ShippingFormat::Rfc5424:
        return formats::octetCounted(formats::toSyslog(event, product));
    case ShippingFormat::Cef:
        return formats::octetCounted(formats::toSyslog(event, product, formats::toCef(event, product)));
    case ShippingFormat::Ocsf:
        break;
    }
    return formats::octetCounted(formats::toSyslog(event, product, formats::toOcsf(event, product)));
}

void Shipper::settle(qint64 next)
{
    const auto now = ShipperClock::now();
    qsizetype later = 0;
    size_t keep = m_windows.size();
    while (keep > 0 && later < m_options.overlap && now - m_windows[keep - 1].at < m_options.settle) {
        later += m_windows[keep - 1].bytes;
        --keep;
    }
    m_windows.erase(m_windows.begin(), m_windows.begin() + qptrdiff(keep));
    m_position = m_windows.empty() ? next : m_windows.front().first;
    changeStatus([&](ShippingStatus &status) { status.position = m_position; });
    if (now - m_storedAt >= shipperStoreEvery || m_windows.empty())
        storePosition();
}

void Shipper::storePosition()
{
    if (m_position == m_storedPosition)
        return;
    m_storedPosition = m_position;
    m_storedAt = ShipperClock::now();
    m_store.submit([name = m_options.destination.name(), position = m_position](Unit &unit) {
        const qint64 at = unit.now().time_since_epoch().count();
        unit.sql([name, position, at](storage::Database &database) -> Status {
            auto upsert = database.prepare(R"(INSERT INTO shipping("destination","position","at") VALUES(?,?,?)
ON CONFLICT("destination") DO UPDATE SET "position"=excluded."position","at"=excluded."at")");
            if (!upsert)
                return fail(upsert.error());
            return upsert->bind(1, name).bind(2, position).bind(3, at).run();
        });
    });
}

} // namespace parapet::plane
