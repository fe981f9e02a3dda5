// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operation/stepmodel.h"

#include "ui/kit/tooltip.h"

#include <QtCore/QCoreApplication>

namespace parapet::ui {

using namespace Qt::StringLiterals;

namespace {
constexpr qsizetype shownLines = 2;
}

StepGroup::State StepGroup::state() const
{
    if (failed > 0)
        return State::Failed;
    const int over = observed + skipped + undone;
    if (over < size())
        return over > 0 || requested > 0 || isKnown(began) ? State::Active : State::Waiting;
    if (undone > 0)
        return State::Undone;
    return observed > 0 ? State::Observed : State::Skipped;
}

void StepModel::setPlan(const operation::Plan &plan)
{
    beginResetModel();
    m_groups.clear();
    m_groupOf.clear();
    const bool many = plan.workspaces.size() > 1;
    QHash<QString, int> siblings;
    for (const operation::Step &step : plan.steps)
        ++siblings[step.after.join(u' ')];
    QHash<QString, int> places;
    for (int i = 0; i < plan.steps.size(); ++i) {
        const operation::Step &step = plan.steps[i];
        // Of many workspaces the same verb shares a line; of one, what runs side by side does.
        const QString before = step.after.join(u' ');
        const QString key = many ? step.verb : !before.isEmpty() && siblings.value(before) > 1 ? u"after "_s + before : step.id;
        auto found = places.find(key);
        if (found == places.end()) {
            found = places.insert(key, int(m_groups.size()));
            StepGroup group;
            group.title = step.title;
            group.sideBySide = !many;
            m_groups << group;
        } else if (!many) {
            m_groups[*found].title += u" · "_s + step.title;
        }
        m_groups[*found].destructive |= step.destructive;
        m_groups[*found].evidence |= step.evidence;
        m_groups[*found].rows << i;
        m_groupOf << *found;
    }
    endResetModel();
}

void StepModel::setRun(const operation::Run &run, const QVector<int> &rows)
{
    QSet<int> touched;
    if (rows.isEmpty()) {
        for (int i = 0; i < m_groups.size(); ++i)
            touched.insert(i);
    }
    for (const int row : rows)
        touched.insert(m_groupOf.value(row, 0));
    for (const int index : std::as_const(touched)) {
        if (index >= m_groups.size())
            continue;
        count(m_groups[index], run);
        Q_EMIT dataChanged(this->index(index), this->index(index));
    }
}

void StepModel::count(StepGroup &group, const operation::Run &run) const
{
    group.observed = group.failed = group.skipped = group.undone = group.requested = 0;
    group.began = group.ended = {};
    group.lines.clear();
    bool open = false;
    for (const int row : std::as_const(group.rows)) {
        const operation::StepRun &step = run.steps[row];
        switch (step.state) {
        case operation::StepState::Observed: ++group.observed; break;
        case operation::StepState::Failed: ++group.failed; break;
        case operation::StepState::Skipped: ++group.skipped; break;
        case operation::StepState::Undone: ++group.undone; break;
        case operation::StepState::Requested: ++group.requested; open = true; break;
        case operation::StepState::Waiting: open = true; break;
        }
        if (isKnown(step.began) && (!isKnown(group.began) || step.began < group.began))
            group.began = step.began;
        group.ended = std::max(group.ended, step.ended);
        const bool tell = step.state == operation::StepState::Failed || (group.sideBySide && (!step.seen.isEmpty() || step.error));
        if (tell && group.lines.size() < shownLines) {
            if (step.error && step.state != operation::StepState::Observed)
                group.lines << step.error->message;
            else
                group.lines << step.seen.split(u'\n').mid(0, shownLines);
        } else if (tell && step.error && step.state != operation::StepState::Observed) {
            group.lines.last() = step.error->message;
        } else if (tell) {
            group.lines.last() += u" · "_s + step.seen.section(u'\n', 0, 0);
        }
    }
    if (open)
        group.ended = {};
    if (!group.sideBySide) {
        QString progress = tr("%1 of %2 observed").arg(group.observed).arg(group.size());
        if (group.failed > 0)
            progress += u" · "_s + tr("%1 failed").arg(group.failed);
        if (group.skipped > 0)
            progress += u" · "_s + tr("%1 skipped").arg(group.skipped);
        group.lines.prepend(progress);
    }
    while (group.lines.size() > shownLines)
        group.lines.removeLast();
}

int StepModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_groups.size());
}

QVariant StepModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const StepGroup &group = m_groups[index.row()];
    static const char *const names[] = {QT_TR_NOOP("waiting"), QT_TR_NOOP("under way"), QT_TR_NOOP("observed"),
                                        QT_TR_NOOP("failed"),  QT_TR_NOOP("skipped"),   QT_TR_NOOP("undone")};
    if (role == Qt::DisplayRole)
        return group.title;
    if (role == Qt::AccessibleTextRole)
        return u"%1. %2: %3. %4"_s.arg(index.row() + 1).arg(group.title, tr(names[int(group.state())]), group.lines.join(u' '));
    if (role == Qt::ToolTipRole && !group.lines.isEmpty())
        return kit::plainToolTip(group.lines.join(u'\n'));
    return {};
}

} // namespace parapet::ui
