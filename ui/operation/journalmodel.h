// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/reply.h"

#include <QtCore/QAbstractTableModel>
#include <QtCore/QCache>
#include <QtCore/QJsonArray>

namespace parapet::ui {

/// A journal as it lies on the disk: its records, and how many entries come before each of them.
struct JournalRecords {
    QVector<QByteArray> records;
    QVector<int> firstEntry; ///< of each record, and behind the last one the number of all entries
};
/// Reads and checks the hash-chained file on another thread. A record that is no array counts as one entry.
Reply<JournalRecords> readJournal(const QString &path);

/// The entries of a journal, a row each. Only the bytes of the file are held: an entry is parsed and made into inert text when its
/// row is asked for. Qt::DisplayRole is cut at shownLength characters; CopyRole of a row is the entry as it lies on the disk.
class JournalModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { At, Type, Step, Detail, ColumnCount };
    static constexpr int shownLength = 2000;
    static constexpr int recordsHeld = 64; ///< parsed, of those that were looked at last

    using QAbstractTableModel::QAbstractTableModel;

    void setRecords(JournalRecords records);
    /// How often a record had to be parsed so far.
    int recordsParsed() const { return m_parses; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(int row, int column) const;
    QString whole(int row) const;
    int recordOf(int row) const;
    /// The entries of a record; none when it cannot be read.
    const QJsonArray &entriesOf(int record) const;

    JournalRecords m_journal;
    mutable QCache<int, QJsonArray> m_parsed{recordsHeld};
    mutable int m_parses = 0;
};

} // namespace parapet::ui
