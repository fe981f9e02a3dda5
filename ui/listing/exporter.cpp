// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/listing/exporter.h"

namespace parapet::listing {

void Exporter::start(const QString &path)
{
    m_file.setFileName(path);
    if (!m_file.open(QIODevice::WriteOnly)) {
        end(tr("The file cannot be written: %1").arg(m_file.errorString()));
        return;
    }
    m_file.write(header());
    ask({});
}

void Exporter::cancel()
{
    if (m_ended)
        return;
    abandon();
    m_file.cancelWriting();
    end(tr("Cancelled."));
}

void Exporter::end(const QString &error)
{
    m_ended = true;
    Q_EMIT finished(m_written, error);
}

void Exporter::stop(const QString &why)
{
    m_file.cancelWriting();
    end(tr("The export stopped: %1").arg(why));
}

void Exporter::take(const QByteArray &bytes, qint64 rows, const Count &total, const QString &next)
{
    m_written += rows;
    if (m_file.write(bytes) != bytes.size())
        return stop(m_file.errorString());
    Q_EMIT progressed(m_written, total);
    if (!next.isEmpty())
        ask(next);
    else
        end(m_file.commit() ? QString() : tr("The file cannot be written: %1").arg(m_file.errorString()));
}

} // namespace parapet::listing
