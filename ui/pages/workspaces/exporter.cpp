// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/workspaces/exporter.h"

#include "models/domain/tabletext.h"
#include "models/wire/codec.h"

namespace parapet::pages {

namespace {
constexpr int exportPage = 500;
}

WorkspaceExporter::WorkspaceExporter(ControlPlane &control, Query query, Format format, QVector<int> columns, QObject *parent)
    : QObject(parent), m_control(control), m_query(std::move(query)), m_format(format), m_columns(std::move(columns))
{
}

void WorkspaceExporter::start(const QString &path)
{
    m_file.setFileName(path);
    if (!m_file.open(QIODevice::WriteOnly)) {
        end(tr("The file cannot be written: %1").arg(m_file.errorString()));
        return;
    }
    if (m_format == Format::Csv)
        m_file.write(csvRow(exportHeader<Workspace>(m_columns)).toUtf8());
    askNext();
}

void WorkspaceExporter::cancel()
{
    if (m_ended)
        return;
    m_asked.cancel();
    m_file.cancelWriting();
    end(tr("Cancelled."));
}

void WorkspaceExporter::end(const QString &error)
{
    m_ended = true;
    Q_EMIT finished(m_written, error);
}

bool WorkspaceExporter::write(const QVector<Workspace> &rows)
{
    QByteArray bytes;
    for (const Workspace &row : rows) {
        if (m_format == Format::Csv) {
            bytes += csvRow(exportCells(row, m_columns)).toUtf8();
        } else {
            wire::appendJson(bytes, row);
            bytes += '\n';
        }
    }
    m_written += rows.size();
    return m_file.write(bytes) == bytes.size();
}

void WorkspaceExporter::askNext()
{
    PageRequest request;
    request.query = m_query;
    request.limit = exportPage;
    request.after = m_next;
    m_asked = m_control.workspaces(request);
    deliver(this, m_asked, [this](const Result<Page<Workspace>> &answer) {
        if (m_ended)
            return;
        if (!answer || !write(answer->items)) {
            const QString why = answer ? m_file.errorString() : answer.error().message;
            m_file.cancelWriting();
            end(tr("The export stopped: %1").arg(why));
            return;
        }
        Q_EMIT progressed(m_written, answer->total.value());
        m_next = answer->next;
        if (!m_next.isEmpty())
            askNext();
        else
            end(m_file.commit() ? QString() : tr("The file cannot be written: %1").arg(m_file.errorString()));
    });
}

} // namespace parapet::pages
