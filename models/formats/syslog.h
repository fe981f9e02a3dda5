// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/auditevent.h"
#include "models/formats/product.h"

#include <QtCore/QByteArray>

namespace parapet::formats {

/// The longest message: what a receiver should take (RFC 5425 §4.3.1). The detail is cut, then the rest is short enough.
constexpr qsizetype longestSyslog = 8192;

/// An event as one syslog message (RFC 5424): facility 13 (log audit); severity informational, warning (denied) or error (failed);
/// MSGID the action; the fields as structured data `parapet@ENTERPRISE`; the text a sentence in UTF-8 with its byte order mark.
/// No control character is in it, so that no field makes another message, however the transport divides them.
QByteArray toSyslog(const AuditEvent &event, const Product &product);
/// The same head with another text, for receivers that read CEF or JSON out of syslog: no structured data, no byte order mark.
QByteArray toSyslog(const AuditEvent &event, const Product &product, QByteArrayView text);

/// RFC 5425 §4.3 (and RFC 6587 §3.4.1): the length in octets, a space, the message.
QByteArray octetCounted(QByteArrayView message);

/// PARAM-VALUE of RFC 5424 §6.3.3 without its quotes: '"', '\' and ']' get a backslash, control characters become visible.
QByteArray syslogParameter(const QString &text, int most);

} // namespace parapet::formats
