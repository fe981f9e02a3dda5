// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/wire/codec.h"

#include <QtCore/QHash>

#include <memory>
#include <mutex>
#include <vector>

namespace parapet::plane {

/// The identifier of a row as plain text.
template<class T>
const QString &keyOf(const T &value)
{
    if constexpr (requires { value.id.value; })
        return value.id.value;
    else
        return value.id;
}

/// One row in memory: never changed, only replaced, so that a reader may hold it without a lock. Its JSON is made once, when
/// it is first asked for.
template<class T>
class Row
{
public:
    explicit Row(T value) : m_value(std::move(value)) {}
    const T &value() const { return m_value; }
    const T *operator->() const { return &m_value; }

    /// As it goes over the wire, compact. Any thread.
    const QByteArray &json() const
    {
        std::call_once(m_once, [this] { wire::appendJson(m_json, m_value); });
        return m_json;
    }

private:
    const T m_value;
    mutable std::once_flag m_once;
    mutable QByteArray m_json;
};

template<class T>
using RowPtr = std::shared_ptr<const Row<T>>;

/// All rows of one kind. Guarded by the lock of its State.
template<class T>
class MemoryTable
{
public:
    RowPtr<T> find(const QString &id) const
    {
        const auto at = m_places.constFind(id);
        return at == m_places.cend() ? RowPtr<T>() : m_rows[*at];
    }

    /// Adds or replaces. True when it is new.
    bool put(RowPtr<T> row)
    {
        ++m_generation;
        const auto at = m_places.constFind(keyOf(row->value()));
        if (at != m_places.cend()) {
            m_rows[*at] = std::move(row);
            return false;
        }
        m_places.insert(keyOf(row->value()), m_rows.size());
        m_rows.push_back(std::move(row));
        return true;
    }

    void remove(const QString &id)
    {
        const auto at = m_places.constFind(id);
        if (at == m_places.cend())
            return;
        ++m_generation;
        const size_t place = *at;
        m_places.erase(at);
        if (place != m_rows.size() - 1) {
            m_rows[place] = std::move(m_rows.back());
            m_places[keyOf(m_rows[place]->value())] = place;
        }
        m_rows.pop_back();
    }

    /// Puts the rows in the order of their identifiers: for tables that are listed, after rows were added.
    void sort()
    {
        std::sort(m_rows.begin(), m_rows.end(), [](const RowPtr<T> &a, const RowPtr<T> &b) { return keyOf(a->value()) < keyOf(b->value()); });
        for (size_t place = 0; place < m_rows.size(); ++place)
            m_places[keyOf(m_rows[place]->value())] = place;
    }

    void reserve(qsizetype size)
    {
        m_rows.reserve(size_t(size));
        m_places.reserve(size);
    }

    const std::vector<RowPtr<T>> &rows() const { return m_rows; }
    qint64 size() const { return qint64(m_rows.size()); }
    /// Grows with each change.
    quint64 generation() const { return m_generation; }

private:
    QHash<QString, size_t> m_places;
    std::vector<RowPtr<T>> m_rows;
    quint64 m_generation = 0;
};

} // namespace parapet::plane
