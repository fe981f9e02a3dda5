// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/fieldtext.h"
#include "models/items/pagedmodelbase.h"
#include "models/items/rowsource.h"
#include "models/query/predicate.h"

namespace parapet {

/// A table of any number of rows of one type over a RowSource. Columns are the type's field table.
/// Rows are told apart by keyOf(); a change of a row that is held is shown in place.
template<class Row>
class PagedModel : public PagedModelBase
{
public:
    explicit PagedModel(const Clock &clock, QObject *parent = nullptr) : PagedModelBase(clock, parent), m_clock(clock)
    {
    }
    ~PagedModel() override
    {
        for (Reply<Page<Row>> &reply : m_replies)
            reply.cancel();
    }

    /// Not owned; null takes it away.
    void setSource(RowSource<Row> *source)
    {
        if (m_source != source)
            setAvailable(false);
        m_source = source;
        setAvailable(source != nullptr);
    }

    int columnCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : int(fieldsOf<Row>().size());
    }

    /// The row if it is held.
    const Row *rowAt(int row) const
    {
        const auto page = row < 0 ? m_rows.constEnd() : m_rows.constFind(row / pageSize);
        return page == m_rows.constEnd() || row % pageSize >= page->size() ? nullptr : &page->at(row % pageSize);
    }
    /// Where a held row is; -1 when it is not held.
    int positionOf(const QString &key) const { return m_places.value(key, -1); }
    bool holds(const QString &key) const { return m_places.contains(key); }

    /// The column of a field; -1 when there is none.
    static int columnOf(QLatin1String name)
    {
        const std::span<const Field<Row>> fields = fieldsOf<Row>();
        for (size_t i = 0; i < fields.size(); ++i) {
            if (name == QLatin1String(fields[i].name))
                return int(i);
        }
        return -1;
    }

    QVariant data(const QModelIndex &index, int role) const override
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
            return {};
        touch(index.row());
        const Row *row = rowAt(index.row());
        if (role == LoadStateRole) {
            const bool missing = state() == State::Failed || isShort(index.row());
            return int(row ? LoadState::Loaded : missing ? LoadState::Failed : LoadState::Loading);
        }
        if (!row)
            return {};
        if (role == StaleRole)
            return isStale() || isRowStale(*row);
        if (role == KeyRole)
            return keyOf(*row);
        return cell(*row, index.column(), role);
    }

    QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
            return {};
        const Field<Row> &field = fieldsOf<Row>()[size_t(section)];
        switch (role) {
        case Qt::DisplayRole:
            return labelOf(field);
        case Qt::ToolTipRole:
            return helpOf(field);
        case FieldNameRole:
            return QString::fromLatin1(field.name);
        default:
            return {};
        }
    }

    Qt::ItemFlags flags(const QModelIndex &index) const override
    {
        const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
        return index.isValid() ? flags | Qt::ItemNeverHasChildren : flags;
    }

    /// Goes to the source: another query. Columns that have no order change nothing.
    void sort(int column, Qt::SortOrder order) override
    {
        if (column < 0 || column >= columnCount() || !(fieldsOf<Row>()[size_t(column)].flags & Sortable))
            return;
        Query sorted = query();
        sorted.sort = QString::fromLatin1(fieldsOf<Row>()[size_t(column)].name);
        sorted.descending = order == Qt::DescendingOrder;
        setQuery(sorted);
    }

    /// A row as the source now has it: shown at once if it is held, else only noted. An earlier version changes
    /// nothing.
    void applyChange(const Row &row)
    {
        const int place = positionOf(keyOf(row));
        if (place < 0) {
            markOutdated();
            return;
        }
        Row &held = m_rows[place / pageSize][place % pageSize];
        if (isNewer(held, row))
            return;
        if (belongsElsewhere(held, row))
            markOutdated();
        held = row;
        markDirty(place);
    }
    /// The row stays until the source has said what stands in its place.
    void applyRemoval(const QString &) { markOutdated(); }

protected:
    virtual QString keyOf(const Row &row) const = 0;
    virtual bool isRowStale(const Row &) const { return false; }
    /// What a cell of a held row answers; the default knows the texts.
    virtual QVariant cell(const Row &row, int column, int role) const
    {
        const Field<Row> &field = fieldsOf<Row>()[size_t(column)];
        switch (role) {
        case Qt::DisplayRole:
        case Qt::AccessibleTextRole:
            return displayText(field.kind, field.get(row), m_style);
        case CopyRole:
            return exportText(field.kind, field.get(row));
        case FieldRole:
            return QVariant::fromValue(field.get(row));
        case FieldNameRole:
            return QString::fromLatin1(field.name);
        case InstantRole:
        case Qt::ToolTipRole:
            break;
        default:
            return {};
        }
        if (field.kind != FieldKind::Time)
            return {};
        const Instant at{Milliseconds(field.number(row))};
        return role == InstantRole ? QVariant::fromValue(at) : QVariant(utcText(at));
    }

    void fetch(int page, quint64 ticket) override
    {
        if (!m_source)
            return;
        const PageRequest request{query(), pageSize, qint64(page) * pageSize, {}};
        const Reply<Page<Row>> reply = m_source->fetch(request);
        m_replies.insert(page, reply);
        deliver(this, reply, [this, page, ticket](Result<Page<Row>> answer) {
            arrived(page, ticket, [this, page, answer = std::move(answer)]() mutable { apply(page, answer); });
        });
    }

    void abandon(int page) override { m_replies.take(page).cancel(); }

    void dropRows(int page) override
    {
        const QVector<Row> rows = m_rows.take(page);
        for (const Row &row : rows) {
            const auto place = m_places.constFind(keyOf(row));
            // The row may have moved to another page meanwhile.
            if (place != m_places.constEnd() && *place / pageSize == page)
                m_places.erase(place);
        }
    }
    void dropAllRows() override
    {
        m_rows.clear();
        m_places.clear();
    }
    QString keyAt(int row) const override
    {
        const Row *held = rowAt(row);
        return held ? keyOf(*held) : QString();
    }

private:
    static bool isNewer(const Row &a, const Row &b)
    {
        if constexpr (requires { a.version; })
            return a.version > b.version;
        else
            return false;
    }

    void apply(int page, Result<Page<Row>> &answer)
    {
        m_replies.remove(page);
        if (!answer)
            return failed(page, answer.error());
        QVector<Row> &rows = answer->items;
        if (rows.size() > pageSize)
            rows.resize(pageSize);
        QStringList keys;
        keys.reserve(rows.size());
        for (const Row &row : std::as_const(rows))
            keys << keyOf(row);
        loaded(page, answer->total, keys, [&] { store(page, std::move(rows)); });
    }

    void store(int page, QVector<Row> rows)
    {
        // The watch may have brought a row's newer version while this answer was on its way.
        for (qsizetype i = 0; i < rows.size(); ++i) {
            const Row *held = rowAt(positionOf(keyOf(rows.at(i))));
            if (held && isNewer(*held, rows.at(i)))
                rows[i] = *held;
        }
        dropRows(page);
        for (int i = 0; i < rows.size(); ++i)
            m_places.insert(keyOf(rows.at(i)), page * pageSize + i);
        m_rows.insert(page, std::move(rows));
    }

    /// Whether a change moves the row: it sorts differently, or the filter no longer matches it.
    bool belongsElsewhere(const Row &before, const Row &after)
    {
        if (!query().sort.isEmpty()) {
            const Field<Row> *field = findField<Row>(query().sort);
            if (!field || query::compareBy(*field, before, after) != 0)
                return true;
        }
        if (query().filter.isEmpty())
            return false;
        if (m_filter != query().filter) {
            m_filter = query().filter;
            m_predicate.reset();
            if (auto predicate = query::predicateFrom<Row>(m_filter))
                m_predicate = std::move(*predicate);
        }
        // A source may know more than our language does: then only it can say.
        return !m_predicate || !m_predicate->matches(after, m_clock.now());
    }

    const Clock &m_clock;
    RowSource<Row> *m_source = nullptr;
    QHash<int, QVector<Row>> m_rows;
    QHash<QString, int> m_places; ///< of held rows only
    QHash<int, Reply<Page<Row>>> m_replies;
    TextStyle m_style;
    QString m_filter; ///< what m_predicate was made from
    std::optional<query::Predicate<Row>> m_predicate;
};

} // namespace parapet

Q_DECLARE_METATYPE(parapet::FieldValue)
