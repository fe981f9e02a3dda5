// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"

#include <QtCore/QByteArray>

#include <string>
#include <string_view>
#include <vector>

namespace parapet::formats {

/// One record of auditd: `[node=NAME ]type=TYPE msg=audit(SECONDS.MS:SERIAL): k=v …` (auditd(8), ausearch(8); audit-documentation,
/// "Audit event record and field format"). What follows 0x1D is an interpretation by the machine that wrote it, and is ignored.
/// Fields are in the order of the record, those in a nested msg='…' among them; hex-encoded values are decoded.
struct AuditdRecord {
    struct Field {
        std::string_view name;
        std::string value;
    };

    std::string_view node;
    std::string_view type;
    Instant time{};
    std::string_view serial;
    std::vector<Field> fields;
    std::string words; ///< what stands between the fields: "avc: denied { read } for"

    /// The first value of that name; empty when there is none, or "?" or "(null)".
    std::string_view value(std::string_view name) const;
};

/// Reads the head alone: node, type, time, serial. False when the line is no record. The views are into `line`.
bool readAuditdHead(QByteArrayView line, AuditdRecord &record);
/// Reads all of it.
bool readAuditdRecord(QByteArrayView line, AuditdRecord &record);

/// "openat" of the number of a system call on that machine (`arch` of a SYSCALL record); empty when it is not known here.
std::string_view auditdSyscall(std::string_view arch, std::string_view number);

} // namespace parapet::formats
