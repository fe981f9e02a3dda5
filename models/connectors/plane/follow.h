// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/reply.h"

namespace parapet::planeconnector {

/// Whether cancelling the whole cancels the first part, or others wait for it too.
enum class First { Own, Shared };

/// The reply of `step`, a function from Result<T> to Reply<U>, called once `first` has answered. Cancelling the whole
/// cancels the part that runs. Ends as cancelled when `context` dies.
template<class U, class T, class Step>
Reply<U> follow(QObject *context, Reply<T> first, Step step, First whose = First::Own)
{
    auto promise = std::make_shared<QPromise<Result<U>>>();
    promise->start();
    const Reply<U> whole = promise->future();
    auto *watcher = new QFutureWatcher<Result<U>>(context);
    if (whose == First::Own)
        QObject::connect(watcher, &QFutureWatcherBase::canceled, watcher, [first]() mutable { first.cancel(); });
    QObject::connect(watcher, &QFutureWatcherBase::finished, watcher, &QObject::deleteLater);
    watcher->setFuture(whole);
    deliver(context, first, [context, watcher, promise, step = std::move(step)](const Result<T> &answer) mutable {
        if (promise->isCanceled()) {
            promise->finish();
            return;
        }
        Reply<U> second = step(answer);
        QObject::connect(watcher, &QFutureWatcherBase::canceled, watcher, [second]() mutable { second.cancel(); });
        deliver(context, second, [promise](const Result<U> &result) {
            promise->addResult(result);
            promise->finish();
        });
    });
    return whole;
}

} // namespace parapet::planeconnector
