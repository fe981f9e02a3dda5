// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palettemodel.h"

#include "ui/kit/paint.h"

#include <QtGui/QPainter>

namespace parapet::shell {

namespace {

/// Where the words of the needle are in text, in order; empty when one is missing.
QVector<QPair<int, int>> wordsIn(const QString &text, const QString &needle)
{
    QVector<QPair<int, int>> ranges;
    qsizetype from = 0;
    for (const QString &word : needle.split(u' ', Qt::SkipEmptyParts)) {
        // A word's beginning is better than its middle.
        qsizetype at = -1;
        for (qsizetype probe = text.indexOf(word, from, Qt::CaseInsensitive); probe >= 0;
             probe = text.indexOf(word, probe + 1, Qt::CaseInsensitive)) {
            if (at < 0)
                at = probe;
            if (probe == 0 || !text.at(probe - 1).isLetterOrNumber()) {
                at = probe;
                break;
            }
        }
        if (at < 0)
            return {};
        ranges.append({int(at), int(word.size())});
        from = at + word.size();
    }
    return ranges;
}

} // namespace

QVector<QPair<int, int>> matchRanges(const QString &text, const QString &needle)
{
    return wordsIn(text, needle);
}

int matchRank(const QString &text, const QString &needle)
{
    if (needle.trimmed().isEmpty())
        return 0;
    const QVector<QPair<int, int>> ranges = wordsIn(text, needle);
    if (ranges.isEmpty())
        return -1;
    int rank = 1000 - std::min<int>(int(text.size()), 200);
    for (const auto &[at, length] : ranges) {
        const bool atStart = at == 0 || !text.at(at - 1).isLetterOrNumber();
        rank += (atStart ? 200 : 0) + length * 4 - std::min(at, 100);
    }
    return std::max(rank, 1);
}

QVariant PaletteModel::data(const QModelIndex &index, int role) const
{
    const Row &row = m_rows.at(index.row());
    if (role == Qt::DisplayRole)
        return row.heading.isEmpty() ? row.item.text : row.heading;
    if (role == Qt::AccessibleTextRole && row.heading.isEmpty()) {
        QStringList parts{row.item.text, row.item.note};
        if (!row.item.available.enabled)
            parts << tr("not available") << row.item.available.reason;
        return parts.join(QLatin1String(", "));
    }
    return {};
}

Qt::ItemFlags PaletteModel::flags(const QModelIndex &index) const
{
    return isHeading(index.row()) ? Qt::NoItemFlags : Qt::ItemIsEnabled | Qt::ItemIsSelectable;
}

void PaletteModel::setRows(QVector<Row> rows, const QString &needle)
{
    beginResetModel();
    m_rows = std::move(rows);
    m_needle = needle;
    endResetModel();
}

int PaletteModel::itemCount() const
{
    return int(std::count_if(m_rows.begin(), m_rows.end(), [](const Row &row) { return row.heading.isEmpty(); }));
}

QSize PaletteDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const bool heading = static_cast<const PaletteModel *>(index.model())->isHeading(index.row());
    return {100, kit::theme(option.widget).scaled(heading ? 28 : kit::size::rowComfortable)};
}

void PaletteDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const kit::Theme &look = kit::theme(option.widget);
    const auto *model = static_cast<const PaletteModel *>(index.model());
    QRect row = option.rect.adjusted(10, 0, -10, 0);
    if (model->isHeading(index.row())) {
        kit::paintText(*painter, row.adjusted(0, 6, 0, 0), model->at(index.row()).heading, look,
                       kit::Type::ColumnHeader, kit::Role::Text2, Qt::AlignLeft, Qt::ElideMiddle);
        return;
    }
    const PaletteItem &item = model->at(index.row()).item;
    const bool current = option.state & QStyle::State_Selected;
    const bool can = item.available.enabled;
    if (current)
        kit::paintBox(*painter, option.rect, kit::radius::control, look.color(kit::Role::Selection), {});
    const int side = look.scaled(kit::size::icon);
    kit::paintIcon(*painter, QRect(row.left(), row.top(), side, row.height()), item.icon,
                   look.color(!can      ? kit::Role::TextDisabled
                              : current ? kit::Role::Accent
                                        : kit::Role::Text2),
                   side);
    row.setLeft(row.left() + side + 10);
    const QString key = current && can && item.key.isEmpty() ? tr("Enter") : item.key;
    if (!key.isEmpty()) {
        const int cap = kit::keyCapWidth(key, look);
        kit::paintKeyCap(*painter, QRect(row.right() + 1 - cap, row.top(), cap, row.height()), key, look);
        row.setRight(row.right() - cap - 10);
    }
    // Matched parts strong, the rest plain: runs, not markup.
    const kit::Type type = item.mono ? kit::Type::Mono : kit::Type::Body;
    const kit::Role ink = can ? kit::Role::Text : kit::Role::Text3;
    QVector<kit::Run> runs;
    int from = 0;
    for (const auto &[at, length] : matchRanges(item.text, model->needle())) {
        runs.append({item.text.mid(from, at - from), type, ink, 0});
        runs.append({item.text.mid(at, length), type, ink, can ? 700 : 0});
        from = at + length;
    }
    runs.append({item.text.mid(from), type, ink, 0});
    runs.append({QStringLiteral("  ") + (can ? item.note : item.available.reason), kit::Type::Small,
                 can ? kit::Role::Text2 : kit::Role::High, 0});
    kit::paintRuns(*painter, row, runs, look);
}

void PaletteFoot::setSummary(const QString &summary)
{
    m_summary = summary;
    setAccessibleName(summary);
    update();
}

QSize PaletteFoot::sizeHint() const
{
    return {100, kit::theme(this).scaled(34)};
}

void PaletteFoot::paintEvent(QPaintEvent *)
{
    const kit::Theme &look = kit::theme(this);
    QPainter painter(this);
    painter.fillRect(QRect(1, 0, width() - 2, 1), look.color(kit::Role::Line));
    QRect foot = rect().adjusted(16, 1, -16, 0);
    kit::paintText(painter, foot, m_summary, look, kit::Type::Small, kit::Role::Text2, Qt::AlignRight);
    const auto hint = [&](std::initializer_list<QString> keys, const QString &text) {
        for (const QString &key : keys)
            foot.setLeft(foot.left() + kit::paintKeyCap(painter, foot, key, look) + 3);
        kit::paintText(painter, foot.adjusted(2, 0, 0, 0), text, look, kit::Type::Small, kit::Role::Text2);
        foot.setLeft(foot.left() + kit::textWidth(text, look, kit::Type::Small) + 18);
    };
    hint({QString(QChar(0x2191)), QString(QChar(0x2193))}, tr("choose"));
    hint({tr("Enter")}, tr("open"));
    hint({tr("Tab")}, tr("commands of it"));
}

} // namespace parapet::shell
