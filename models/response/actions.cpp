// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/response/actions.h"

#include "models/response/controlactions.h"

namespace parapet::response {

using namespace Qt::StringLiterals;

std::unique_ptr<operation::ActionSet> actionsFor(const System &system)
{
    using Switch = SwitchAction::Switch;
    auto set = std::make_unique<operation::ActionSet>();
    set->add(u"freeze"_s, std::make_unique<SwitchAction>(system, Switch::Frozen, true));
    set->add(u"thaw"_s, std::make_unique<SwitchAction>(system, Switch::Frozen, false));
    set->add(u"isolate"_s, std::make_unique<SwitchAction>(system, Switch::Isolated, true));
    set->add(u"rejoin"_s, std::make_unique<SwitchAction>(system, Switch::Isolated, false));
    set->add(u"pauseAgent"_s, std::make_unique<SwitchAction>(system, Switch::AgentPaused, true));
    set->add(u"resumeAgent"_s, std::make_unique<SwitchAction>(system, Switch::AgentPaused, false));
    set->add(u"snapshot"_s, std::make_unique<SnapshotAction>(system));
    set->add(u"terminate"_s, std::make_unique<TerminateAction>(system));
    set->add(u"log"_s, std::make_unique<LogAction>(system));
    set->add(u"endSessions"_s, std::make_unique<EndSessionsAction>(system));
    set->add(u"revokeLeases"_s, std::make_unique<RevokeLeasesAction>(system));
    set->add(u"suspend"_s, std::make_unique<SuspendAction>(system, true));
    set->add(u"reinstate"_s, std::make_unique<SuspendAction>(system, false));
    set->add(u"markRevoked"_s, std::make_unique<StateAction>(system, WorkspaceState::Revoked));
    set->add(u"stop"_s, std::make_unique<StateAction>(system, WorkspaceState::Stopped));
    return set;
}

} // namespace parapet::response
