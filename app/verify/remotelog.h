// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/verify/logsource.h"

#include <QtCore/QUrl>

#include <memory>

namespace parapet::verify {

/// How a log that is published over HTTPS is reached.
struct RemoteAccess {
    QUrl url;              ///< the prefix of its tiles
    QString authority;     ///< PEM file of the one authority that is trusted; empty: those of this machine
    QString certificate;   ///< PEM file: who we are; empty: nobody
    QString privateKey;    ///< PEM file of its key; empty: it is in the same file
    int retries = 5;       ///< how often what failed for now is tried again
    /// Asked when the key is locked.
    std::function<Result<QByteArray>(const QString &file)> passphrase{};
};

/// Why such an address cannot be one of a log, in a sentence; empty when it can.
QString problemOfLogUrl(const QUrl &url);

/// A log behind a URL: TLS 1.3, no redirects, every request bounded in time and size, a few at once on a thread of their own. What fails
/// for now (no connection, 429, 502, 503, 504) is tried again after a while, or after as long as the log asks for, up to five minutes.
/// To be used by one thread. An interruption (interruption.h) ends what it waits for.
class RemoteLog
{
public:
    static constexpr int parallel = 8;

    /// Reads the files. Connects with the first read.
    static Result<std::unique_ptr<RemoteLog>> open(const RemoteAccess &access);
    ~RemoteLog();
    Q_DISABLE_COPY_MOVE(RemoteLog)

    /// Lives no longer than this.
    LogSource source();
    /// POST v1/cosignatures: `line` is one signature line without its newline.
    Status sendCosignature(qint64 size, const QString &line);

private:
    struct Inside;
    explicit RemoteLog(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> m_inside;
};

} // namespace parapet::verify
