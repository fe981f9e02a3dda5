// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/formats/syslog.h"

namespace parapet::formats {

using namespace Qt::StringLiterals;

namespace {

constexpr int auditFacility = 13; ///< RFC 5424 §6.2.1, table 1: log audit
constexpr const char *byteOrderMark = "\xEF\xBB\xBF";

int syslogSeverity(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Success:
        return 6;
    case Outcome::Denied:
        return 4;
    case Outcome::Failure:
        break;
    }
    return 3;
}

/// PRINTUSASCII of at most `most` characters; "-" (NILVALUE) when nothing is left.
QByteArray headerField(const QString &text, qsizetype most)
{
    QByteArray field;
    for (const QChar c : text.left(most))
        field += c.unicode() > 32 && c.unicode() < 127 ? char(c.unicode()) : '_';
    return field.isEmpty() ? QByteArray("-") : field;
}

void appendHeader(QByteArray &out, const AuditEvent &event, const Product &product)
{
    const QString time = toRfc3339(event.time);
    out += '<' + QByteArray::number(auditFacility * 8 + syslogSeverity(event.outcome)) + ">1 ";
    out += time.isEmpty() ? QByteArray("-") : time.toLatin1();
    out += ' ' + headerField(product.host, 255) + " parapet-plane - " + headerField(event.action, 32) + ' ';
}

void appendParameter(QByteArray &out, const char *name, const QString &value, int most)
{
    if (value.isEmpty())
        return;
    out += ' ';
    out += name;
    out += "=\"" + syslogParameter(value, most) + '"';
}

/// The text in one line, cut between characters so that it has at most `most` bytes.
QByteArray bounded(QByteArray text, qsizetype most)
{
    if (text.size() <= most)
        return text;
    qsizetype end = std::max<qsizetype>(0, most - 3);
    while (end > 0 && (uchar(text[end]) & 0xC0) == 0x80)
        --end;
    // A backslash must not lose what it escapes.
    qsizetype slashes = 0;
    while (slashes < end && text[end - 1 - slashes] == '\\')
        ++slashes;
    text.truncate(end - slashes % 2);
    return text + "…";
}

} // namespace

QByteArray syslogParameter(const QString &text, int most)
{
    QByteArray out;
    const QByteArray shown = Untrusted(text).inert(most).toUtf8();
    for (const char c : shown) {
        if (c == '"' || c == '\\' || c == ']')
            out += '\\';
        out += c;
    }
    return out;
}

QByteArray toSyslog(const AuditEvent &event, const Product &product)
{
    QByteArray out;
    appendHeader(out, event, product);
    out += "[parapet@" + QByteArray::number(product.enterprise);
    appendParameter(out, "index", QString::number(event.index), 20);
    appendParameter(out, "log", product.log, 128);
    appendParameter(out, "action", event.action, 64);
    appendParameter(out, "outcome", nameOf(event.outcome), 16);
    appendParameter(out, "actor", event.actor.value, 128);
    appendParameter(out, "actorName", event.actorName.raw(), 256);
    appendParameter(out, "actorKind", nameOf(event.actorKind), 16);
    appendParameter(out, "target", event.target.raw(), 512);
    appendParameter(out, "workspace", event.workspace.value, 128);
    appendParameter(out, "source", event.source, 64);
    appendParameter(out, "session", event.session.value, 128);
    appendParameter(out, "requestId", event.requestId, 128);
    appendParameter(out, "origin", event.origin, 128);
    appendParameter(out, "originSequence", QString::number(event.originSequence), 20);
    appendParameter(out, "reason", event.reason.raw(), 256);
    const QByteArray sentence = byteOrderMark
        + (event.actorName.inert(128) + u' ' + Untrusted(event.action).inert(64) + u' ' + event.target.inert(256) + u": "_s + nameOf(event.outcome)).toUtf8();
    const qsizetype room = longestSyslog - out.size() - sentence.size() - qsizetype(sizeof R"( detail=""] )");
    if (!event.detail.isEmpty() && room > 16)
        out += " detail=\"" + bounded(syslogParameter(event.detail.raw(), int(longestSyslog)), room) + '"';
    out += "] ";
    return out + sentence;
}

QByteArray toSyslog(const AuditEvent &event, const Product &product, QByteArrayView text)
{
    QByteArray out;
    appendHeader(out, event, product);
    out += "- ";
    out.append(text);
    return out;
}

QByteArray octetCounted(QByteArrayView message)
{
    QByteArray frame = QByteArray::number(message.size()) + ' ';
    frame.append(message);
    return frame;
}

} // namespace parapet::formats
