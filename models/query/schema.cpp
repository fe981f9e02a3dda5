// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/query/schema.h"

namespace parapet::query {
namespace {

/// Optimal string alignment distance, without regard to case; names are short.
int schemaDistance(QStringView a, QStringView b)
{
    const int columns = int(b.size()) + 1;
    QVector<int> before(columns), last(columns), row(columns);
    for (int j = 0; j < columns; ++j)
        last[j] = j;
    for (int i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (int j = 1; j < columns; ++j) {
            const QChar x = a[i - 1].toCaseFolded(), y = b[j - 1].toCaseFolded();
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (x == y ? 0 : 1)});
            if (i > 1 && j > 1 && x == b[j - 2].toCaseFolded() && y == a[i - 2].toCaseFolded())
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before.swap(last);
        last.swap(row);
    }
    return last[columns - 1];
}

} // namespace

const std::vector<Alias> &aliases()
{
    static const std::vector<Alias> table{
        {"held", {{"leases"}}},
        {"agent", {{"agents"}, {"actor", "actorName"}}},
        {"person", {{"people"}}},
        {"prod", {{"productionLeases"}, {"production"}}},
        {"owner", {{"owner", "ownerName"}}},
        {"actor", {{"actor", "actorName"}}},
        {"holder", {{"holder", "holderName"}}},
        {"workspace", {{"workspace"}, {"id", "name"}}},
        {"image", {{"image", "imageDigest"}}},
        {"image.digest", {{"imageDigest"}}},
        {"image.signed", {{"imageSigned"}}},
        {"image.age", {{"imageBuilt"}}},
        {"digest", {{"imageDigest"}}},
        {"signed", {{"imageSigned"}}},
        {"age", {{"started"}, {"created"}, {"issued"}, {"opened"}, {"time"}, {"taken"}}},
        {"kind", {{"kind"}, {"actorKind"}}},
        {"status", {{"state"}, {"outcome"}}},
        {"paused", {{"agentPaused"}}},
        {"from", {{"source"}}},
        {"when", {{"time"}}},
    };
    return table;
}

int Schema::indexOf(QStringView name) const
{
    for (int i = 0; i < m_fields.size(); ++i) {
        if (name.compare(m_fields[i].name, Qt::CaseInsensitive) == 0)
            return (m_fields[i].flags & Filterable) ? i : -1;
    }
    return -1;
}

QVector<int> Schema::resolve(QStringView name) const
{
    for (const Alias &alias : aliases()) {
        if (name.compare(QLatin1String(alias.name), Qt::CaseInsensitive) != 0)
            continue;
        for (const std::vector<const char *> &meaning : alias.meanings) {
            QVector<int> found;
            for (const char *field : meaning)
                found << indexOf(QString::fromLatin1(field));
            if (!found.contains(-1))
                return found;
        }
    }
    const int index = indexOf(name);
    return index < 0 ? QVector<int>{} : QVector<int>{index};
}

QStringList Schema::usableAliases() const
{
    QStringList names;
    for (const Alias &alias : aliases()) {
        const QString name = QString::fromLatin1(alias.name);
        if (indexOf(name) < 0 && !resolve(name).isEmpty())
            names << name;
    }
    return names;
}

QString Schema::nearest(QStringView name) const
{
    QStringList candidates;
    for (const SchemaField &field : m_fields) {
        if (field.flags & Filterable)
            candidates << field.name;
    }
    return nearestOf(name, candidates + usableAliases());
}

QString nearestOf(QStringView text, const QStringList &candidates)
{
    QString best;
    int bestDistance = int(std::max<qsizetype>(1, text.size() / 3)) + 1;
    for (const QString &candidate : candidates) {
        if (std::abs(candidate.size() - text.size()) >= bestDistance)
            continue;
        if (const int distance = schemaDistance(text, candidate); distance < bestDistance) {
            best = candidate;
            bestDistance = distance;
        }
    }
    return best;
}

} // namespace parapet::query
