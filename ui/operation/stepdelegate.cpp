// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operation/stepdelegate.h"

#include "ui/kit/paint.h"
#include "ui/kit/text/format.h"
#include "ui/operation/stepmodel.h"

#include <QtGui/QPainter>

namespace parapet::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int markColumn = 24;
constexpr int stepGap = 8;

void paintStepMark(QPainter &painter, const QRect &rect, StepGroup::State state, const kit::Theme &theme)
{
    switch (state) {
    case StepGroup::State::Observed: kit::paintProof(painter, rect, Proof::Verified, theme); break;
    case StepGroup::State::Failed: kit::paintProof(painter, rect, Proof::Broken, theme); break;
    case StepGroup::State::Active: kit::paintState(painter, rect, StateMark::Requested, theme); break;
    case StepGroup::State::Skipped: kit::paintProof(painter, rect, Proof::Gap, theme); break;
    case StepGroup::State::Undone: kit::paintProof(painter, rect, Proof::Unchecked, theme); break;
    case StepGroup::State::Waiting: kit::paintProof(painter, rect, Proof::Pending, theme); break;
    }
}

QString timeOf(const StepGroup &group, Instant now)
{
    if (!isKnown(group.began))
        return {};
    const Instant end = isKnown(group.ended) ? group.ended : now;
    const double seconds = double((end - group.began).count()) / 1000.0;
    return seconds < 100 ? u"%1 s"_s.arg(seconds, 0, 'f', 1) : kit::durationText(end - group.began);
}

} // namespace

StepDelegate::StepDelegate(const StepModel &model, const Clock &clock, QObject *parent) : QStyledItemDelegate(parent), m_model(model), m_clock(clock) {}

QSize StepDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const kit::Theme &theme = kit::theme(option.widget);
    const qsizetype lines = std::max<qsizetype>(1, m_model.group(index.row()).lines.size());
    return {0, theme.lineHeight(kit::Type::BodyStrong) + int(lines) * theme.lineHeight(kit::Type::Small) + theme.scaled(stepGap)};
}

void StepDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const kit::Theme &theme = kit::theme(option.widget);
    const StepGroup &group = m_model.group(index.row());
    const StepGroup::State state = group.state();
    const int title = theme.lineHeight(kit::Type::BodyStrong);
    const int column = theme.scaled(markColumn);
    const QRect mark(option.rect.left(), option.rect.top(), theme.scaled(kit::size::proofMark), title);
    if (index.row() + 1 < m_model.rowCount()) {
        const int x = mark.center().x();
        painter->fillRect(QRect(x, mark.bottom() + 1, 1, option.rect.bottom() - mark.bottom() - 3), theme.color(kit::Role::LineStrong));
    }
    paintStepMark(*painter, mark, state, theme);
    QRect line(option.rect.left() + column, option.rect.top(), option.rect.width() - column, title);
    const QString time = timeOf(group, m_clock.now());
    kit::paintText(*painter, line, time, theme, kit::Type::Mono, kit::Role::Text2, Qt::AlignRight);
    const kit::Role role = state == StepGroup::State::Waiting ? kit::Role::Text2 : kit::Role::Text;
    QVector<kit::Run> runs{{u"%1. %2"_s.arg(index.row() + 1).arg(group.title), kit::Type::BodyStrong, role, 0}};
    if (group.destructive && state == StepGroup::State::Waiting)
        runs << kit::Run{u"   "_s + StepModel::tr("destructive"), kit::Type::Small, kit::Role::High, 0};
    if (group.evidence && state == StepGroup::State::Waiting)
        runs << kit::Run{u"   "_s + StepModel::tr("evidence"), kit::Type::Small, kit::Role::Ok, 0};
    kit::paintRuns(*painter, line.adjusted(0, 0, -theme.scaled(64), 0), runs, theme);
    QStringList lines = group.lines;
    if (lines.isEmpty()) {
        if (state == StepGroup::State::Waiting)
            lines << (group.size() > 1 ? group.sideBySide ? StepModel::tr("%Ln step(s) side by side", nullptr, int(group.size())) : StepModel::tr("%Ln workspace(s)", nullptr, int(group.size())) : StepModel::tr("not started"));
        else if (state == StepGroup::State::Active)
            lines << StepModel::tr("asked at %1, not yet observed").arg(kit::localTime(group.began));
    }
    const kit::Role lineRole = state == StepGroup::State::Failed ? kit::Role::Critical : kit::Role::Text2;
    QRect below(line.left(), line.bottom() + 1, line.width(), theme.lineHeight(kit::Type::Small));
    for (const QString &text : std::as_const(lines)) {
        kit::paintText(*painter, below, text, theme, kit::Type::Small, lineRole);
        below.translate(0, below.height());
    }
    if (option.state & QStyle::State_HasFocus)
        kit::paintInnerFocus(*painter, option.rect, theme);
}

} // namespace parapet::ui
