// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "models/ports/page.h"

#include <QtCore/QJsonValue>

namespace parapet::plane {

/// A place in a list: opaque to clients, checked when it comes back.
QString cursorOf(const PageRequest &request, const QJsonValue &sortValue, const QString &id);
struct CursorPlace {
    QJsonValue sortValue;
    QString id;
};
Result<CursorPlace> placeOf(const PageRequest &request);

/// 400 with the reason and where: "…: /reason".
Failure invalid(const QString &message, const QString &pointer = {});

} // namespace parapet::plane
