// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/listing/exporter.h"

namespace parapet::listing {

/// Writes rows that are already there, as the other exporters write: the file appears only when it is whole.
class TextExporter : public Exporter
{
    Q_OBJECT

public:
    /// `header` stands above `body`, which holds `rows` rows.
    TextExporter(QByteArray header, QByteArray body, qint64 rows, QObject *parent = nullptr)
        : Exporter(parent), m_header(std::move(header)), m_body(std::move(body)), m_rows(rows)
    {
    }

    /// Asks for a path over `parent`, writes there, and tells what came of it: its sentence, and whether the file is whole.
    using Told = std::function<void(const QString &sentence, bool whole)>;
    static void ask(QWidget *parent, const QString &title, const QString &fileName, const QByteArray &header, const QByteArray &body, qint64 rows, Told told);

protected:
    QByteArray header() const override { return m_header; }
    void ask(const QString &) override { take(m_body, m_rows, Count::exactly(m_rows), {}); }
    void abandon() override {}

private:
    QByteArray m_header;
    QByteArray m_body;
    qint64 m_rows;
};

} // namespace parapet::listing
