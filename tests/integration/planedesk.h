// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/crypto/certificate.h"
#include "models/fleet/connection.h"
#include "models/operation/runner.h"
#include "models/response/actions.h"
#include "models/response/revocationcertifier.h"
#include "models/response/revoke.h"
#include "tests/support/waiting.h"

#include <QtCore/QJsonObject>

namespace parapet::support {

/// What a console is without its window: the connection to a plane, and a runner over it.
class PlaneDesk
{
public:
    PlaneDesk(const fleet::Profile &profile, const QString &folder, FileCalls &files = FileCalls::system())
        : m_profile(profile), m_folder(folder), m_files(files)
    {
    }
    ~PlaneDesk() { runner.reset(); }

    /// Connects and waits until the system has said who we are and what it can do.
    Status open()
    {
        connection = std::make_unique<fleet::Connection>(m_profile, m_secrets);
        connection->open();
        const bool there = waitUntil([this] {
            return connection->stopReason() || (connection->self() && connection->system().runtime && connection->system().runtime->capability(QStringLiteral("terminate")).isPresent());
        });
        if (connection->stopReason())
            return fail(*connection->stopReason());
        if (!there)
            return fail(Error::Code::Network, connection->summary());
        auto identity = crypto::Identity::load(m_profile.identityPath);
        if (!identity)
            return fail(identity.error());
        certifier.setOperator(connection->self()->value(), std::move(*identity));
        actions = response::actionsFor(system());
        environment.folder = m_folder;
        environment.actions = actions.get();
        environment.observers = system().observers;
        environment.certifier = &certifier;
        environment.files = &m_files;
        runner = std::make_unique<operation::Runner>(environment);
        runner->listen(connection->watch());
        return {};
    }
    System system() const { return connection->system(); }
    Result<operation::Plan> plan(const response::Targets &targets)
    {
        response::PlanOptions options;
        options.system = m_profile.name;
        return await(response::planRevoke(system(), targets, QStringLiteral("INC-0147, credential misuse"), options));
    }

    std::unique_ptr<fleet::Connection> connection;
    response::RevocationCertifier certifier;
    std::unique_ptr<operation::ActionSet> actions;
    operation::Environment environment;
    std::unique_ptr<operation::Runner> runner;

private:
    const fleet::Profile m_profile;
    const QString m_folder;
    FileCalls &m_files;
    fleet::MemorySecretStore m_secrets;
};

inline QJsonObject profileToJson(const fleet::Profile &profile)
{
    return {{QStringLiteral("name"), profile.name}, {QStringLiteral("control"), profile.control.toString()}, {QStringLiteral("audit"), profile.audit.toString()},
            {QStringLiteral("agent"), profile.agent.toString()}, {QStringLiteral("ca"), profile.caPath}, {QStringLiteral("caSha256"), profile.caSha256},
            {QStringLiteral("logKey"), profile.logKey}, {QStringLiteral("identity"), profile.identityPath}, {QStringLiteral("prober"), profile.proberIdentityPath},
            {QStringLiteral("data"), profile.localData}};
}

inline fleet::Profile profileFromJson(const QJsonObject &json)
{
    const auto text = [&json](const char *name) { return json.value(QLatin1String(name)).toString(); };
    fleet::Profile profile;
    profile.name = text("name");
    profile.control = QUrl(text("control"));
    profile.audit = QUrl(text("audit"));
    profile.agent = QUrl(text("agent"));
    profile.caPath = text("ca");
    profile.caSha256 = text("caSha256");
    profile.logKey = text("logKey");
    profile.identityPath = text("identity");
    profile.proberIdentityPath = text("prober");
    profile.localData = text("data");
    return profile;
}

} // namespace parapet::support
