// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palette.h"

namespace parapet::shell {

namespace {

/// Keeps what matches, best first; equals stay in their order.
QVector<PaletteItem> bestFirst(const QVector<PaletteItem> &items, const QString &needle)
{
    QVector<QPair<int, PaletteItem>> ranked;
    for (const PaletteItem &item : items) {
        if (const int rank = matchRank(item.text, needle); rank >= 0)
            ranked.append({rank, item});
    }
    std::stable_sort(ranked.begin(), ranked.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
    QVector<PaletteItem> result;
    for (const auto &each : ranked)
        result.append(each.second);
    return result;
}

Reply<PaletteAnswer> answerNow(QVector<PaletteItem> items)
{
    PaletteAnswer answer;
    answer.total = Count::exactly(items.size());
    answer.items = std::move(items);
    return ready<PaletteAnswer>(answer);
}

} // namespace

CommandProvider::CommandProvider(CommandRegistry &registry, bool onObject, QObject *parent)
    : PaletteProvider(parent), m_registry(registry), m_onObject(onObject)
{
}

QString CommandProvider::heading() const
{
    if (!m_onObject)
        return tr("Commands");
    return m_registry.objectCount() > 1 ? tr("Commands on %n objects", nullptr, m_registry.objectCount())
                                        : tr("Commands on %1").arg(m_registry.objectName());
}

Reply<PaletteAnswer> CommandProvider::search(const QString &needle)
{
    QVector<PaletteItem> items;
    if (m_onObject && m_registry.objectCount() == 0)
        return answerNow(items);
    for (const Command *command : m_registry.commands()) {
        if (command->onObject != m_onObject && !(command->onObject && !m_onObject && m_registry.objectCount() == 0))
            continue;
        PaletteItem item;
        item.icon = command->icon;
        item.text = command->text;
        item.note = command->hint;
        item.key = command->shortcut.toString(QKeySequence::NativeText).replace(u'+', u' ');
        item.available = m_registry.availability(*command);
        item.run = [registry = &m_registry, id = command->id] { registry->trigger(id); };
        items.append(item);
    }
    return answerNow(bestFirst(items, needle));
}

PlaceProvider::PlaceProvider(QVector<Place> places, QObject *parent)
    : PaletteProvider(parent), m_places(std::move(places))
{
}

QString PlaceProvider::heading() const
{
    return tr("Places");
}

Reply<PaletteAnswer> PlaceProvider::search(const QString &needle)
{
    QVector<PaletteItem> items;
    for (const Place &place : m_places) {
        PaletteItem item;
        item.icon = place.icon;
        item.text = place.title;
        item.note = place.note;
        item.run = place.go;
        items.append(item);
    }
    return answerNow(bestFirst(items, needle));
}

} // namespace parapet::shell
