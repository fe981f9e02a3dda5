// SPDX-License-Identifier: GPL-3.0-or-later
// What the plane answers: pages, single objects, changes, problems, heads. What is accepted writes back as the same.
#include "models/core/json.h"
#include "models/domain/auditevent.h"
#include "models/domain/lease.h"
#include "models/domain/process.h"
#include "models/domain/session.h"
#include "models/domain/workspace.h"
#include "models/wire/activity.h"
#include "models/wire/changeevent.h"
#include "models/wire/heldsecret.h"
#include "models/wire/pages.h"
#include "models/wire/problem.h"
#include "models/wire/runtimestate.h"
#include "tests/fuzz/target.h"

using namespace parapet;

namespace {

template<class T>
void readPage(const QJsonObject &object)
{
    const auto page = wire::pageFromJson<T>(object);
    if (!page)
        return;
    fuzz::promise(page->total.value() >= page->items.size(), "a page's total covers its items");
    QByteArray out;
    wire::appendPage(out, *page);
    const Result<QJsonValue> parsed = parseJson(out, {out.size(), 64});
    fuzz::promise(parsed && wire::pageFromJson<T>(parsed->toObject()).has_value(), "a written page reads back");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes = fuzz::bytesOf(data, size);
    const wire::Problem problem = wire::problemFrom(503, bytes, "application/problem+json", bytes.left(64));
    fuzz::promise(problem.retryAfter >= Milliseconds(0) && problem.retryAfter <= std::chrono::hours(1), "Retry-After is at most an hour");
    (void)wire::changeFrom(QStringLiteral("e-1"), QStringLiteral("workspace"), bytes);
    (void)wire::helloFrom(bytes);
    const Result<QJsonValue> value = parseJson(bytes);
    if (!value || !value->isObject())
        return 0;
    const QJsonObject object = value->toObject();
    readPage<Workspace>(object);
    readPage<AuditEvent>(object);
    readPage<Session>(object);
    readPage<Lease>(object);
    (void)wire::itemsFromJson<Process>(object);
    (void)wire::bucketsFromJson(object);
    (void)wire::capabilitiesFromJson(object);
    (void)wire::fromJson<RuntimeState>(object);
    (void)wire::fromJson<HeldSecret>(object);
    (void)wire::fromJson<LogHead>(object);
    (void)wire::fromJson<ActivitySlice>(object);
    return 0;
}
