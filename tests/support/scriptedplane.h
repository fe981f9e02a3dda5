// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/profile.h"
#include "tests/support/fakeworld.h"
#include "tests/support/scriptedserver.h"

namespace parapet::support {

/// A plane's three interfaces on one scripted server, over a FakeWorld: enough for a connection and its observers, and
/// every answer can be overruled to be wrong. The real one is PlaneProcess.
class ScriptedPlane
{
public:
    ScriptedPlane();

    fleet::Profile profile() const;
    /// Says hello on the open stream.
    void greet(int pingSeconds = 10);
    void ping() { server.send("event: ping\ndata: {}\n\n"); }

    CertificateFactory factory;
    ScriptedServer server;
    ScriptedServer targets; ///< accept or refuse leases; ask for no client certificate
    FakeWorld world;
    QString logName = QStringLiteral("log.example");
    /// Instead of the plane's own answer, by path.
    QHash<QString, ScriptedServer::Answer> overruled;
    /// Secrets that are accepted although what they belong to was revoked.
    QSet<QByteArray> accepted;

private:
    ScriptedServer::Answer answer(const ScriptedServer::Request &request);
    ScriptedServer::Answer tryToken(const ScriptedServer::Request &request);
    ScriptedServer::Answer tryLease(const ScriptedServer::Request &request);
    ScriptedServer::Answer heldSecrets(const WorkspaceId &id);
};

} // namespace parapet::support
