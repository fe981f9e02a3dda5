// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QSettings>
#include <QtCore/QString>
#include <QtCore/QVector>

namespace parapet::listing {

/// A named filter.
struct SavedView {
    QString name;
    QString filter;
    bool builtIn = false;
};

/// The views above a table: built-in ones first, then those that the person saved, in the order of saving.
class SavedViews
{
public:
    /// `group` names the settings group; `builtIn` are always there and cannot be removed.
    SavedViews(QSettings &store, QString group, QVector<SavedView> builtIn);

    QVector<SavedView> views() const;
    /// Index of the view with exactly this filter; -1 when there is none.
    int indexOf(const QString &filter) const;
    /// Adds, or replaces the saved view of that name. False when the name is empty or a built-in view's.
    bool save(const QString &name, const QString &filter);
    void remove(const QString &name);

private:
    QVector<SavedView> read() const;
    void write(const QVector<SavedView> &views);

    QSettings &m_store;
    QString m_group;
    QVector<SavedView> m_builtIn;
};

} // namespace parapet::listing
