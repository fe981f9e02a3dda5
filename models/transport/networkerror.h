// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/error.h"

#include <QtCore/QUrl>
#include <QtNetwork/QNetworkReply>

namespace parapet::transport {

/// Why a request to `url` has no usable answer, from Qt's code and text. `verificationFailed`: the handshake found the
/// peer wrong.
Error networkErrorOf(QNetworkReply::NetworkError code, const QString &text, bool verificationFailed, const QUrl &url);

} // namespace parapet::transport
