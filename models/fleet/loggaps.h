// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/reply.h"
#include "models/ports/auditstore.h"

#include <QtCore/QObject>

namespace parapet::fleet {

/// Numbers of one source that no event in the log bears.
struct SequenceGap {
    QString origin;
    qint64 first = 0; ///< the first missing number
    qint64 last = 0;  ///< the last one
    qint64 missing() const { return last - first + 1; }
    friend bool operator==(const SequenceGap &, const SequenceGap &) = default;
};
/// "4 sequence numbers missing from source node-eu-w-03, 77,120 to 77,123".
QString sentenceOf(const SequenceGap &gap);

/// Looks for gaps in the numbers that each source gives its events, by counting: of the numbers up to N there must be N. What it
/// finds is what the audit store counts; rows are proven, counts are not. A source that begins later than with 1 is not missing
/// what came before. One search, any number of times; at most `mostGaps` are located in each source.
class LogGaps : public QObject
{
    Q_OBJECT

public:
    static constexpr int mostGaps = 20;

    explicit LogGaps(QObject *parent = nullptr) : QObject(parent) {}

    /// Null: the system went; what was found stays. Not owned.
    void setAudit(AuditStore *audit);
    /// Searches now; a search that is under way goes on, and another follows it.
    void search();

    const QVector<SequenceGap> &gaps() const { return m_gaps; }
    /// How many sources have gaps.
    int sources() const;
    /// How many numbers are missing in all, also where mostGaps did not suffice to say which.
    qint64 missing() const { return m_missing; }
    /// Why they are not known; empty when they are.
    const QString &failure() const { return m_failure; }
    bool isKnown() const { return m_known; }

Q_SIGNALS:
    void searched();

private:
    /// Numbers [low, high] of which `present` are there.
    struct Stretch {
        QString origin;
        qint64 low = 0;
        qint64 high = 0;
        qint64 present = 0;
    };
    void askOrigins();
    void askEnds();
    void locate();
    void count(const QString &filter, const QString &sort, bool descending, std::function<void(const Page<AuditEvent> &)> then);
    void end(const QString &failure);

    AuditStore *m_audit = nullptr;
    QVector<SequenceGap> m_gaps;
    qint64 m_missing = 0;
    QString m_failure;
    bool m_known = false;

    bool m_running = false;
    bool m_again = false;
    quint64 m_generation = 0;
    QStringList m_origins;
    QVector<Stretch> m_open;
    QVector<SequenceGap> m_found;
    qint64 m_foundMissing = 0;
};

} // namespace parapet::fleet
