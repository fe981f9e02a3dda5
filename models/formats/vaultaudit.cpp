// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/formats/vaultaudit.h"

#include "models/formats/importtext.h"
#include "models/formats/jsonline.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QHash>

#include <deque>

namespace parapet::formats {

namespace {

/// What may wait for a response: requests, and their bytes together.
constexpr qsizetype mostVaultRequests = 4096;
constexpr qsizetype mostVaultBytes = 32 << 20;

/// How an entity came in, as display names begin: these are people's.
bool isPersonsLogin(std::string_view display)
{
    for (const std::string_view method : {"userpass-", "ldap-", "oidc-", "github-", "okta-", "radius-", "saml-"}) {
        if (display.starts_with(method))
            return true;
    }
    return false;
}

std::string minifiedOf(const JsonMembers &object, std::string_view name)
{
    const auto member = object.at_key(name);
    return member.error() || member.value_unsafe().is_null() ? std::string() : std::string(simdjson::minify(member.value_unsafe()));
}

struct VaultEntry {
    std::string_view type, time, error, id;
    JsonMembers request, auth;
    bool hasAuth = false;
};

Outcome outcomeOfVault(std::string_view error)
{
    if (error.empty())
        return Outcome::Success;
    for (const std::string_view refusal : {"permission denied", "missing client token", "invalid token", "bad token", "token not found"}) {
        if (error.find(refusal) != std::string_view::npos)
            return Outcome::Denied;
    }
    return Outcome::Failure;
}

void nameVaultActor(const VaultEntry &entry, AuditEvent &event, DetailJson &detail)
{
    if (!entry.hasAuth) {
        event.actorName = Untrusted(QStringLiteral("not logged in"));
        return;
    }
    const std::string_view display = textOf(entry.auth, "display_name");
    const std::string_view entity = textOf(entry.auth, "entity_id");
    event.actor = PrincipalId(importedIdentifier(entity.empty() ? display : entity));
    event.actorName = Untrusted(importedText(display.empty() ? entity : display, longestImportedName));
    event.actorKind = isPersonsLogin(display) ? ActorKind::Human : ActorKind::Service;
    event.session = SessionId(importedIdentifier(textOf(entry.auth, "accessor")));
    detail.json("policies", minifiedOf(entry.auth, "policies"));
    detail.json("metadata", minifiedOf(entry.auth, "metadata"));
    detail.text("tokenType", textOf(entry.auth, "token_type"));
}

AuditEvent eventOfVault(const VaultEntry &entry, Instant time)
{
    AuditEvent event;
    DetailJson detail;
    event.time = time;
    nameVaultActor(entry, event, detail);
    const std::string_view path = textOf(entry.request, "path");
    std::string_view mount = textOf(entry.request, "mount_type");
    if (mount.empty())
        mount = path.substr(0, path.find('/'));
    event.action = QStringLiteral("vault");
    appendAction(event.action, mount);
    appendAction(event.action, textOf(entry.request, "operation"));
    JsonMembers space;
    std::string target;
    if (objectOf(entry.request, "namespace", space))
        target = textOf(space, "path");
    target += path;
    event.target = Untrusted(importedText(target, longestImportedTarget));
    event.outcome = outcomeOfVault(entry.error);
    event.source = importedAddress(textOf(entry.request, "remote_address"));
    event.requestId = importedIdentifier(entry.id);
    detail.text("error", entry.error);
    detail.text("mountPoint", textOf(entry.request, "mount_point"));
    detail.text("clientId", textOf(entry.request, "client_id"));
    detail.json("data", minifiedOf(entry.request, "data"));
    if (event.source.isEmpty())
        detail.text("remoteAddress", textOf(entry.request, "remote_address"));
    if (event.requestId.isEmpty())
        detail.text("requestId", entry.id);
    if (entry.type == "request")
        detail.text("response", "none was logged");
    event.detail = Untrusted(detail.take());
    return event;
}

class VaultImporter final : public LineImporter
{
public:
    void line(qint64 number, QByteArrayView bytes, ImportSink &sink) override
    {
        VaultEntry entry;
        Instant time{};
        if (const QString wrong = read(m_json, bytes, entry, time); !wrong.isEmpty())
            return sink.aside(number, bytes, wrong);
        const QByteArray id(entry.id.data(), qsizetype(entry.id.size()));
        if (entry.type == "request") {
            // A second request of the same name is another one: the first stays alone.
            if (m_byId.contains(id))
                close(id, sink);
            m_byId.insert(id, {number, bytes.toByteArray()});
            m_order.push_back({number, id});
            m_bytes += bytes.size();
            while (m_byId.size() > mostVaultRequests || m_bytes > mostVaultBytes)
                closeOldest(sink);
            return;
        }
        AuditEvent event = eventOfVault(entry, time);
        const auto request = m_byId.constFind(id);
        const bool joined = request != m_byId.cend();
        if (joined)
            forget(id);
        sink.event(std::move(event), joined ? 1 : 0);
    }

    void end(ImportSink &sink) override
    {
        while (!m_byId.isEmpty())
            closeOldest(sink);
    }

    QVector<WaitingLine> waiting() const override
    {
        QVector<WaitingLine> lines;
        for (const auto &[number, id] : m_order) {
            const auto request = m_byId.constFind(id);
            if (request != m_byId.cend() && request->number == number)
                lines.append(*request);
        }
        return lines;
    }

private:
    static QString read(JsonLine &json, QByteArrayView bytes, VaultEntry &entry, Instant &time)
    {
        const Result<JsonMembers> root = json.parse(bytes);
        if (!root)
            return root.error().message;
        entry.type = textOf(*root, "type");
        if (entry.type != "request" && entry.type != "response")
            return QCoreApplication::translate("formats", "Its type is neither “request” nor “response”.");
        if (!objectOf(*root, "request", entry.request))
            return QCoreApplication::translate("formats", "It has no request.");
        entry.id = textOf(entry.request, "id");
        if (entry.id.empty() || entry.id.size() > 256)
            return QCoreApplication::translate("formats", "Its request has no id.");
        entry.error = textOf(*root, "error");
        entry.hasAuth = objectOf(*root, "auth", entry.auth);
        JsonMembers response;
        if (!entry.hasAuth && objectOf(*root, "response", response))
            entry.hasAuth = objectOf(response, "auth", entry.auth); // a login answers who came in
        time = importedTime(textOf(*root, "time"));
        return isKnown(time) ? QString() : QCoreApplication::translate("formats", "Its time is not a time of RFC 3339.");
    }

    void forget(const QByteArray &id)
    {
        const auto request = m_byId.constFind(id);
        m_bytes -= request->bytes.size();
        m_byId.erase(request);
        while (!m_order.empty()) {
            const auto first = m_byId.constFind(m_order.front().second);
            if (first != m_byId.cend() && first->number == m_order.front().first)
                break;
            m_order.pop_front();
        }
    }

    /// The request becomes an event of its own.
    void close(const QByteArray &id, ImportSink &sink)
    {
        const WaitingLine request = m_byId.value(id);
        forget(id);
        VaultEntry entry;
        Instant time{};
        if (const QString wrong = read(m_closing, request.bytes, entry, time); wrong.isEmpty())
            sink.event(eventOfVault(entry, time), 0);
        else
            sink.aside(request.number, request.bytes, wrong);
    }

    void closeOldest(ImportSink &sink)
    {
        const QByteArray id = m_order.front().second;
        close(id, sink);
    }

    JsonLine m_json;
    JsonLine m_closing; ///< reads a request that is closed while a line of m_json is still in use
    QHash<QByteArray, WaitingLine> m_byId;
    std::deque<std::pair<qint64, QByteArray>> m_order; ///< numbers and ids; its first one waits
    qsizetype m_bytes = 0;
};

} // namespace

std::unique_ptr<LineImporter> makeVaultImporter()
{
    return std::make_unique<VaultImporter>();
}

} // namespace parapet::formats
