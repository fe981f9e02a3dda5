// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of the Workspaces page: what its header and its views count, and the values that its filter knows.
#include "ui/pages/workspaces/workspacespage.h"

#include "models/items/workspacemodel.h"

namespace parapet::pages {

using namespace Qt::StringLiterals;

void WorkspacesPage::askFigures()
{
    m_figuresWanted = true;
    startFigures();
}

void WorkspacesPage::startFigures()
{
    // The rows come first, and one round follows another: figures never make rows wait.
    const bool rowsAreThere = m_model->state() == PagedModelBase::State::Ready || m_model->rowCount() > 0;
    if (!m_figuresWanted || m_figureUnderWay || !rowsAreThere || !isActive() || !m_context.system().control)
        return;
    m_figuresWanted = false;
    m_figures.clear();
    const auto count = [this](const QString &filter, auto store) {
        m_figures.push_back([this, filter, store](ControlPlane &control) {
            PageRequest one;
            one.query.filter = filter;
            one.limit = 1;
            deliver(this, control.workspaces(one), [this, store](const Result<parapet::Page<Workspace>> &answer) {
                if (answer) {
                    store(answer->total);
                    showFigures();
                }
                askNextFigure();
            });
        });
    };
    const QVector<SavedView> all = m_saved.views();
    m_viewCounts.resize(all.size());
    for (int i = 0; i < all.size(); ++i) {
        count(all[i].filter, [this, i](const Count &total) {
            if (i < m_viewCounts.size())
                m_viewCounts[i] = total;
            if (i == 0 && std::exchange(m_whole, total) != std::optional(total))
                showState(); // "of how many" is part of what an empty table says
            showViews();
        });
    }
    count(u"state:running"_s, [this](const Count &total) { m_running = total; });
    count(u"imageSigned:false state:running,frozen"_s, [this](const Count &total) { m_drifting = total; });
    for (const QString &field : {u"team"_s, u"project"_s, u"region"_s, u"host"_s}) {
        m_figures.push_back([this, field](ControlPlane &control) {
            deliver(this, control.countWorkspaces({}, field), [this, field](const Result<QVector<Bucket>> &answer) {
                if (answer) {
                    QStringList values;
                    for (const Bucket &bucket : *answer)
                        values << bucket.key;
                    m_syntax.setKnownValues(field, values);
                }
                askNextFigure();
            });
        });
    }
    askNextFigure();
}

void WorkspacesPage::askNextFigure()
{
    // One after the other: they go out on the connection that is there. All at once would open one for each, and a handshake costs
    // both sides more than all of these answers.
    ControlPlane *control = m_context.system().control;
    m_figureUnderWay = control && !m_figures.empty();
    if (m_figureUnderWay) {
        const auto ask = std::move(m_figures.front());
        m_figures.pop_front();
        ask(*control);
    } else {
        m_figures.clear();
        startFigures();
    }
}

} // namespace parapet::pages
