// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/reply.h"
#include "models/domain/tabletext.h"
#include "models/ports/page.h"
#include "models/wire/codec.h"

#include <QtCore/QSaveFile>

#include <functional>

namespace parapet::listing {

/// Writes all rows that match a query to a file, page by page from the source: CSV (RFC 4180, formulas disarmed) or JSON lines.
/// The file appears only when it is whole. One export, then deleteLater().
class Exporter : public QObject
{
    Q_OBJECT

public:
    enum class Format { Csv, JsonLines };

    explicit Exporter(QObject *parent = nullptr) : QObject(parent) {}
    void start(const QString &path);
    /// Ends it now, finished() included; nothing is left behind.
    void cancel();

Q_SIGNALS:
    void progressed(qint64 written, const parapet::Count &total);
    /// `error` is empty when the file is whole.
    void finished(qint64 written, const QString &error);

protected:
    static constexpr int pageRows = 500;

    /// What stands above the rows.
    virtual QByteArray header() const = 0;
    /// Asks for the page after `cursor`; ends in take() or stop().
    virtual void ask(const QString &cursor) = 0;
    /// The question is no longer asked.
    virtual void abandon() = 0;

    void take(const QByteArray &bytes, qint64 rows, const Count &total, const QString &next);
    void stop(const QString &why);
    bool isEnded() const { return m_ended; }

private:
    void end(const QString &error);

    QSaveFile m_file;
    qint64 m_written = 0;
    bool m_ended = false;
};

/// The export of rows of one type: `columns` are places in its field table, for CSV.
template<class Row>
class RowExporter : public Exporter
{
public:
    using Fetch = std::function<Reply<Page<Row>>(const PageRequest &request)>;

    RowExporter(Fetch fetch, Query query, Format format, QVector<int> columns, QObject *parent = nullptr)
        : Exporter(parent), m_fetch(std::move(fetch)), m_query(std::move(query)), m_format(format), m_columns(std::move(columns))
    {
    }

protected:
    QByteArray header() const override { return m_format == Format::Csv ? csvRow(exportHeader<Row>(m_columns)).toUtf8() : QByteArray(); }

    void ask(const QString &cursor) override
    {
        PageRequest request;
        request.query = m_query;
        request.limit = pageRows;
        request.after = cursor;
        m_asked = m_fetch(request);
        deliver(this, m_asked, [this](const Result<Page<Row>> &answer) {
            if (isEnded())
                return;
            if (!answer)
                return stop(answer.error().message);
            QByteArray bytes;
            for (const Row &row : answer->items) {
                if (m_format == Format::Csv) {
                    bytes += csvRow(exportCells(row, m_columns)).toUtf8();
                } else {
                    wire::appendJson(bytes, row);
                    bytes += '\n';
                }
            }
            take(bytes, answer->items.size(), answer->total, answer->next);
        });
    }

    void abandon() override { m_asked.cancel(); }

private:
    Fetch m_fetch;
    Query m_query;
    Format m_format;
    QVector<int> m_columns;
    Reply<Page<Row>> m_asked;
};

} // namespace parapet::listing
