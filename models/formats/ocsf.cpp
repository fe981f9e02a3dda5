// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/formats/ocsf.h"

#include "models/wire/writer.h"

namespace parapet::formats {

namespace {

constexpr int ocsfAuthentication = 3002;
constexpr int ocsfApiActivity = 6003;
constexpr int ocsfOther = 99;

struct OcsfClass {
    int uid = ocsfApiActivity;
    int activity = ocsfOther;
    const char *activityName = "Other";
};

bool isOneOf(QStringView text, std::initializer_list<const char *> words)
{
    return std::any_of(words.begin(), words.end(), [&](const char *word) { return text == QLatin1String(word); });
}

OcsfClass ocsfClassOf(const QString &action)
{
    const QStringView last = QStringView(action).mid(action.lastIndexOf(u'.') + 1);
    const bool session = action.startsWith(QLatin1String("session."));
    if (isOneOf(last, {"login", "logon", "user_login", "user_auth"}) || (session && isOneOf(last, {"start", "begin", "open"})))
        return {ocsfAuthentication, 1, "Logon"};
    if (isOneOf(last, {"logout", "logoff", "user_logout"}) || (session && isOneOf(last, {"end", "expire", "close"})))
        return {ocsfAuthentication, 2, "Logoff"};
    if (isOneOf(last, {"create", "issue", "start", "add", "launch", "mkdir", "mkdirat"}))
        return {ocsfApiActivity, 1, "Create"};
    if (isOneOf(last, {"read", "list", "count", "watch", "get"}))
        return {ocsfApiActivity, 2, "Read"};
    if (isOneOf(last, {"update", "patch", "put", "renew", "freeze", "thaw", "isolate", "rejoin", "suspend", "resume", "rename", "chmod"}))
        return {ocsfApiActivity, 3, "Update"};
    if (isOneOf(last, {"delete", "deletecollection", "revoke", "terminate", "stop", "end", "remove", "unlink", "unlinkat", "rmdir"}))
        return {ocsfApiActivity, 4, "Delete"};
    return {};
}

/// One JSON object after the other, member by member.
class OcsfWriter
{
public:
    void open(const char *name) { begin(name); m_out += '{'; }
    void close() { m_out += '}'; }
    void raw(const char *name, QByteArrayView json) { begin(name); m_out.append(json); }
    void number(const char *name, qint64 value) { begin(name); wire::appendInteger(m_out, value); }
    void text(const char *name, QStringView value)
    {
        if (value.isEmpty())
            return;
        begin(name);
        wire::appendString(m_out, value);
    }
    void text(const char *name, const char *value) { text(name, QString::fromLatin1(value)); }
    QByteArray m_out = "{";

private:
    void begin(const char *name)
    {
        if (!m_out.endsWith('{') )
            m_out += ',';
        m_out += '"';
        m_out += name;
        m_out += "\":";
    }
};

/// Characters that some readers take for the end of a line, though JSON allows them in strings: as escapes.
QByteArray escapedSeparators(const QByteArray &json)
{
    QByteArray out;
    out.reserve(json.size());
    for (qsizetype at = 0; at < json.size(); ++at) {
        const uchar c = uchar(json[at]);
        const uchar next = at + 1 < json.size() ? uchar(json[at + 1]) : 0;
        if (c == 0x7f) {
            out += "\\u007f";
        } else if (c == 0xC2 && next >= 0x80 && next < 0xA0) {
            out += "\\u00" + QByteArray(1, char(next)).toHex();
            ++at;
        } else if (c == 0xE2 && next == 0x80 && at + 2 < json.size() && (uchar(json[at + 2]) == 0xA8 || uchar(json[at + 2]) == 0xA9)) {
            out += uchar(json[at + 2]) == 0xA8 ? "\\u2028" : "\\u2029";
            at += 2;
        } else {
            out += char(c);
        }
    }
    return out;
}

void writeOcsfUser(OcsfWriter &out, const AuditEvent &event)
{
    static constexpr int typeIds[] = {1, ocsfOther, 3}; // User, Other, System
    static constexpr const char *types[] = {"User", "AI agent", "System"};
    out.open("user");
    out.text("uid", event.actor.value);
    out.text("name", event.actorName.isEmpty() ? QString(event.actor.value) : event.actorName.raw());
    out.number("type_id", typeIds[size_t(event.actorKind)]);
    out.text("type", types[size_t(event.actorKind)]);
    out.close();
}

void writeOcsfMetadata(OcsfWriter &out, const AuditEvent &event, const Product &product)
{
    out.open("metadata");
    out.text("version", ocsfVersion);
    out.open("product");
    out.text("name", "parapet-plane");
    out.text("vendor_name", "Parapet");
    out.text("version", product.version);
    out.close();
    out.text("uid", product.log + u'/' + QString::number(event.index));
    out.text("event_code", event.action);
    out.text("log_name", product.log);
    out.text("log_provider", event.origin);
    out.number("sequence", event.index);
    out.text("original_time", toRfc3339(event.time));
    out.close();
}

} // namespace

QByteArray toOcsf(const AuditEvent &event, const Product &product)
{
    const OcsfClass kind = ocsfClassOf(event.action);
    const bool logon = kind.uid == ocsfAuthentication;
    const bool done = event.outcome == Outcome::Success;
    OcsfWriter out;
    writeOcsfMetadata(out, event, product);
    out.number("category_uid", kind.uid / 1000);
    out.text("category_name", logon ? "Identity & Access Management" : "Application Activity");
    out.number("class_uid", kind.uid);
    out.text("class_name", logon ? "Authentication" : "API Activity");
    out.number("activity_id", kind.activity);
    out.text("activity_name", kind.activity == ocsfOther ? event.action : QString::fromLatin1(kind.activityName));
    out.number("type_uid", qint64(kind.uid) * 100 + kind.activity);
    out.number("time", event.time.time_since_epoch().count());
    out.number("severity_id", done ? 1 : 2);
    out.text("severity", done ? "Informational" : "Low");
    out.number("status_id", done ? 1 : 2);
    out.text("status", done ? "Success" : "Failure");
    out.text("status_code", nameOf(event.outcome));
    out.text("status_detail", event.reason.raw());
    out.open("actor");
    writeOcsfUser(out, event);
    if (!event.session.isEmpty()) {
        out.open("session");
        out.text("uid", event.session.value);
        out.close();
    }
    out.close();
    if (logon) {
        writeOcsfUser(out, event);
        out.open("service");
        out.text("name", event.origin.isEmpty() ? QStringLiteral("parapet-plane") : event.origin);
        out.close();
    } else {
        out.open("api");
        out.text("operation", event.action);
        if (!event.requestId.isEmpty()) {
            out.open("request");
            out.text("uid", event.requestId);
            out.close();
        }
        out.close();
    }
    const bool address = event.source.contains(u'.') || event.source.contains(u':');
    out.open("src_endpoint");
    out.text(address ? "ip" : "name", event.source.isEmpty() ? QStringLiteral("unknown") : event.source);
    out.close();
    if (!event.target.isEmpty() && !logon) {
        QByteArray resource = "[{\"name\":";
        wire::appendString(resource, event.target.raw());
        out.raw("resources", resource + "}]");
    }
    out.open("unmapped");
    out.number("index", event.index);
    out.text("outcome", nameOf(event.outcome));
    out.text("actor_kind", nameOf(event.actorKind));
    out.text("workspace", event.workspace.value);
    if (logon)
        out.text("target", event.target.raw());
    out.text("origin", event.origin);
    out.number("origin_sequence", event.originSequence);
    out.text("request_id", event.requestId);
    out.text("detail", event.detail.raw());
    out.close();
    out.close();
    return escapedSeparators(out.m_out);
}

} // namespace parapet::formats
