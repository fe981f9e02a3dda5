// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/formats/kubernetesaudit.h"

#include "models/formats/importtext.h"
#include "models/formats/jsonline.h"

#include <QtCore/QCoreApplication>

namespace parapet::formats {

namespace {

/// What a line says, by the members that the table names.
struct KubernetesLine {
    std::string_view kind, version, stage, auditId, verb, uri, level, userAgent, received, staged, source;
    std::string_view user, userUid, asUser;
    std::string_view resource, subresource, group, space, object;
    std::string_view decision, decisionReason, status, statusReason;
    qint64 code = 0;
    bool hasObject = false, requestBody = false, responseBody = false;
};

void readObjectReference(const JsonMembers &object, KubernetesLine &line)
{
    line.hasObject = true;
    for (const auto member : object) {
        if (member.key == "resource")
            line.resource = textOf(member.value);
        else if (member.key == "subresource")
            line.subresource = textOf(member.value);
        else if (member.key == "apiGroup")
            line.group = textOf(member.value);
        else if (member.key == "namespace")
            line.space = textOf(member.value);
        else if (member.key == "name")
            line.object = textOf(member.value);
    }
}

KubernetesLine readKubernetesLine(const JsonMembers &root)
{
    KubernetesLine line;
    for (const auto member : root) {
        const std::string_view name = member.key;
        const JsonNode value = member.value;
        JsonMembers object;
        if (name == "kind") {
            line.kind = textOf(value);
        } else if (name == "apiVersion") {
            line.version = textOf(value);
        } else if (name == "stage") {
            line.stage = textOf(value);
        } else if (name == "auditID") {
            line.auditId = textOf(value);
        } else if (name == "verb") {
            line.verb = textOf(value);
        } else if (name == "requestURI") {
            line.uri = textOf(value);
        } else if (name == "level") {
            line.level = textOf(value);
        } else if (name == "userAgent") {
            line.userAgent = textOf(value);
        } else if (name == "requestReceivedTimestamp") {
            line.received = textOf(value);
        } else if (name == "stageTimestamp") {
            line.staged = textOf(value);
        } else if (name == "requestObject") {
            line.requestBody = true;
        } else if (name == "responseObject") {
            line.responseBody = true;
        } else if (name == "sourceIPs") {
            simdjson::dom::array addresses;
            if (!value.get_array().get(addresses) && addresses.begin() != addresses.end())
                line.source = textOf(*addresses.begin());
        } else if (!value.get_object().get(object)) {
            if (name == "user") {
                line.user = textOf(object, "username");
                line.userUid = textOf(object, "uid");
            } else if (name == "impersonatedUser") {
                line.asUser = textOf(object, "username");
            } else if (name == "objectRef") {
                readObjectReference(object, line);
            } else if (name == "responseStatus") {
                if (std::int64_t code = 0; !object.at_key("code").get_int64().get(code))
                    line.code = code;
                line.status = textOf(object, "status");
                line.statusReason = textOf(object, "reason");
            } else if (name == "annotations") {
                line.decision = textOf(object, "authorization.k8s.io/decision");
                line.decisionReason = textOf(object, "authorization.k8s.io/reason");
            }
        }
    }
    return line;
}

Outcome outcomeOf(const KubernetesLine &line)
{
    if (line.decision == "forbid" || line.code == 401 || line.code == 403)
        return Outcome::Denied;
    if (line.stage == "Panic" || line.code >= 400 || line.status == "Failure")
        return Outcome::Failure;
    return Outcome::Success;
}

/// get, list and watch only look: their actions end as those of our own that only look.
std::string_view actionOf(std::string_view verb)
{
    return verb == "get" ? std::string_view("read") : verb;
}

std::string targetOf(const KubernetesLine &line)
{
    std::string target;
    if (!line.hasObject) {
        target = line.uri;
        return target;
    }
    for (const std::string_view part : {line.group, line.resource, line.space, line.object, line.subresource}) {
        if (part.empty())
            continue;
        if (!target.empty())
            target += '/';
        target += part;
    }
    return target;
}

AuditEvent eventOf(const KubernetesLine &line, Instant time)
{
    AuditEvent event;
    event.time = time;
    event.actor = PrincipalId(importedIdentifier(line.user));
    event.actorName = Untrusted(importedText(line.user, longestImportedName));
    event.actorKind = line.user.starts_with("system:") || line.user.empty() ? ActorKind::Service : ActorKind::Human;
    event.action = QStringLiteral("k8s");
    appendAction(event.action, line.hasObject ? line.resource : std::string_view("nonresource"));
    appendAction(event.action, line.subresource);
    appendAction(event.action, actionOf(line.verb));
    event.target = Untrusted(importedText(targetOf(line), longestImportedTarget));
    event.outcome = outcomeOf(line);
    event.source = importedAddress(line.source);
    event.requestId = importedIdentifier(line.auditId);
    DetailJson detail;
    detail.text("verb", line.verb);
    if (line.code)
        detail.number("code", line.code);
    detail.text("statusReason", line.statusReason);
    detail.text("decision", line.decision);
    detail.text("decisionReason", line.decisionReason);
    detail.text("impersonated", line.asUser);
    detail.text("userUid", line.userUid);
    detail.text("userAgent", line.userAgent);
    detail.text("level", line.level);
    if (line.stage != "ResponseComplete")
        detail.text("stage", line.stage);
    if (line.hasObject)
        detail.text("requestURI", line.uri);
    if (event.source.isEmpty())
        detail.text("sourceIP", line.source);
    if (event.requestId.isEmpty())
        detail.text("auditID", line.auditId);
    if (line.requestBody)
        detail.notTaken("requestObject");
    if (line.responseBody)
        detail.notTaken("responseObject");
    event.detail = Untrusted(detail.take());
    return event;
}

class KubernetesImporter final : public LineImporter
{
public:
    void line(qint64 number, QByteArrayView bytes, ImportSink &sink) override
    {
        const Result<JsonMembers> root = m_json.parse(bytes);
        if (!root)
            return sink.aside(number, bytes, root.error().message);
        const KubernetesLine line = readKubernetesLine(*root);
        if (line.kind != "Event" || line.version != "audit.k8s.io/v1")
            return sink.aside(number, bytes, QCoreApplication::translate("formats", "It is not an Event of audit.k8s.io/v1."));
        if (line.stage == "RequestReceived")
            return sink.skipped("stage RequestReceived: told again when the request ends");
        if (line.stage == "ResponseStarted")
            return sink.skipped("stage ResponseStarted: told again when the request ends");
        if (line.stage != "ResponseComplete" && line.stage != "Panic")
            return sink.aside(number, bytes, QCoreApplication::translate("formats", "Its stage is not one of audit.k8s.io/v1."));
        if (line.verb.empty() || line.auditId.empty())
            return sink.aside(number, bytes, QCoreApplication::translate("formats", "It has no verb or no auditID."));
        const Instant time = importedTime(line.staged.empty() ? line.received : line.staged);
        if (!isKnown(time))
            return sink.aside(number, bytes, QCoreApplication::translate("formats", "Its stageTimestamp is not a time of RFC 3339."));
        sink.event(eventOf(line, time), 0);
    }

private:
    JsonLine m_json;
};

} // namespace

std::unique_ptr<LineImporter> makeKubernetesImporter()
{
    return std::make_unique<KubernetesImporter>();
}

} // namespace parapet::formats
