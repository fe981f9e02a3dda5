// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/listing/savedviews.h"

namespace parapet::listing {

using namespace Qt::StringLiterals;

namespace {
constexpr int maximumViews = 50;
constexpr int maximumViewName = 60;
}

SavedViews::SavedViews(QSettings &store, QString group, QVector<SavedView> builtIn)
    : m_store(store), m_group(std::move(group)), m_builtIn(std::move(builtIn))
{
    for (SavedView &view : m_builtIn)
        view.builtIn = true;
}

QVector<SavedView> SavedViews::read() const
{
    QVector<SavedView> saved;
    const int count = std::min(m_store.beginReadArray(m_group), maximumViews);
    for (int i = 0; i < count; ++i) {
        m_store.setArrayIndex(i);
        saved << SavedView{m_store.value("name"_L1).toString().left(maximumViewName), m_store.value("filter"_L1).toString(), false};
    }
    m_store.endArray();
    return saved;
}

void SavedViews::write(const QVector<SavedView> &views)
{
    m_store.remove(m_group);
    m_store.beginWriteArray(m_group, int(views.size()));
    for (int i = 0; i < views.size(); ++i) {
        m_store.setArrayIndex(i);
        m_store.setValue("name"_L1, views[i].name);
        m_store.setValue("filter"_L1, views[i].filter);
    }
    m_store.endArray();
}

QVector<SavedView> SavedViews::views() const
{
    return m_builtIn + read();
}

int SavedViews::indexOf(const QString &filter) const
{
    const QVector<SavedView> all = views();
    for (int i = 0; i < all.size(); ++i) {
        if (all[i].filter == filter)
            return i;
    }
    return -1;
}

bool SavedViews::save(const QString &name, const QString &filter)
{
    const QString trimmed = name.trimmed().left(maximumViewName);
    const auto same = [&](const SavedView &view) { return view.name.compare(trimmed, Qt::CaseInsensitive) == 0; };
    if (trimmed.isEmpty() || std::any_of(m_builtIn.begin(), m_builtIn.end(), same))
        return false;
    QVector<SavedView> saved = read();
    const auto found = std::find_if(saved.begin(), saved.end(), same);
    if (found != saved.end())
        found->filter = filter;
    else if (saved.size() < maximumViews)
        saved << SavedView{trimmed, filter, false};
    else
        return false;
    write(saved);
    return true;
}

void SavedViews::remove(const QString &name)
{
    QVector<SavedView> saved = read();
    saved.removeIf([&](const SavedView &view) { return view.name == name; });
    write(saved);
}

} // namespace parapet::listing
