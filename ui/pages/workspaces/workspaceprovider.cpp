// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/workspaces/workspaceprovider.h"

#include "models/items/workspacemodel.h"
#include "models/query/printer.h"

namespace parapet::pages {

using namespace Qt::StringLiterals;

namespace {

constexpr int askedObjects = 8;

/// Every word somewhere in the name or the owner's name.
QString filterOfNeedle(const QString &needle)
{
    QStringList terms;
    for (const QString &word : needle.split(u' ', Qt::SkipEmptyParts))
        terms << u"(name~%1 OR ownerName~%1)"_s.arg(query::printValue(word));
    return terms.join(u' ');
}

} // namespace

WorkspaceProvider::WorkspaceProvider(shell::ConsoleContext &context, QObject *parent) : PaletteProvider(parent), m_context(context) {}

QString WorkspaceProvider::heading() const
{
    return tr("Workspaces");
}

shell::PaletteItem WorkspaceProvider::itemOf(const Workspace &workspace) const
{
    shell::PaletteItem item;
    item.icon = kit::Icon::Terminal;
    item.text = workspace.name.inert(80);
    item.mono = true;
    item.note = workspace.ownerName.inert(60) + u", "_s + stateText(workspace);
    item.run = [context = &m_context, id = workspace.id] { context->goTo({u"workspaces"_s, {{u"key"_s, id.value}, {u"filter"_s, u"id:"_s + id.value}}}); };
    return item;
}

Reply<shell::PaletteAnswer> WorkspaceProvider::search(const QString &needle)
{
    ControlPlane *control = m_context.system().control;
    if (!control || needle.isEmpty())
        return ready(Result<shell::PaletteAnswer>(shell::PaletteAnswer()));
    PageRequest request;
    request.query.filter = filterOfNeedle(needle);
    request.limit = askedObjects;
    auto promise = std::make_shared<QPromise<Result<shell::PaletteAnswer>>>();
    promise->start();
    const Reply<shell::PaletteAnswer> reply = promise->future();
    deliver(this, control->workspaces(request), [this, promise](const Result<Page<Workspace>> &page) {
        if (page) {
            shell::PaletteAnswer answer;
            for (const Workspace &workspace : page->items)
                answer.items << itemOf(workspace);
            answer.total = page->total;
            promise->addResult(Result<shell::PaletteAnswer>(std::move(answer)));
        } else {
            promise->addResult(Result<shell::PaletteAnswer>(fail(page.error())));
        }
        promise->finish();
    });
    return reply;
}

} // namespace parapet::pages
