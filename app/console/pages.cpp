// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/pages.h"

#include "ui/pages/audit/auditpage.h"
#include "ui/pages/connections/connectionspage.h"
#include "ui/pages/operations/operationspage.h"
#include "ui/pages/overview/overviewpage.h"
#include "ui/pages/recordings/recordingspage.h"
#include "ui/pages/settings/settingspage.h"
#include "ui/pages/workspaces/workspacespage.h"

#include <QtCore/QCoreApplication>

namespace parapet::console {

using namespace Qt::StringLiterals;

QVector<shell::PageInfo> pages(const PageParts &parts)
{
    using kit::Icon;
    const auto title = [](const char *text) { return QCoreApplication::translate("pages", text); };
    return {
        {u"overview"_s, title("Overview"), Icon::Overview, 0, [parts](QWidget *parent) { return new pages::OverviewPage(parts.context, parent); }},
        {u"workspaces"_s, title("Workspaces"), Icon::Terminal, 1, [parts](QWidget *parent) { return new pages::WorkspacesPage(parts.context, parent); }},
        {u"audit"_s, title("Audit"), Icon::Document, 1, [parts](QWidget *parent) { return new pages::AuditPage(parts.context, parent); }},
        {u"recordings"_s, title("Recordings"), Icon::Play, 1, [parts](QWidget *parent) { return new pages::RecordingsPage(parts.context, parent); }},
        {u"operations"_s, title("Operations"), Icon::Checklist, 1, [parts](QWidget *parent) { return new pages::OperationsPage(parts.context, parent); }},
        {u"connections"_s, title("Connections"), Icon::Server, 2, [parts](QWidget *parent) { return new pages::ConnectionsPage(parts.switchboard, parent); }},
        {u"settings"_s, title("Settings"), Icon::Sliders, shell::PageInfo::FootGroup, [parts](QWidget *parent) {
             return new pages::SettingsPage(parts.theme, parts.context.settings(), parts.dataFolder, parent);
         }},
    };
}

} // namespace parapet::console
