// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verify/report.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

namespace parapet::verify {

using namespace Qt::StringLiterals;
using evidence::Finding;

namespace {

struct ReportText {
    Q_DECLARE_TR_FUNCTIONS(Verify)
};

constexpr int mostReasons = 20;
constexpr int mostWorkspaces = 20;

QString inert(const QString &text)
{
    return Untrusted(text).inert(500);
}

QString stateText(Finding::State state)
{
    switch (state) {
    case Finding::State::Holds:
        return ReportText::tr("holds");
    case Finding::State::Fails:
        return ReportText::tr("FAILS");
    case Finding::State::NotChecked:
        return ReportText::tr("not checked");
    }
    return {};
}

QString stateName(Finding::State state)
{
    switch (state) {
    case Finding::State::Holds:
        return u"holds"_s;
    case Finding::State::Fails:
        return u"fails"_s;
    case Finding::State::NotChecked:
        return u"notChecked"_s;
    }
    return {};
}

QString line(const QString &label, const QString &value)
{
    return u"%1 %2\n"_s.arg(label.leftJustified(12), value);
}

QString statedText(const evidence::RevocationRecord &record)
{
    QStringList names;
    for (const evidence::RevokedWorkspace &workspace : record.workspaces.mid(0, mostWorkspaces)) {
        const QString id = inert(workspace.id.value);
        names.append(workspace.simulated ? ReportText::tr("%1 (simulated)").arg(id) : id);
    }
    if (record.workspaces.size() > mostWorkspaces)
        names.append(ReportText::tr("and %n more", nullptr, int(record.workspaces.size() - mostWorkspaces)));
    QString out = line(ReportText::tr("Operation"), inert(record.operation.value));
    out += line(ReportText::tr("Operator"),
                u"%1 (%2)"_s.arg(record.operatorName.inert(200), inert(record.operatorId.value)));
    out += line(ReportText::tr("Reason"), record.reason.inert(500));
    out += line(ReportText::tr("Workspaces"), names.join(u", "));
    out += line(ReportText::tr("Steps"), QString::number(record.steps.size()));
    out += line(ReportText::tr("Probes"), QString::number(record.probes.size()));
    out += line(ReportText::tr("Signed"), toRfc3339(record.issued));
    return out;
}

QJsonObject statedJson(const evidence::RevocationRecord &record)
{
    QJsonArray workspaces;
    for (const evidence::RevokedWorkspace &workspace : record.workspaces)
        workspaces.append(workspace.id.value);
    return {
        {u"operation"_s, record.operation.value}, {u"operator"_s, record.operatorId.value},
        {u"reason"_s, record.reason.inert()},     {u"workspaces"_s, workspaces},
        {u"steps"_s, record.steps.size()},        {u"probes"_s, record.probes.size()},
        {u"issued"_s, toRfc3339(record.issued)},  {u"doesNotProve"_s, QJsonArray::fromStringList(record.doesNotProve)}};
}

QString oneLine(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)) + u'\n';
}

} // namespace

QString reportAsText(const Checked &checked)
{
    const evidence::Report &report = checked.report;
    QString out;
    if (report.record)
        out += statedText(*report.record);
    for (const auto &[label, value] : checked.stated)
        out += line(label, inert(value));
    if (!report.keySha256.isEmpty())
        out += line(ReportText::tr("Signing key"), u"sha256:"_s + report.keySha256);
    if (!out.isEmpty())
        out += u'\n';
    int failing = 0;
    for (const Finding &finding : report.findings) {
        failing += finding.state == Finding::State::Fails;
        out += line(stateText(finding.state), finding.text);
        for (const QString &why : finding.why.mid(0, mostReasons))
            out += u"             - %1\n"_s.arg(inert(why));
        if (finding.why.size() > mostReasons)
            out += u"             - %1\n"_s.arg(
                ReportText::tr("and %n more", nullptr, int(finding.why.size() - mostReasons)));
    }
    if (report.record && !report.record->doesNotProve.isEmpty()) {
        out += u'\n' + ReportText::tr("What it does not prove, in its own words:") + u'\n';
        for (const QString &limit : report.record->doesNotProve.mid(0, mostReasons))
            out += u"  - %1\n"_s.arg(inert(limit));
    }
    out += u'\n' +
           (failing == 0 ? (ReportText::tr("It holds.") + u' ' + checked.conclusion).trimmed()
                         : ReportText::tr("It does not hold: %n statement(s) fail.", nullptr, failing)) +
           u'\n';
    if (!checked.conflictBundle.isEmpty())
        out += ReportText::tr("A conflict bundle for others was written to “%1”: parapet-verify checks it anywhere, with the log's key.").arg(inert(checked.conflictBundle)) + u'\n';
    return out;
}

QString reportAsJson(const QString &file, const Checked &checked)
{
    const evidence::Report &report = checked.report;
    QJsonArray findings;
    for (const Finding &finding : report.findings) {
        findings.append(QJsonObject{{u"id"_s, finding.id},
                                    {u"state"_s, stateName(finding.state)},
                                    {u"text"_s, finding.text},
                                    {u"why"_s, QJsonArray::fromStringList(finding.why)}});
    }
    QJsonObject object{{u"file"_s, file},
                       {u"kind"_s, checked.kind},
                       {u"readable"_s, true},
                       {u"holds"_s, report.holds()},
                       {u"keySha256"_s, report.keySha256},
                       {u"findings"_s, findings}};
    if (report.record)
        object.insert(u"states"_s, statedJson(*report.record));
    else if (!checked.states.isEmpty())
        object.insert(u"states"_s, checked.states);
    if (report.holds() && !checked.conclusion.isEmpty())
        object.insert(u"conclusion"_s, checked.conclusion);
    if (!checked.conflictBundle.isEmpty())
        object.insert(u"conflictBundle"_s, checked.conflictBundle);
    return oneLine(object);
}

QString unreadableAsJson(const QString &file, const Error &error)
{
    return oneLine({{u"file"_s, file},
                    {u"readable"_s, false},
                    {u"holds"_s, false},
                    {u"code"_s, nameOf(error.code)},
                    {u"error"_s, Untrusted(error.message).inert()}});
}

} // namespace parapet::verify
