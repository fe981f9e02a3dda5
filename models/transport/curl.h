// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/transport/httpmessage.h"

#include <QtCore/QString>

namespace parapet::transport {

/// The request as a curl command line for a POSIX shell. Paths and identities are the shell variables CA and IDENTITY,
/// and an Authorization header is shown without its value, so that nothing secret is copied along.
QString curlOf(const HttpRequest &request);

/// A URL as it may be logged: without user information and fragment.
QString loggableUrl(const QUrl &url);

} // namespace parapet::transport
