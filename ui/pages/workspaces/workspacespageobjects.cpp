// SPDX-License-Identifier: GPL-3.0-or-later
// What the commands of the page act on: the checked rows, else the current one.
#include "ui/pages/workspaces/workspacespage.h"

#include "models/items/workspacemodel.h"
#include "ui/kit/tableview.h"
#include "ui/kit/text/format.h"
#include "ui/pages/workspaces/bulkbar.h"

namespace parapet::pages {

using namespace Qt::StringLiterals;

namespace {
constexpr int mostAccessTargets = 500; ///< whose rights are looked at one by one beforehand
}

response::Targets WorkspacesPage::targets() const
{
    const auto ids = [](const QStringList &keys) {
        QVector<WorkspaceId> result;
        for (const QString &key : keys)
            result << WorkspaceId(key);
        return result;
    };
    if (m_selection.isAll()) {
        const QVector<WorkspaceId> excepted = ids(m_selection.excepted());
        return response::Targets::all(m_model->query(), QSet<WorkspaceId>(excepted.begin(), excepted.end()));
    }
    if (!m_selection.isEmpty())
        return response::Targets::these(ids(m_selection.keys()));
    return response::Targets::one(WorkspaceId(currentKey()));
}

QString WorkspacesPage::targetName() const
{
    const qint64 count = m_selection.count();
    if (count > 1)
        return tr("%1 workspace(s)", nullptr, kit::numerus(count)).arg(selectedCount().text());
    const QString key = count == 1 && !m_selection.isAll() ? m_selection.keys().value(0) : currentKey();
    const Workspace *row = m_model->rowAt(m_model->positionOf(key));
    return row ? row->name.inert(80) : Untrusted(key).inert(80);
}

Count WorkspacesPage::selectedCount() const
{
    const bool exact = !m_selection.isAll() || m_model->total().isExact();
    return exact ? Count::exactly(m_selection.count()) : Count::atLeast(m_selection.count());
}

QVector<access::Target> WorkspacesPage::accessTargets() const
{
    // What is not loaded, or too much, is the plane's to decide.
    if (m_selection.isAll() || m_selection.count() > mostAccessTargets)
        return {};
    QVector<access::Target> targets;
    for (const QString &key : m_selection.isEmpty() ? QStringList{currentKey()} : m_selection.keys()) {
        if (const Workspace *row = m_model->rowAt(m_model->positionOf(key)))
            targets.append({row->id.value, row->project});
    }
    return targets;
}

void WorkspacesPage::reportObjects()
{
    placeBulkBar();
    const bool current = !currentKey().isEmpty();
    const qint64 count = m_selection.isEmpty() ? (current ? 1 : 0) : m_selection.count();
    Q_EMIT objectsChanged(int(std::min<qint64>(count, std::numeric_limits<int>::max())), count > 0 ? targetName() : QString());
}

void WorkspacesPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    placeBulkBar();
}

bool WorkspacesPage::eventFilter(QObject *watched, QEvent *event)
{
    if (m_bulk && watched == m_bulk->parentWidget() && event->type() == QEvent::Resize)
        placeBulkBar();
    return Page::eventFilter(watched, event);
}

void WorkspacesPage::placeBulkBar()
{
    QWidget *host = m_bulk->parentWidget();
    m_bulk->setGeometry(0, host->height() - m_bulk->height(), host->width(), m_bulk->height());
    m_bulk->raise();
}

} // namespace parapet::pages
