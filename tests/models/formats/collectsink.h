// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/formats/lineimporter.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QStringList>

#include <numeric>

namespace parapet::formats {

/// Keeps what an importer says, and counts its lines.
struct CollectSink final : ImportSink {
    QVector<AuditEvent> events;
    QVector<qint64> joins;
    QStringList skips;
    QStringList reasons;
    QVector<qint64> asideNumbers;

    void event(AuditEvent &&event, qint64 joined) override
    {
        events.append(std::move(event));
        joins.append(joined);
    }
    void skipped(const char *reason) override { skips.append(QString::fromUtf8(reason)); }
    void aside(qint64 number, QByteArrayView, const QString &reason) override
    {
        asideNumbers.append(number);
        reasons.append(reason);
    }
    qint64 joined() const { return std::accumulate(joins.begin(), joins.end(), qint64(0)); }
    qint64 lines() const { return events.size() + joined() + skips.size() + reasons.size(); }

    void feed(LineImporter &importer, const QByteArray &text)
    {
        qint64 number = 0;
        for (const QByteArray &line : text.split('\n'))
            importer.line(++number, line, *this);
    }
    void feedAll(LineImporter &importer, const QByteArray &text)
    {
        feed(importer, text);
        importer.end(*this);
    }
    QJsonObject detail(qsizetype at) const { return QJsonDocument::fromJson(events[at].detail.raw().toUtf8()).object(); }
};

} // namespace parapet::formats
