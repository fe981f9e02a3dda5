// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/formats/cef.h"

namespace parapet::formats {

namespace {

/// Between characters, never within a pair of surrogates.
QString cefCut(const QString &text, qsizetype most)
{
    if (text.size() <= most)
        return text;
    QString cut = text.left(most - 1);
    if (!cut.isEmpty() && cut.back().isHighSurrogate())
        cut.chop(1);
    return cut + QChar(u'…');
}

int cefSeverity(Outcome outcome)
{
    return outcome == Outcome::Success ? 3 : outcome == Outcome::Denied ? 6 : 7;
}

void appendPair(QByteArray &out, const char *key, const QString &value, qsizetype most)
{
    if (value.isEmpty())
        return;
    if (!out.endsWith('|'))
        out += ' ';
    out += key;
    out += '=' + cefValue(value, most);
}

/// A custom field says its name in another one.
void appendLabelled(QByteArray &out, const char *key, const char *label, const QString &value, qsizetype most)
{
    if (value.isEmpty())
        return;
    appendPair(out, key, value, most);
    out += QByteArray(" ") + key + "Label=" + label;
}

bool isCefControl(QChar c)
{
    return c.category() == QChar::Other_Control || c.unicode() == 0x2028 || c.unicode() == 0x2029;
}

} // namespace

QByteArray cefHeader(const QString &text, qsizetype most)
{
    QString out;
    for (const QChar c : cefCut(text, most)) {
        if (c == u'\\' || c == u'|')
            out += u'\\';
        out += isCefControl(c) ? QChar(u' ') : c;
    }
    return out.toUtf8();
}

QByteArray cefValue(const QString &text, qsizetype most)
{
    QString out;
    for (const QChar c : cefCut(text, most)) {
        if (c == u'\n') {
            out += QStringLiteral("\\n");
        } else if (c == u'\r') {
            out += QStringLiteral("\\r");
        } else if (isCefControl(c)) {
            out += Untrusted(QString(c)).inert();
        } else {
            if (c == u'\\' || c == u'=')
                out += u'\\';
            out += c;
        }
    }
    return out.toUtf8();
}

QByteArray toCef(const AuditEvent &event, const Product &product)
{
    QByteArray out = "CEF:0|Parapet|parapet-plane|" + cefHeader(product.version, 31) + '|' + cefHeader(event.action, 1023) + '|'
        + cefHeader(event.action, 512) + '|' + QByteArray::number(cefSeverity(event.outcome)) + '|';
    if (isKnown(event.time))
        appendPair(out, "rt", QString::number(event.time.time_since_epoch().count()), 20);
    appendPair(out, "act", event.action, 63);
    appendPair(out, "outcome", nameOf(event.outcome), 63);
    appendPair(out, "suid", event.actor.value, 1023);
    appendPair(out, "suser", event.actorName.raw(), 1023);
    appendPair(out, "sourceServiceName", event.origin, 1023);
    // "src" is an address: what is none, such as "local", stands elsewhere.
    const bool address = event.source.contains(u'.') || event.source.contains(u':');
    appendPair(out, address ? (event.source.contains(u':') ? "c6a2" : "src") : "shost", event.source, 255);
    if (address && event.source.contains(u':'))
        out += " c6a2Label=Source IPv6 Address";
    appendPair(out, "dvchost", product.host, 100);
    appendPair(out, "externalId", QString::number(event.index), 40);
    appendPair(out, "reason", event.reason.raw(), 1023);
    appendPair(out, "msg", event.detail.raw(), 1023);
    appendLabelled(out, "cs1", "target", event.target.raw(), 4000);
    appendLabelled(out, "cs2", "workspace", event.workspace.value, 4000);
    appendLabelled(out, "cs3", "session", event.session.value, 4000);
    appendLabelled(out, "cs4", "requestId", event.requestId, 4000);
    appendLabelled(out, "cs5", "actorKind", nameOf(event.actorKind), 4000);
    appendLabelled(out, "cs6", "log", product.log, 4000);
    appendLabelled(out, "cn1", "originSequence", QString::number(event.originSequence), 20);
    return out;
}

} // namespace parapet::formats
