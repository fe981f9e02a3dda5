// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operation/journalmodel.h"

#include "models/core/appendfile.h"
#include "models/core/json.h"
#include "models/core/untrusted.h"
#include "models/items/roles.h"

#include <QtCore/QJsonObject>
#include <QtCore/QThreadPool>

namespace parapet::ui {

using namespace Qt::StringLiterals;

namespace {

/// Empty when the record is no array of entries.
QJsonArray journalEntries(const QByteArray &record)
{
    const Result<QJsonValue> entries = parseJson(record, {AppendFile::longestRecord, 64});
    return entries && entries->isArray() ? entries->toArray() : QJsonArray();
}

QString inertText(const QString &text)
{
    return Untrusted(text).inert(JournalModel::shownLength);
}

} // namespace

Reply<JournalRecords> readJournal(const QString &path)
{
    auto promise = std::make_shared<QPromise<Result<JournalRecords>>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, path] {
        Result<QVector<QByteArray>> records = AppendFile::read(path);
        if (!records) {
            promise->addResult(Result<JournalRecords>(fail(records.error())));
        } else {
            JournalRecords journal{std::move(*records), {0}};
            for (const QByteArray &record : std::as_const(journal.records))
                journal.firstEntry << journal.firstEntry.last() + std::max(1, int(journalEntries(record).size()));
            promise->addResult(Result<JournalRecords>(std::move(journal)));
        }
        promise->finish();
    });
    return promise->future();
}

void JournalModel::setRecords(JournalRecords records)
{
    beginResetModel();
    m_journal = std::move(records);
    m_parsed.clear();
    endResetModel();
}

int JournalModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || m_journal.firstEntry.isEmpty() ? 0 : m_journal.firstEntry.last();
}

int JournalModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

int JournalModel::recordOf(int row) const
{
    const auto after = std::upper_bound(m_journal.firstEntry.begin(), m_journal.firstEntry.end(), row);
    return int(after - m_journal.firstEntry.begin()) - 1;
}

const QJsonArray &JournalModel::entriesOf(int record) const
{
    if (const QJsonArray *held = m_parsed.object(record))
        return *held;
    ++m_parses;
    auto *parsed = new QJsonArray(journalEntries(m_journal.records.at(record)));
    m_parsed.insert(record, parsed);
    return *parsed;
}

QString JournalModel::text(int row, int column) const
{
    const int record = recordOf(row);
    const QJsonArray &entries = entriesOf(record);
    if (entries.isEmpty())
        return column == Detail ? inertText(QString::fromUtf8(m_journal.records.at(record).left(4 * shownLength))) : QString();
    QJsonObject entry = entries.at(row - m_journal.firstEntry.at(record)).toObject();
    const QString at = entry.take("at"_L1).toString();
    const QString type = entry.take("type"_L1).toString();
    const QString step = entry.take("step"_L1).toString();
    switch (column) {
    case At:
        return inertText(at);
    case Type:
        return inertText(type);
    case Step:
        return inertText(step);
    default:
        return inertText(QString::fromUtf8(canonicalJson(entry)));
    }
}

QString JournalModel::whole(int row) const
{
    const int record = recordOf(row);
    const QJsonArray &entries = entriesOf(record);
    const QByteArray bytes = entries.isEmpty() ? m_journal.records.at(record) : canonicalJson(entries.at(row - m_journal.firstEntry.at(record)));
    return Untrusted(QString::fromUtf8(bytes)).inert(int(AppendFile::longestRecord));
}

QVariant JournalModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)
        return text(index.row(), index.column());
    if (role == CopyRole)
        return whole(index.row());
    if (role == KeyRole)
        return QString::number(index.row());
    return {};
}

QVariant JournalModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case At:
        return tr("Time");
    case Type:
        return tr("Entry");
    case Step:
        return tr("Step");
    case Detail:
        return tr("Content");
    default:
        return {};
    }
}

} // namespace parapet::ui
