// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/appendfile.h"
#include "models/core/json.h"

#include <QtCore/QHash>
#include <QtCore/QJsonArray>
#include <QtCore/QSet>
#include <QtCore/QStringList>

#include <functional>

namespace parapet::support {

/// Tells, on the journal's own thread, as soon as a boundary of a step is durable, before anything else can follow from it.
/// A boundary is "KIND VERB": "intended isolate" (it will be asked for; the call has not gone out), "requested isolate" (it was
/// answered), "observed isolate" (it was seen). Only the boundaries in `wanted` are told; each once.
class BoundaryFile final : public FileCalls
{
public:
    /// All boundaries that are durable with this very record; never empty.
    using Callback = std::function<void(const QStringList &boundaries)>;

    BoundaryFile(const QStringList &wanted, Callback reached) : m_wanted(wanted.begin(), wanted.end()), m_reached(std::move(reached)) {}

    /// "intended isolate", "requested isolate", "observed isolate", "intended snapshot", …: every boundary of a revoke.
    static QStringList ofRevoke()
    {
        QStringList all;
        for (const char *verb : {"isolate", "snapshot", "log", "terminate", "endSessions", "revokeLeases", "markRevoked"}) {
            for (const char *kind : {"intended", "requested", "observed"})
                all.append(QLatin1String(kind) + QLatin1Char(' ') + QLatin1String(verb));
        }
        return all;
    }

    qint64 write(int fd, const char *data, qint64 size) override
    {
        const qint64 written = FileCalls::write(fd, data, size);
        if (written > 0)
            m_pending[fd].append(data, written);
        return written;
    }
    int fsync(int fd) override
    {
        const int result = FileCalls::fsync(fd);
        const QByteArray record = m_pending.take(fd);
        if (result == 0)
            tell(record);
        return result;
    }

private:
    void tell(const QByteArray &record)
    {
        // u32 length, u32 checksum, 32 bytes of chain, then the payload: an array of entries.
        constexpr qsizetype head = 4 + 4 + 32;
        const auto entries = parseJson(record.mid(head));
        if (!entries || !entries->isArray())
            return;
        QStringList reached;
        for (const QJsonValue &entry : entries->toArray()) {
            const QString type = entry[QLatin1String("type")].toString();
            const QString kind = type == QLatin1String("requested") ? QStringLiteral("intended")
                               : type == QLatin1String("answered")  ? QStringLiteral("requested")
                                                                    : type;
            const QString boundary = kind + QLatin1Char(' ') + entry[QLatin1String("step")].toString().section(QLatin1Char('.'), 0, 0);
            if (m_wanted.remove(boundary))
                reached.append(boundary);
        }
        if (!reached.isEmpty())
            m_reached(reached);
    }

    QSet<QString> m_wanted;
    Callback m_reached;
    QHash<int, QByteArray> m_pending; ///< written to a file since its last sync
};

} // namespace parapet::support
