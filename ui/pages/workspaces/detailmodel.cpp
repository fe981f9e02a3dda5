// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/workspaces/detailmodel.h"

#include "ui/kit/text/format.h"
#include "ui/kit/tooltip.h"

#include <QtCore/QSet>

namespace parapet::pages {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype shownCommand = 200;

kit::Run body(const QString &text, kit::Role role = kit::Role::Text) { return {text, kit::Type::Table, role, 0}; }
kit::Run mono(const QString &text, kit::Role role = kit::Role::Text, int weight = 0) { return {text, kit::Type::Mono, role, weight}; }

kit::Icon iconOf(ActorKind kind)
{
    switch (kind) {
    case ActorKind::Agent: return kit::Icon::Robot;
    case ActorKind::Service: return kit::Icon::Server;
    case ActorKind::Human: break;
    }
    return kit::Icon::Human;
}

kit::Role roleOf(ActorKind kind)
{
    return kind == ActorKind::Agent ? kit::Role::Chart2 : kit::Role::Text2;
}

kit::Icon iconOf(LeaseKind kind)
{
    switch (kind) {
    case LeaseKind::GitToken: return kit::Icon::Branch;
    case LeaseKind::DatabasePassword: return kit::Icon::Database;
    case LeaseKind::RegistryToken: return kit::Icon::Cube;
    case LeaseKind::CloudRole: break;
    }
    return kit::Icon::Cloud;
}

/// As old rows are drawn: nothing of them claims to be so now.
void fade(DetailRow &row)
{
    row.iconRole = kit::Role::Text3;
    if (row.state != StateMark::None)
        row.state = StateMark::Stale;
    for (QVector<kit::Run> *runs : {&row.runs, &row.right}) {
        for (kit::Run &run : *runs)
            run.role = kit::Role::Text3;
    }
}

QString titleOf(DetailModel::Part part)
{
    switch (part) {
    case DetailModel::Part::Sessions: return DetailModel::tr("Sessions");
    case DetailModel::Part::Processes: return DetailModel::tr("Processes");
    case DetailModel::Part::Leases: return DetailModel::tr("Leases held");
    case DetailModel::Part::Flows: return DetailModel::tr("Connections");
    case DetailModel::Part::Events: break;
    }
    return DetailModel::tr("Audit events");
}

QString noneOf(DetailModel::Part part)
{
    switch (part) {
    case DetailModel::Part::Sessions: return DetailModel::tr("No session is open.");
    case DetailModel::Part::Processes: return DetailModel::tr("No process runs.");
    case DetailModel::Part::Leases: return DetailModel::tr("No lease is active.");
    case DetailModel::Part::Flows: return DetailModel::tr("No connection was seen.");
    case DetailModel::Part::Events: break;
    }
    return DetailModel::tr("No event names this workspace.");
}

} // namespace

DetailModel::DetailModel(const Clock &clock, QObject *parent) : QAbstractListModel(parent), m_clock(clock) {}

int DetailModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant DetailModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const DetailRow &row = m_rows[size_t(index.row())];
    if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole) {
        QString text;
        for (const kit::Run &run : row.runs)
            text += run.text;
        for (const kit::Run &run : row.right)
            text += u' ' + run.text;
        return text;
    }
    if (role == Qt::ToolTipRole)
        return row.tip.isEmpty() ? QVariant() : kit::plainToolTip(row.tip);
    if (role == CopyRole)
        return row.copy;
    return {};
}

Qt::ItemFlags DetailModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    return m_rows[size_t(index.row())].kind == DetailRow::Kind::Line ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::ItemIsEnabled;
}

void DetailModel::clear()
{
    m_sections = {};
    rebuild();
}

void DetailModel::setSessions(const QVector<Session> &sessions)
{
    QVector<DetailRow> rows;
    const Instant now = m_clock.now();
    for (const Session &session : sessions) {
        if (session.state != SessionState::Open)
            continue;
        DetailRow row;
        row.icon = iconOf(session.actorKind);
        row.iconRole = roleOf(session.actorKind);
        row.runs = {body(session.actorName.inert(60) + u"  "_s),
                    body(session.client.inert(40) + u" · "_s + Untrusted(session.source).inert(60) + u" · "_s + Untrusted(session.mfa).inert(20), kit::Role::Text3)};
        row.right = {mono(tr("idle %1").arg(kit::durationText(now - session.lastActive)))};
        row.copy = session.id.value;
        row.tip = tr("%1\nstarted %2\nends at the latest %3\nidle limit %4\ntoken rotates %5")
                      .arg(session.id.value, kit::localDateTime(session.started), kit::localDateTime(session.expires),
                           kit::localDateTime(session.idleEnds), kit::localDateTime(session.rotates));
        rows << row;
    }
    const QString figure = QString::number(rows.size());
    put(Part::Sessions, std::move(rows), figure);
}

void DetailModel::setProcesses(const QVector<Process> &processes)
{
    QHash<qint64, QVector<int>> children;
    QSet<qint64> known;
    for (const Process &process : processes)
        known.insert(process.pid);
    QVector<int> roots;
    for (int i = 0; i < processes.size(); ++i) {
        if (processes[i].parent != processes[i].pid && known.contains(processes[i].parent))
            children[processes[i].parent] << i;
        else
            roots << i;
    }
    // Depth first by an explicit stack: a hostile tree may be deep.
    QVector<QPair<int, int>> stack;
    for (auto it = roots.crbegin(); it != roots.crend(); ++it)
        stack.append({*it, 0});
    QVector<DetailRow> rows;
    QSet<int> seen;
    while (!stack.isEmpty()) {
        const auto [index, depth] = stack.takeLast();
        if (seen.contains(index))
            continue;
        seen.insert(index);
        const Process &process = processes[index];
        DetailRow row;
        row.icon = iconOf(process.actorKind);
        row.iconRole = roleOf(process.actorKind);
        row.indent = std::min(depth, 8);
        row.runs = {mono(QString::number(process.pid).leftJustified(6), kit::Role::Text3), mono(process.command.inert(shownCommand))};
        row.right = {mono(u"%1 %"_s.arg(process.cpu, 0, 'f', 1), kit::Role::Text2), mono(u"  "_s + kit::bytesText(process.memory), kit::Role::Text2)};
        row.copy = process.command.inert();
        row.tip = tr("%1\non the host %2, since %3").arg(process.command.inert(1000)).arg(process.hostPid).arg(kit::localDateTime(process.started));
        rows << row;
        const QVector<int> below = children.value(process.pid);
        for (auto it = below.crbegin(); it != below.crend(); ++it)
            stack.append({*it, depth + 1});
    }
    put(Part::Processes, std::move(rows), QString::number(processes.size()));
}

void DetailModel::setLeases(const QVector<Lease> &leases)
{
    QVector<DetailRow> rows;
    for (const Lease &lease : leases) {
        if (lease.state != LeaseState::Active)
            continue;
        DetailRow row;
        row.icon = iconOf(lease.kind);
        row.runs = {mono(Untrusted(lease.name).inert(60) + u"  "_s), body(Untrusted(lease.target).inert(60), kit::Role::Text3)};
        if (lease.production)
            row.runs << body(u"  "_s + tr("production"), kit::Role::High);
        row.right = {body(tr("until ")), mono(kit::localClock(lease.expires).left(5))};
        row.copy = lease.id.value;
        row.tip = tr("%1\nheld by %2\nissued %3\nends %4").arg(lease.id.value, lease.holderName.inert(60), kit::localDateTime(lease.issued), kit::localDateTime(lease.expires));
        rows << row;
    }
    const QString figure = QString::number(rows.size());
    put(Part::Leases, std::move(rows), figure);
}

void DetailModel::setFlows(const QVector<Flow> &flows)
{
    QVector<DetailRow> rows;
    qsizetype open = 0;
    for (const Flow &flow : flows) {
        open += flow.open;
        DetailRow row;
        row.state = flow.intended ? (flow.open ? StateMark::Observed : StateMark::Stopped) : StateMark::Survives;
        const QString address = flow.host.inert(80) + u':' + QString::number(flow.port);
        row.runs = {mono(address + u"  "_s, flow.open ? kit::Role::Text : kit::Role::Text3),
                    flow.intended ? body(flow.open ? tr("intended") : tr("closed"), kit::Role::Text3) : body(tr("refused: not in egress policy"), kit::Role::Critical)};
        row.right = {mono(u"↑ "_s + kit::bytesText(flow.bytesUp), kit::Role::Text2)};
        row.copy = address;
        row.tip = tr("opened %1, %2 up, %3 down").arg(kit::localDateTime(flow.opened), kit::bytesText(flow.bytesUp), kit::bytesText(flow.bytesDown));
        rows << row;
    }
    put(Part::Flows, std::move(rows), tr("%1 open").arg(open));
}

void DetailModel::setEvents(const QVector<AuditEvent> &events, const Count &total)
{
    QVector<DetailRow> rows;
    for (const AuditEvent &event : events) {
        DetailRow row;
        row.proof = Proof::Pending;
        row.runs = {mono(kit::localClock(event.time) + u"  "_s, kit::Role::Text3), body(event.actorName.inert(24) + u"  "_s, kit::Role::Text2),
                    mono(event.action + u' ', event.outcome == Outcome::Success ? kit::Role::Text : kit::Role::High),
                    mono(event.target.inert(80), kit::Role::Text3)};
        row.copy = event.action + u' ' + event.target.inert();
        row.tip = kit::utcText(event.time) + (event.detail.isEmpty() ? QString() : u'\n' + event.detail.inert(400));
        rows << row;
    }
    put(Part::Events, std::move(rows), total.text());
}

void DetailModel::setFailed(Part part, const QString &sentence)
{
    m_sections[size_t(part)].failure = sentence;
    rebuild();
}

void DetailModel::setStale(const QString &sentence)
{
    m_staleWhy = sentence;
    for (Section &section : m_sections)
        section.stale = section.known;
    rebuild();
}

void DetailModel::endStale()
{
    m_staleWhy.clear();
    rebuild();
}

void DetailModel::put(Part part, QVector<DetailRow> rows, const QString &figure)
{
    Section &section = m_sections[size_t(part)];
    section = {std::move(rows), figure, {}, m_clock.now(), true, false};
    rebuild();
}

void DetailModel::addSection(std::vector<DetailRow> &rows, Part part) const
{
    const Section &section = m_sections[size_t(part)];
    if (!section.known && section.failure.isEmpty())
        return;
    const bool old = section.known && (section.stale || !section.failure.isEmpty());
    DetailRow header;
    header.kind = DetailRow::Kind::Section;
    header.runs = {{titleOf(part) + u"  "_s, kit::Type::Section, kit::Role::Text2, 600}, mono(section.figure, kit::Role::Text3)};
    if (old) {
        header.state = StateMark::Stale;
        header.right = {body(tr("as of %1").arg(kit::localTime(section.at)), kit::Role::Medium)};
    }
    rows.push_back(header);
    DetailRow note;
    note.kind = DetailRow::Kind::Note;
    // One sentence on top says it for all: a part of its own says only what is its own.
    if (!section.failure.isEmpty() && !(section.stale && !m_staleWhy.isEmpty())) {
        note.runs = {body(section.failure, kit::Role::Medium)};
        note.tip = section.failure;
        rows.push_back(note);
    } else if (section.known && section.rows.isEmpty()) {
        note.runs = {body(noneOf(part), kit::Role::Text3)};
        rows.push_back(note);
    }
    for (DetailRow row : section.rows) {
        if (old)
            fade(row);
        rows.push_back(std::move(row));
    }
}

void DetailModel::rebuild()
{
    std::vector<DetailRow> rows;
    if (!m_staleWhy.isEmpty() && std::any_of(m_sections.begin(), m_sections.end(), [](const Section &section) { return section.stale; })) {
        DetailRow note;
        note.kind = DetailRow::Kind::Note;
        note.state = StateMark::Stale;
        note.runs = {body(m_staleWhy, kit::Role::Medium)};
        note.tip = m_staleWhy;
        rows.push_back(note);
    }
    for (int i = 0; i < PartCount; ++i)
        addSection(rows, Part(i));
    // Rows keep their places where they can: the current line and the scroll position survive a refresh.
    const int before = int(m_rows.size());
    const int after = int(rows.size());
    if (after > before) {
        beginInsertRows({}, before, after - 1);
        m_rows = std::move(rows);
        endInsertRows();
    } else if (after < before) {
        beginRemoveRows({}, after, before - 1);
        m_rows = std::move(rows);
        endRemoveRows();
    } else {
        m_rows = std::move(rows);
    }
    if (std::min(before, after) > 0)
        Q_EMIT dataChanged(index(0), index(std::min(before, after) - 1));
}

} // namespace parapet::pages
