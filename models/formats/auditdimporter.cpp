// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/formats/auditdimporter.h"

#include "models/formats/auditdrecord.h"
#include "models/formats/importtext.h"

#include <QtCore/QCoreApplication>

#include <algorithm>
#include <list>

namespace parapet::formats {

namespace {

constexpr size_t mostOpenGroups = 64;
constexpr qsizetype longestGroup = 4 << 20; ///< bytes of one event's records
constexpr auto groupPatience = std::chrono::seconds(2);
constexpr std::string_view unsetAuditId = "4294967295";

/// Programs send these as one record each: nothing of the same event follows.
bool standsAlone(std::string_view type)
{
    static constexpr std::string_view beginnings[] = {"USER_", "CRED_", "DAEMON_", "SERVICE_", "SYSTEM_", "ADD_", "DEL_", "GRP_", "ACCT_",
                                                      "CHGRP_", "CHUSER_", "ROLE_", "CRYPTO_", "VIRT_", "RESP_", "LABEL_", "SOFTWARE_"};
    // AppArmor and SELinux in user space speak of access decisions that other records go with.
    return std::any_of(std::begin(beginnings), std::end(beginnings), [&](std::string_view start) { return type.starts_with(start); });
}

/// The records of one event as fields to ask.
struct AuditdGroup {
    std::vector<AuditdRecord> records;

    const AuditdRecord *of(std::string_view type) const
    {
        const auto found = std::find_if(records.begin(), records.end(), [&](const AuditdRecord &record) { return record.type == type; });
        return found == records.end() ? nullptr : &*found;
    }
    /// The first record that says it.
    std::string_view value(std::string_view name) const
    {
        for (const AuditdRecord &record : records) {
            if (const std::string_view value = record.value(name); !value.empty())
                return value;
        }
        return {};
    }
};

std::string commandOf(const AuditdGroup &group)
{
    const AuditdRecord *execve = group.of("EXECVE");
    if (!execve)
        return std::string(group.value(group.value("proctitle").empty() ? "cmd" : "proctitle"));
    std::string command;
    std::string_view before;
    for (const AuditdRecord::Field &field : execve->fields) {
        if (field.name == "argc" || field.name.empty() || field.name[0] != 'a' || field.name.ends_with("_len"))
            continue;
        // A long argument comes in pieces: a1[0], a1[1].
        const std::string_view argument = field.name.substr(0, field.name.find('['));
        if (!command.empty() && argument != before)
            command += ' ';
        command += field.value;
        before = argument;
    }
    return command;
}

std::string_view auditdTargetOf(const AuditdGroup &group)
{
    std::string_view name;
    for (const AuditdRecord &record : group.records) {
        if (record.type != "PATH")
            continue;
        const std::string_view path = record.value("name");
        if (!path.empty() && (name.empty() || record.value("nametype") != "PARENT"))
            name = path;
        // The first path that is no folder of another is what the call named.
        if (!name.empty() && record.value("nametype") != "PARENT")
            return name;
    }
    if (!name.empty())
        return name;
    for (const char *field : {"path", "unit", "vm", "acct", "exe", "comm"}) {
        if (const std::string_view value = group.value(field); !value.empty())
            return value;
    }
    return {};
}

Outcome auditdOutcomeOf(const AuditdGroup &group)
{
    const AuditdRecord *avc = group.of("AVC");
    if (!avc)
        avc = group.of("USER_AVC");
    if (avc && (avc->words.find("denied") != std::string::npos || avc->value("apparmor") == "DENIED"))
        return Outcome::Denied;
    const std::string_view success = group.value("success");
    const std::string_view result = group.value("res");
    const std::string_view exit = group.value("exit");
    if (success == "no")
        return exit == "-13" || exit == "-1" || exit == "EACCES" || exit == "EPERM" ? Outcome::Denied : Outcome::Failure;
    if (result == "failed" || result == "0")
        return group.records.front().type.starts_with("USER_") ? Outcome::Denied : Outcome::Failure;
    return Outcome::Success;
}

void nameAuditdActor(const AuditdGroup &group, AuditEvent &event)
{
    std::string_view login = group.value("auid");
    const bool person = !login.empty() && login != unsetAuditId && login != "-1" && login != "unset";
    if (!person)
        login = group.value("uid");
    const std::string_view account = group.value("acct");
    if (!login.empty())
        event.actor = PrincipalId(importedIdentifier("uid:" + std::string(login)));
    if (!account.empty())
        event.actorName = Untrusted(importedText(account, longestImportedName));
    else if (!login.empty())
        event.actorName = Untrusted(importedText("uid " + std::string(login), longestImportedName));
    else
        event.actorName = Untrusted(QStringLiteral("kernel"));
    event.actorKind = person ? ActorKind::Human : ActorKind::Service;
}

AuditEvent eventOfAuditd(const AuditdGroup &group)
{
    const AuditdRecord *call = group.of("SYSCALL");
    const AuditdRecord &main = call ? *call : group.records.front();
    AuditEvent event;
    event.time = main.time;
    nameAuditdActor(group, event);
    event.action = QStringLiteral("auditd");
    if (call) {
        const std::string_view number = call->value("syscall");
        const std::string_view name = auditdSyscall(call->value("arch"), number);
        appendAction(event.action, name.empty() ? "syscall-" + std::string(number) : std::string(name));
    } else {
        appendAction(event.action, main.type);
    }
    event.target = Untrusted(importedText(auditdTargetOf(group), longestImportedTarget));
    event.outcome = auditdOutcomeOf(group);
    event.source = importedAddress(group.value("addr"));
    const std::string serial = std::to_string(main.time.time_since_epoch().count()) + ':' + std::string(main.serial);
    event.requestId = importedIdentifier(serial);
    const std::string_view session = group.value("ses");
    if (!session.empty() && session != unsetAuditId && session != "-1" && session != "unset")
        event.session = SessionId(importedIdentifier((main.node.empty() ? std::string() : std::string(main.node) + ':') + "ses:" + std::string(session)));
    DetailJson detail;
    detail.text("node", main.node);
    std::string types;
    for (const AuditdRecord &record : group.records) {
        if (types.size() < 256)
            types.append(types.empty() ? "" : " ").append(record.type);
    }
    detail.text("records", types);
    detail.text("command", commandOf(group));
    for (const char *name : {"exe", "comm", "cwd", "key", "op", "pid", "ppid", "uid", "euid", "auid", "tty", "terminal", "hostname", "exit", "unit", "grantors"})
        detail.text(name, group.value(name));
    detail.text("message", main.words);
    // What no name above takes, of the records that are told by their fields alone.
    if (!call) {
        std::string rest;
        for (const AuditdRecord::Field &field : main.fields) {
            if (rest.size() < 1024)
                rest.append(rest.empty() ? "" : " ").append(field.name).append("=").append(field.value);
        }
        detail.text("fields", rest);
    }
    event.detail = Untrusted(detail.take());
    return event;
}

class AuditdImporter final : public LineImporter
{
public:
    void line(qint64 number, QByteArrayView bytes, ImportSink &sink) override
    {
        if (bytes == QByteArrayView("----"))
            return sink.skipped("separator");
        AuditdRecord head;
        if (!readAuditdHead(bytes, head))
            return sink.aside(number, bytes, QCoreApplication::translate("formats", "It is not a record of auditd: type=… msg=audit(time:serial): …"));
        closeOlderThan(head.time - groupPatience, sink);
        const std::string key = std::string(head.node) + ' ' + std::to_string(head.time.time_since_epoch().count()) + ' ' + std::string(head.serial);
        auto group = std::find_if(m_open.begin(), m_open.end(), [&](const Open &open) { return open.key == key; });
        const bool isNew = group == m_open.end();
        if (isNew)
            group = m_open.insert(m_open.end(), Open{key, head.time, {}, 0});
        group->lines.append({number, bytes.toByteArray()});
        group->bytes += bytes.size();
        if (head.type == "EOE" || group->bytes > longestGroup || (isNew && standsAlone(head.type)))
            return close(group, sink);
        while (m_open.size() > mostOpenGroups)
            close(m_open.begin(), sink);
    }

    void end(ImportSink &sink) override
    {
        while (!m_open.empty())
            close(m_open.begin(), sink);
    }

    QVector<WaitingLine> waiting() const override
    {
        QVector<WaitingLine> lines;
        for (const Open &open : m_open)
            lines.append(open.lines);
        std::sort(lines.begin(), lines.end(), [](const WaitingLine &a, const WaitingLine &b) { return a.number < b.number; });
        return lines;
    }

private:
    struct Open {
        std::string key;
        Instant time{};
        QVector<WaitingLine> lines;
        qsizetype bytes = 0;
    };

    void closeOlderThan(Instant time, ImportSink &sink)
    {
        for (auto group = m_open.begin(); group != m_open.end();) {
            const auto next = std::next(group);
            if (group->time < time)
                close(group, sink);
            group = next;
        }
    }

    void close(std::list<Open>::iterator group, ImportSink &sink)
    {
        AuditdGroup records;
        for (const WaitingLine &line : std::as_const(group->lines)) {
            AuditdRecord record;
            (void)readAuditdRecord(line.bytes, record); // its head was read before
            if (record.type != "EOE")
                records.records.push_back(std::move(record));
        }
        if (records.records.empty()) {
            for (qsizetype i = 0; i < group->lines.size(); ++i)
                sink.skipped("end of an event that has no records here");
        } else {
            sink.event(eventOfAuditd(records), group->lines.size() - 1);
        }
        m_open.erase(group);
    }

    std::list<Open> m_open; ///< in the order of their first lines
};

} // namespace

std::unique_ptr<LineImporter> makeAuditdImporter()
{
    return std::make_unique<AuditdImporter>();
}

} // namespace parapet::formats
