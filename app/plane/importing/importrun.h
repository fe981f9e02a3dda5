// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/control/store.h"
#include "app/plane/importing/asidefile.h"
#include "models/formats/lineimporter.h"

#include <QtCore/QJsonObject>
#include <QtCore/QMap>

#include <functional>

namespace parapet::plane {

/// Where the lines of a file went. lines = imported + joined + skipped + aside, always.
struct ImportTotals {
    qint64 lines = 0;
    qint64 imported = 0;
    qint64 joined = 0;
    QMap<QByteArray, qint64> skipped; ///< by reason
    qint64 aside = 0;

    qint64 skippedLines() const;
    bool addUp() const { return lines == imported + joined + skippedLines() + aside; }
    QJsonObject json() const;
    ImportTotals &operator+=(const ImportTotals &other);
};

/// What became of one file.
struct ImportReport {
    QString file;
    qint64 before = 0;   ///< lines that an earlier import had taken
    qint64 from = 0;     ///< the bytes of the file that were read now: [from, to)
    qint64 to = 0;
    QByteArray sha256;   ///< of these bytes, in hex: what ties the events to the file
    qint64 next = 0;     ///< where the next import of it begins: before `to` when the file ends within a line
    QString asideFile;   ///< empty: no line was kept aside, ever
    ImportTotals totals;

    QJsonObject json() const;
};

/// Imports files into the log of a store, in its order and with its tree: batches of events, each one transaction with the place in
/// the file that they reach to. Killed at any moment, the next import of the file goes on from there; nothing is doubled or missed.
///
/// A file is known again by its first line and by the bytes before the place that was reached, not by its name: a rotated file goes on
/// where it was. Two files that hold the same events are two files.
class ImportRun
{
public:
    struct Options {
        QString asideFolder;   ///< made (0700) when it is missing
        QString origin;        ///< of the events: "import:kubernetes"
        QString by;            ///< who imports, for the event of the import
        int batch = 16384;     ///< events in a transaction
        std::function<void(const ImportReport &, qint64 size)> progress; ///< after each batch: so far, and the file's size
    };

    ImportRun(Store &store, Options options) : m_store(store), m_options(std::move(options)) {}

    /// Code Storage for what cannot be read or stored, Invalid for what is no regular file.
    Result<ImportReport> importFile(const QString &path, formats::LineImporter &importer);

private:
    Store &m_store;
    Options m_options;
};

} // namespace parapet::plane
