// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/rowselection.h"

#include <algorithm>

namespace parapet::kit {

namespace {

QStringList sortedKeys(const QSet<QString> &keys)
{
    QStringList list(keys.begin(), keys.end());
    std::sort(list.begin(), list.end());
    return list;
}

} // namespace

QStringList RowSelection::keys() const
{
    return m_all ? QStringList() : sortedKeys(m_keys);
}

QStringList RowSelection::excepted() const
{
    return m_all ? sortedKeys(m_keys) : QStringList();
}

void RowSelection::setTotal(qint64 total)
{
    if (total == m_total)
        return;
    m_total = total;
    Q_EMIT changed();
}

void RowSelection::setChecked(const QString &key, bool checked)
{
    setChecked(QStringList{key}, checked);
}

void RowSelection::setChecked(const QStringList &keys, bool checked)
{
    bool changes = false;
    for (const QString &key : keys) {
        if (key.isEmpty() || contains(key) == checked)
            continue;
        if (checked != m_all)
            m_keys.insert(key);
        else
            m_keys.remove(key);
        changes = true;
    }
    if (changes)
        Q_EMIT changed();
}

void RowSelection::selectAll()
{
    m_all = true;
    m_keys.clear();
    Q_EMIT changed();
}

void RowSelection::clear()
{
    if (!m_all && m_keys.isEmpty())
        return;
    m_all = false;
    m_keys.clear();
    Q_EMIT changed();
}

} // namespace parapet::kit
