// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/keychainstore.h"

#include <qt6keychain/keychain.h>

namespace parapet::console {

using namespace Qt::StringLiterals;

namespace {

constexpr auto serviceName = "parapet"_L1;

Error errorOf(const QKeychain::Job &job)
{
    if (job.error() == QKeychain::EntryNotFound)
        return {Error::Code::NotFound, KeychainStore::tr("The keychain holds no passphrase for this key."), job.errorString(), false};
    if (job.error() == QKeychain::AccessDeniedByUser || job.error() == QKeychain::AccessDenied)
        return {Error::Code::Forbidden, KeychainStore::tr("The keychain refused access. Unlock it, or type the passphrase."), job.errorString(), false};
    return {Error::Code::Storage, KeychainStore::tr("The keychain cannot be used here. Type the passphrase each time."), job.errorString(), false};
}

/// Starts the job and turns its end into a reply. The job deletes itself.
template<class T, class Job, class Value>
Reply<T> run(Job *job, Value value)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    QObject::connect(job, &QKeychain::Job::finished, job, [promise, value](QKeychain::Job *done) {
        if (done->error() == QKeychain::NoError)
            promise->addResult(value(static_cast<Job *>(done)));
        else
            promise->addResult(Result<T>(fail(errorOf(*done))));
        promise->finish();
    });
    job->start();
    return promise->future();
}

} // namespace

KeychainStore::KeychainStore(QObject *parent) : QObject(parent) {}

Reply<QByteArray> KeychainStore::read(const QString &key)
{
    auto *job = new QKeychain::ReadPasswordJob(serviceName);
    job->setKey(key);
    return run<QByteArray>(job, [](QKeychain::ReadPasswordJob *done) { return Result<QByteArray>(done->binaryData()); });
}

Reply<void> KeychainStore::write(const QString &key, const QByteArray &secret)
{
    auto *job = new QKeychain::WritePasswordJob(serviceName);
    job->setKey(key);
    job->setBinaryData(secret);
    return run<void>(job, [](QKeychain::WritePasswordJob *) { return Status(); });
}

Reply<void> KeychainStore::remove(const QString &key)
{
    auto *job = new QKeychain::DeletePasswordJob(serviceName);
    job->setKey(key);
    return run<void>(job, [](QKeychain::DeletePasswordJob *) { return Status(); });
}

} // namespace parapet::console
