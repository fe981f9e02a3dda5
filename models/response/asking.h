// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/reply.h"

#include <functional>
#include <memory>

namespace parapet::response {

/// The reply that `work` makes of another reply's value; an error passes through. Dropped (cancelled) when `context` dies.
template<class A, class Work>
auto derived(QObject *context, const Reply<A> &reply, Work work) -> Reply<typename std::invoke_result_t<Work, const A &>::value_type>
{
    using B = typename std::invoke_result_t<Work, const A &>::value_type;
    auto promise = std::make_shared<QPromise<Result<B>>>();
    promise->start();
    Reply<B> future = promise->future();
    deliver(context, reply, [promise, work = std::move(work)](const Result<A> &result) {
        promise->addResult(result ? work(*result) : Result<B>(fail(result.error())));
        promise->finish();
    });
    return future;
}

/// Waits for all of `replies`. Good when all are; else the first final error, or the first transient one.
/// `forgiven` errors count as good.
template<class T>
Reply<int> gathered(QObject *context, const QVector<Reply<T>> &replies, std::function<bool(const Error &)> forgiven = {})
{
    struct Gathering {
        QPromise<Result<int>> promise;
        qsizetype left = 0;
        int good = 0;
        std::optional<Error> error;
    };
    auto all = std::make_shared<Gathering>();
    all->promise.start();
    all->left = replies.size();
    Reply<int> future = all->promise.future();
    if (replies.isEmpty()) {
        all->promise.addResult(Result<int>(0));
        all->promise.finish();
    }
    for (const Reply<T> &reply : replies) {
        deliver(context, reply, [all, forgiven](const Result<T> &result) {
            if (result || (forgiven && forgiven(result.error())))
                ++all->good;
            else if (!all->error || (all->error->isTransient() && !result.error().isTransient()))
                all->error = result.error();
            if (--all->left > 0)
                return;
            all->promise.addResult(all->error ? Result<int>(fail(*all->error)) : Result<int>(all->good));
            all->promise.finish();
        });
    }
    return future;
}

} // namespace parapet::response
