// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

namespace parapet {

/// `text` with everything that looks like a secret replaced by "[redacted]": Authorization and Cookie header values,
/// bearer and basic credentials, JSON web tokens, PEM private keys, a URL's user information, and values of members and
/// parameters named password, passphrase, secret, token, key or the like. For Error::detail and logs: the last net, not
/// a licence to put secrets there.
QString redacted(const QString &text);

} // namespace parapet
