// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QObject>
#include <QtCore/QSet>
#include <QtCore/QStringList>

namespace parapet::kit {

/// Which rows are checked: some, by key, or all that match less some. Independent of what is loaded or visible.
class RowSelection : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    bool isEmpty() const { return count() == 0; }
    /// All that match the filter in force, except excepted(). The keys are then the source's to resolve.
    bool isAll() const { return m_all; }
    bool contains(const QString &key) const { return m_keys.contains(key) != m_all; }
    /// Exact as long as total() is.
    qint64 count() const { return m_all ? qMax<qint64>(0, m_total - m_keys.size()) : m_keys.size(); }
    /// The checked keys, sorted; empty when isAll().
    QStringList keys() const;
    /// The keys left out of all, sorted; empty unless isAll().
    QStringList excepted() const;

    qint64 total() const { return m_total; }
    /// How many match; part of "Select all 46 that match".
    void setTotal(qint64 total);

    void setChecked(const QString &key, bool checked);
    void setChecked(const QStringList &keys, bool checked);
    void toggle(const QString &key) { setChecked(key, !contains(key)); }
    void selectAll();
    void clear();

Q_SIGNALS:
    void changed();

private:
    QSet<QString> m_keys; ///< checked, or excepted when m_all
    bool m_all = false;
    qint64 m_total = 0;
};

} // namespace parapet::kit
