// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QFuture>
#include <QtCore/QFutureWatcher>
#include <QtCore/QObject>
#include <QtCore/QPromise>

#include <type_traits>

namespace parapet {

/// One answer that comes later. Cancelling the future aborts the work behind it.
template<class T>
using Reply = QFuture<Result<T>>;

/// A reply that is already there.
template<class T>
Reply<T> ready(Result<T> result)
{
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(std::move(result));
    promise.finish();
    return promise.future();
}

/// Hands a reply to `context`: always queued, on the context's thread, and dropped when the context dies.
/// A cancelled reply arrives as Error::Code::Cancelled. (QFuture::then with a context aborts on a deleted context in Qt 6.4.)
template<class T, class Callback>
void deliver(QObject *context, const Reply<T> &reply, Callback callback)
{
    auto *watcher = new QFutureWatcher<Result<T>>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, callback = std::move(callback)]() mutable {
        watcher->deleteLater();
        if (watcher->future().resultCount() > 0)
            callback(watcher->future().resultAt(0));
        else
            callback(Result<T>(fail(Error::Code::Cancelled, QObject::tr("Cancelled."))));
    });
    watcher->setFuture(reply);
}

} // namespace parapet
