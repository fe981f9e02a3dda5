// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/auditevent.h"

#include <QtCore/QByteArray>
#include <QtCore/QVector>

#include <memory>

namespace parapet::formats {

/// What others write and this room reads, one line at a time.
enum class ImportFormat {
    Kubernetes, ///< audit.k8s.io/v1 Event, JSON lines
    Vault,      ///< audit device file of Vault or OpenBao, JSON lines
    Auditd,     ///< records of Linux auditd
    Json,       ///< JSON lines by a mapping (jsonmapping.h)
};

/// The longest line that is read; what a longer one has beyond it is skipped, and the line is kept aside.
constexpr qsizetype longestLine = 1 << 20;

/// A line that was taken and has become nothing yet: others that belong to it may follow.
struct WaitingLine {
    qint64 number = 0;
    QByteArray bytes;
};

/// Where lines end: each in exactly one of imported, joined, skipped, aside. lines = imported + joined + skipped + aside.
class ImportSink
{
public:
    virtual ~ImportSink() = default;
    /// One event, of one line that is imported and of `joined` more lines that belong to it. Index, origin and originSequence are
    /// the receiver's. Its canonical JSON is within 65,535 bytes.
    virtual void event(AuditEvent &&event, qint64 joined) = 0;
    /// A line that tells nothing of its own, for one of a few fixed reasons.
    virtual void skipped(const char *reason) = 0;
    /// A line that is damaged or unknown. `reason` is a sentence for a person.
    virtual void aside(qint64 number, QByteArrayView bytes, const QString &reason) = 0;
};

/// Turns the lines of one file into events. One object a file; not thread-safe.
class LineImporter
{
public:
    virtual ~LineImporter() = default;
    /// The next line, without its line break. Numbers begin at 1 and grow.
    virtual void line(qint64 number, QByteArrayView bytes, ImportSink &sink) = 0;
    /// The file has ended: what waits becomes events.
    virtual void end(ImportSink &sink) { (void)sink; }
    /// What waits now, in the order of its lines. Given to line() again, it waits again: how an import is resumed.
    virtual QVector<WaitingLine> waiting() const { return {}; }
};

/// The importer of a format that needs no mapping. Null for Json.
std::unique_ptr<LineImporter> makeImporter(ImportFormat format);

/// "kubernetes", "vault", "auditd", "json": as on the command line.
bool formatFromName(QStringView name, ImportFormat &format);
/// "import:kubernetes": what reported the events.
QString originOf(ImportFormat format);

} // namespace parapet::formats
