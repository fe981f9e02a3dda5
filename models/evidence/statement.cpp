// SPDX-License-Identifier: GPL-3.0-or-later
// RevocationRecord ↔ in-toto Statement (resources/formats/certificate.md).
#include "models/evidence/revocation.h"

#include "models/core/json.h"
#include "models/crypto/digest.h"
#include "models/evidence/subjects.h"
#include "models/wire/reader.h"

#include <QtCore/QCoreApplication>

namespace parapet::evidence {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostItems = 1'000'000; // the size of the whole bounds it further

constexpr std::array stepResultNames{"observed", "skipped", "failed", "open"};
static_assert(stepResultNames.size() == size_t(RevocationStep::Result::Open) + 1);

/// An unknown moment is null, so that every member always stands.
QJsonValue timeJson(Instant at)
{
    return isKnown(at) ? QJsonValue(toRfc3339(at)) : QJsonValue(QJsonValue::Null);
}

QJsonObject countJson(const Count &count)
{
    return {{u"count"_s, count.value()}, {u"exact"_s, count.isExact()}};
}

QJsonObject workspaceJson(const RevokedWorkspace &w)
{
    return {{u"id"_s, w.id.value},       {u"name"_s, w.name.raw()},         {u"project"_s, w.project},
            {u"owner"_s, w.owner},       {u"imageDigest"_s, w.imageDigest}, {u"host"_s, w.host},
            {u"identity"_s, w.identity}, {u"simulated"_s, w.simulated}};
}

QJsonObject stepJson(const RevocationStep &s)
{
    return {{u"id"_s, s.id},
            {u"verb"_s, s.verb},
            {u"title"_s, s.title},
            {u"workspace"_s, s.workspace.value},
            {u"target"_s, s.target},
            {u"targetIdentity"_s, s.targetIdentity},
            {u"destructive"_s, s.destructive},
            {u"evidence"_s, s.evidence},
            {u"after"_s, QJsonArray::fromStringList(s.after)},
            {u"result"_s, QString::fromLatin1(stepResultNames[size_t(s.result)])},
            {u"requested"_s, timeJson(s.requested)},
            {u"observed"_s, timeJson(s.observed)},
            {u"by"_s, s.by},
            {u"seen"_s, s.seen.raw()},
            {u"tries"_s, s.tries},
            {u"outputs"_s, s.outputs}};
}

QJsonObject probeJson(const RevocationProbe &p)
{
    return {{u"kind"_s, nameOf(p.kind)}, {u"workspace"_s, p.workspace.value}, {u"subject"_s, p.subject},
            {u"label"_s, p.label.raw()}, {u"expectation"_s, p.expectation},   {u"verdict"_s, nameOf(p.verdict)},
            {u"seen"_s, p.seen.raw()},   {u"observer"_s, p.observer},         {u"at"_s, timeJson(p.at)},
            {u"tries"_s, p.tries}};
}

template<class List, class Write>
QJsonArray listJson(const List &list, Write write)
{
    QJsonArray array;
    for (const auto &item : list)
        array.append(write(item));
    return array;
}

QJsonObject predicateJson(const RevocationRecord &r)
{
    const TouchedCounts &t = r.touched;
    return {{u"operation"_s, r.operation.value},
            {u"feature"_s, r.feature},
            {u"title"_s, r.title},
            {u"reason"_s, r.reason.raw()},
            {u"evidenceOverride"_s, r.evidenceOverride.raw()},
            {u"system"_s, r.system},
            {u"operator"_s, QJsonObject{{u"id"_s, r.operatorId.value}, {u"name"_s, r.operatorName.raw()}}},
            {u"signer"_s, QJsonObject{{u"principal"_s, r.signer.principal.value},
                                      {u"keyId"_s, r.signer.keyId},
                                      {u"certificateSha256"_s, r.signer.certificateSha256}}},
            {u"planned"_s, timeJson(r.planned)},
            {u"started"_s, timeJson(r.started)},
            {u"ended"_s, timeJson(r.ended)},
            {u"issued"_s, timeJson(r.issued)},
            {u"workspaces"_s, listJson(r.workspaces, workspaceJson)},
            {u"touched"_s, QJsonObject{{u"workspaces"_s, countJson(t.workspaces)},
                                       {u"processes"_s, countJson(t.processes)},
                                       {u"sessions"_s, countJson(t.sessions)},
                                       {u"leases"_s, countJson(t.leases)},
                                       {u"dependants"_s, countJson(t.dependants)},
                                       {u"people"_s, countJson(t.people)}}},
            {u"steps"_s, listJson(r.steps, stepJson)},
            {u"probes"_s, listJson(r.probes, probeJson)},
            {u"audit"_s, QJsonObject{{u"log"_s, r.auditLog},
                                     {u"events"_s, listJson(r.auditEvents, [](qint64 i) { return QJsonValue(i); })}}},
            {u"journalSha256"_s, r.journalSha256},
            {u"doesNotProve"_s, QJsonArray::fromStringList(r.doesNotProve)}};
}

/// Walks through one statement; the first thing that is wrong is kept.
class StatementReader
{
public:
    Result<RevocationRecord> read(const QJsonObject &statement);

private:
    using Reader = wire::ObjectReader;

    void finish(Reader &reader)
    {
        if (const auto error = reader.finish(wire::Unknown::Refuse); error && !m_error)
            m_error = error;
    }
    void refuse(Error error)
    {
        if (!m_error)
            m_error = std::move(error);
    }

    template<class Read>
    void eachObject(Reader &parent, const char *name, Read read)
    {
        qsizetype at = 0;
        for (const QJsonValueConstRef item : parent.array(name, mostItems)) {
            const QString place = parent.place(name) + u'/' + QString::number(at++);
            if (!item.isObject())
                return refuse(wire::wrongKind(place, "object"));
            Reader reader(item.toObject(), place);
            read(reader);
            finish(reader);
            if (m_error)
                return;
        }
    }
    QStringList texts(Reader &parent, const char *name)
    {
        QStringList list;
        for (const QJsonValueConstRef item : parent.array(name, mostItems)) {
            if (!item.isString())
                refuse(wire::wrongKind(parent.place(name), "string"));
            list.append(item.toString());
        }
        return list;
    }
    Untrusted untrusted(Reader &reader, const char *name) { return Untrusted(reader.text(name)); }
    Count count(Reader &parent, const char *name)
    {
        Reader reader(parent.object(name), parent.place(name));
        const qint64 value = reader.integer("count");
        const bool exact = reader.boolean("exact");
        finish(reader);
        return exact ? Count::exactly(value) : Count::atLeast(value);
    }

    void predicate(Reader &reader);
    void head(Reader &reader);
    RevokedWorkspace workspace(Reader &reader);
    RevocationStep step(Reader &reader);
    RevocationProbe probe(Reader &reader);

    RevocationRecord m_record;
    std::optional<Error> m_error;
};

RevokedWorkspace StatementReader::workspace(Reader &reader)
{
    RevokedWorkspace w;
    w.id = reader.id<WorkspaceTag>("id");
    w.name = untrusted(reader, "name");
    w.project = reader.text("project");
    w.owner = reader.text("owner");
    w.imageDigest = reader.text("imageDigest");
    w.host = reader.text("host");
    w.identity = reader.text("identity");
    w.simulated = reader.boolean("simulated");
    return w;
}

RevocationStep StatementReader::step(Reader &reader)
{
    RevocationStep s;
    s.id = reader.text("id");
    s.verb = reader.text("verb");
    s.title = reader.text("title");
    s.workspace = reader.id<WorkspaceTag>("workspace");
    s.target = reader.text("target");
    s.targetIdentity = reader.text("targetIdentity");
    s.destructive = reader.boolean("destructive");
    s.evidence = reader.boolean("evidence");
    s.after = texts(reader, "after");
    s.result = RevocationStep::Result(reader.enumeration("result", stepResultNames));
    s.requested = reader.time("requested");
    s.observed = reader.time("observed");
    s.by = reader.text("by");
    s.seen = untrusted(reader, "seen");
    s.tries = reader.integer("tries");
    s.outputs = reader.object("outputs");
    return s;
}

RevocationProbe StatementReader::probe(Reader &reader)
{
    RevocationProbe p;
    p.kind = ProbeKind(reader.enumeration("kind", EnumNames<ProbeKind>::names));
    p.workspace = reader.id<WorkspaceTag>("workspace");
    p.subject = reader.text("subject");
    p.label = untrusted(reader, "label");
    p.expectation = reader.text("expectation");
    p.verdict = Verdict(reader.enumeration("verdict", EnumNames<Verdict>::names));
    p.seen = untrusted(reader, "seen");
    p.observer = reader.text("observer");
    p.at = reader.time("at");
    p.tries = reader.integer("tries");
    return p;
}

void StatementReader::head(Reader &reader)
{
    RevocationRecord &r = m_record;
    r.operation = reader.id<OperationTag>("operation");
    r.feature = reader.text("feature");
    r.title = reader.text("title");
    r.reason = untrusted(reader, "reason");
    r.evidenceOverride = untrusted(reader, "evidenceOverride");
    r.system = reader.text("system");
    r.planned = reader.time("planned");
    r.started = reader.time("started");
    r.ended = reader.time("ended");
    r.issued = reader.time("issued");
    r.journalSha256 = reader.text("journalSha256");
    r.doesNotProve = texts(reader, "doesNotProve");

    Reader actor(reader.object("operator"), reader.place("operator"));
    r.operatorId = actor.id<PrincipalTag>("id");
    r.operatorName = untrusted(actor, "name");
    finish(actor);

    Reader signer(reader.object("signer"), reader.place("signer"));
    r.signer.principal = signer.id<PrincipalTag>("principal");
    r.signer.keyId = signer.text("keyId");
    r.signer.certificateSha256 = signer.text("certificateSha256");
    finish(signer);

    Reader touched(reader.object("touched"), reader.place("touched"));
    r.touched = {count(touched, "workspaces"), count(touched, "processes"),  count(touched, "sessions"),
                 count(touched, "leases"),     count(touched, "dependants"), count(touched, "people")};
    finish(touched);

    Reader audit(reader.object("audit"), reader.place("audit"));
    r.auditLog = audit.text("log");
    for (const QJsonValueConstRef index : audit.array("events", mostItems)) {
        const qint64 value = index.toInteger(-1);
        if (value < 0)
            refuse(wire::wrongKind(audit.place("events"), "integer"));
        r.auditEvents.append(value);
    }
    finish(audit);
}

void StatementReader::predicate(Reader &reader)
{
    head(reader);
    eachObject(reader, "workspaces", [this](Reader &in) { m_record.workspaces.append(workspace(in)); });
    eachObject(reader, "steps", [this](Reader &in) { m_record.steps.append(step(in)); });
    eachObject(reader, "probes", [this](Reader &in) { m_record.probes.append(probe(in)); });
    finish(reader);
}

Result<RevocationRecord> StatementReader::read(const QJsonObject &statement)
{
    Reader top(statement);
    const QString type = top.text("_type");
    const QString predicateType = top.text("predicateType");
    const QJsonArray subject = top.array("subject", mostItems);
    if (!top.failed() && (type != inTotoStatementType || predicateType != revocationPredicateType)) {
        refuse({Error::Code::Invalid,
                QCoreApplication::translate(
                    "Revocation", "This is another kind of statement, not a certificate of revocation of version 1."),
                predicateType.left(128)});
    }
    Reader body(top.object("predicate"), top.place("predicate"));
    finish(top);
    if (!m_error)
        predicate(body);
    if (!m_error && subject != subjectsOf(m_record))
        refuse(wire::wrongValue(top.place("subject")));
    if (m_error)
        return fail(*std::move(m_error));
    return std::move(m_record);
}

} // namespace

/// What the statement is about, by digest: each workspace (of its entry, canonical) and each digest that a step put
/// out.
QJsonArray subjectsOf(const RevocationRecord &record)
{
    const auto subject = [](const QString &name, const QString &sha256) {
        return QJsonObject{{u"name"_s, name}, {u"digest"_s, QJsonObject{{u"sha256"_s, sha256}}}};
    };
    QJsonArray subjects;
    for (const RevokedWorkspace &workspace : record.workspaces)
        subjects.append(
            subject(u"workspace/"_s + workspace.id.value, crypto::sha256Hex(canonicalJson(workspaceJson(workspace)))));
    for (const RevocationStep &step : record.steps) {
        QStringList names = step.outputs.keys();
        std::sort(names.begin(), names.end());
        for (const QString &name : std::as_const(names)) {
            if (isDigestName(name))
                subjects.append(subject(u"step/%1/%2"_s.arg(step.id, name), step.outputs.value(name).toString()));
        }
    }
    return subjects;
}

QJsonObject toStatement(const RevocationRecord &record)
{
    return {{u"_type"_s, inTotoStatementType},
            {u"subject"_s, subjectsOf(record)},
            {u"predicateType"_s, revocationPredicateType},
            {u"predicate"_s, predicateJson(record)}};
}

Result<RevocationRecord> fromStatement(const QJsonObject &statement)
{
    return StatementReader().read(statement);
}

} // namespace parapet::evidence
