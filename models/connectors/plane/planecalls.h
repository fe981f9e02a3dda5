// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "models/domain/auditevent.h"
#include "models/ports/change.h"
#include "models/ports/page.h"
#include "models/transport/httpmessage.h"

#include <QtCore/QJsonObject>

namespace parapet::planeconnector {

/// The base URLs of a plane's three interfaces.
struct Endpoints {
    QUrl control;
    QUrl audit;
    QUrl agent;
};

} // namespace parapet::planeconnector

/// Requests of the plane's contract (resources/api/openapi.yaml), as values: what the ports send and the console shows
/// as curl.
namespace parapet::planecalls {

using planeconnector::Endpoints;

using Parameters = QVector<std::pair<QString, QString>>;

/// `path` may hold "{}" once: the identifier's place. All may go out together with others at the same base URL.
transport::HttpRequest get(const QUrl &base, const QString &path, const QString &id = {},
                           const Parameters &parameters = {});
/// A call that changes something; `body` gets the change's reason.
transport::HttpRequest post(const QUrl &base, const QString &path, const QString &id, const Change &change,
                            QJsonObject body = {});
/// A page of a list; a long one goes out alone, since it is more than may come with others.
transport::HttpRequest page(const QUrl &base, const QString &path, const PageRequest &request);
Parameters parametersOf(const PageRequest &request);
QJsonObject bodyOf(const AuditEvent &draft);

/// Invalid when an identifier or an idempotency key cannot go into a request.
Status check(const QString &id);
Status check(const QString &id, const Change &change);

/// By the command's verb; see fleet::Connection::equivalentCall(). No method: there is no such verb.
transport::HttpRequest byVerb(const Endpoints &endpoints, const QString &verb, const QString &subject);

} // namespace parapet::planecalls
