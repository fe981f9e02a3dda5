// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QByteArray>
#include <QtCore/QString>

namespace parapet::plane {

/// What an event is shipped as.
enum class ShippingFormat { Rfc5424, Cef, Ocsf };
QString nameOf(ShippingFormat format);

/// Where the log is shipped to: syslog+tls://HOST:PORT?format=rfc5424|cef|ocsf[&ca=FILE][&identity=FILE][&enterprise=NUMBER][&from=now].
/// The port is 6514 unless it says another one (RFC 5425 §4.1).
struct ShippingDestination {
    QString host;
    quint16 port = 6514;
    ShippingFormat format = ShippingFormat::Rfc5424;
    QByteArray authorities; ///< PEM; empty: those that the machine trusts
    QByteArray certificate; ///< PEM of this side's identity; empty: none is shown
    QByteArray key;
    quint32 enterprise = 32473;
    bool fromNow = false;   ///< the first time: only what is appended from then on

    /// "siem.example:6514 as rfc5424": what its position is stored under, and what people see.
    QString name() const;

    /// Reads the files that it names. Code Invalid; Forbidden when others can read the identity.
    static Result<ShippingDestination> fromUrl(const QString &url);
};

} // namespace parapet::plane
