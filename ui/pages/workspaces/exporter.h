// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/workspace.h"
#include "models/ports/controlplane.h"

#include <QtCore/QSaveFile>

namespace parapet::pages {

/// Writes all workspaces that match a query to a file, page by page from the source: CSV (RFC 4180, formulas disarmed) or JSON lines.
/// The file appears only when it is whole. One export, then deleteLater().
class WorkspaceExporter : public QObject
{
    Q_OBJECT

public:
    enum class Format { Csv, JsonLines };

    WorkspaceExporter(ControlPlane &control, Query query, Format format, QVector<int> columns, QObject *parent = nullptr);
    void start(const QString &path);
    /// Ends it now, finished() included; nothing is left behind.
    void cancel();

Q_SIGNALS:
    void progressed(qint64 written, qint64 total);
    /// `error` is empty when the file is whole.
    void finished(qint64 written, const QString &error);

private:
    void askNext();
    void end(const QString &error);
    bool write(const QVector<Workspace> &rows);

    ControlPlane &m_control;
    Query m_query;
    Format m_format;
    QVector<int> m_columns;
    QSaveFile m_file;
    Reply<Page<Workspace>> m_asked;
    QString m_next;
    qint64 m_written = 0;
    bool m_ended = false;
};

} // namespace parapet::pages
