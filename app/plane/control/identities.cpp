// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/control/identities.h"

#include "app/plane/control/authority.h"
#include "models/core/json.h"
#include "models/wire/reader.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFile>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

constexpr auto issuedLifetime = std::chrono::hours(24 * 90);

Result<PendingIdentity> identityFrom(const QByteArray &bytes)
{
    const Result<QJsonValue> json = parseJson(bytes);
    if (!json)
        return fail(json.error());
    wire::ObjectReader reader(json->toObject());
    PendingIdentity identity;
    identity.id = reader.id<PrincipalTag>("id").value;
    identity.name = reader.text("name", wire::Missing::Refuse, 256);
    identity.kind = ActorKind(reader.enumeration("kind", EnumNames<ActorKind>::names));
    identity.role = reader.text("role", wire::Missing::Refuse, 64);
    identity.scope = reader.text("scope", wire::Missing::Refuse, 160);
    if (const auto error = reader.finish(wire::Unknown::Refuse))
        return fail(*error);
    return identity;
}

} // namespace

Status bindRole(Unit &unit, const Authority &before, const QString &principal, const QString &role, const QString &scope)
{
    const BindingRow binding{PrincipalId(principal), role, scope};
    Result<std::shared_ptr<const Authority>> after = before.with(binding);
    if (!after)
        return fail(after.error());
    unit.setAuthority(*after);
    unit.sql([binding](storage::Database &database) { return Authority::storeBinding(database, binding); });
    return {};
}

bool Identities::arePending() const
{
    return !QDir(m_folder).entryList({u"*.json"_s}, QDir::Files).isEmpty();
}

void Identities::adopt(Unit &unit)
{
    const QDir folder(m_folder);
    for (const QString &name : folder.entryList({u"*.json"_s}, QDir::Files, QDir::Name)) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const Result<PendingIdentity> identity = identityFrom(file.read(65536));
        AuditEvent event;
        event.origin = u"control"_s;
        event.actor = PrincipalId(u"plane"_s);
        event.actorName = Untrusted(u"plane"_s);
        event.source = u"local"_s;
        event.action = u"identity.issue"_s;
        event.target = Untrusted(identity ? identity->id : name.left(128));
        Status bound = identity ? Status() : Status(fail(identity.error()));
        if (bound)
            bound = bindRole(unit, *unit.authority(), identity->id, identity->role, identity->scope);
        if (bound) {
            Principal principal = unit.find<Principal>(identity->id).value_or(Principal());
            if (principal.id.isEmpty()) {
                principal.id = PrincipalId(identity->id);
                principal.name = Untrusted(identity->name);
                principal.kind = identity->kind;
            }
            // What it may do has changed: whoever watches is told, above all itself.
            unit.put(principal);
            event.detail = Untrusted(u"%1 in %2"_s.arg(identity->role, identity->scope));
        } else {
            event.outcome = Outcome::Failure;
            event.detail = Untrusted(bound.error().message);
        }
        unit.record(event);
        // Only once it is durable: a crash before that takes it up again.
        unit.afterCommit([path = file.fileName()] { QFile::remove(path); });
    }
}

Started<void> Identities::issue(const QString &dataFolder, const PendingIdentity &identity, const QString &out, const Clock &clock)
{
    const auto refused = [](ExitCode code, const QString &message, const QString &detail = {}) {
        return tl::unexpected<Refused>({code, message, detail});
    };
    if (!isIdentifier(identity.id))
        return refused(ExitUsage, QCoreApplication::translate("plane", "The principal is 1 to 128 letters, digits or . _ : -"));
    if (const Started<void> checked = DataFolder::checkPrivate(dataFolder); !checked)
        return checked;
    if (const auto scope = access::Scope::fromText(identity.scope); !scope)
        return refused(ExitUsage, scope.error().message);
    Result<crypto::Identity> stored = crypto::Identity::load(QDir(dataFolder).filePath(u"ca-key.pem"_s));
    if (!stored) {
        return refused(stored.error().code == Error::Code::Forbidden ? ExitExposed : ExitFailure,
                       QCoreApplication::translate("plane", "The authority of the data folder cannot be read. Start a plane on it once."),
                       stored.error().detail);
    }
    const Result<crypto::CertificateAuthority> authority = crypto::CertificateAuthority::fromIdentity(std::move(*stored));
    if (!authority)
        return refused(ExitFailure, authority.error().message, authority.error().detail);
    const crypto::Identity made = authority->issueClient(identity.id, identity.name, crypto::Validity{clock, issuedLifetime});
    if (const Status saved = made.save(out); !saved)
        return refused(ExitFailure, saved.error().message, saved.error().detail);
    const QJsonObject json{{u"id"_s, identity.id}, {u"name"_s, identity.name}, {u"kind"_s, nameOf(identity.kind)},
                           {u"role"_s, identity.role}, {u"scope"_s, identity.scope}};
    const QString path = QDir(dataFolder).filePath(u"identities/%1.json"_s.arg(newIdentifier(u"id")));
    if (const Status saved = crypto::writePrivateFile(path, canonicalJson(json)); !saved)
        return refused(ExitFailure, saved.error().message, saved.error().detail);
    return {};
}

} // namespace parapet::plane
