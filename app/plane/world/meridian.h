// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/lease.h"
#include "models/domain/principal.h"

#include <QtCore/QString>

#include <span>

namespace parapet::plane {

/// The invented organisation "Meridian", a payments company: what is the same in each of its worlds.

struct MeridianPerson {
    const char *id;
    const char *name;
    const char *team;
    const char *role;      ///< of models/access; empty: developer in the projects of the team
};
std::span<const MeridianPerson> meridianPeople();

struct MeridianAgent {
    const char *id;
    const char *actsFor;
    const char *team;
};
std::span<const MeridianAgent> meridianAgents();

struct MeridianTarget {
    const char *name;
    LeaseKind kind;
    const char *host;
    quint16 port;
    bool production;
};
std::span<const MeridianTarget> meridianTargets();

struct MeridianWorkspace {
    const char *id;
    const char *owner;
    const char *team;
    const char *project;
    const char *region;
    const char *host;
    const char *image;
    const char *agent;     ///< empty: none
    const char *script;    ///< of its person; empty: it is stopped
    const char *task;
    const char *leases;    ///< NAME@TARGET, separated by blanks
    int hoursOld;          ///< since it was created
    bool isSigned;
};
std::span<const MeridianWorkspace> meridianWorkspaces();

/// Repositories, services, databases, registries, pipelines, network segments, production systems.
struct MeridianThing {
    const char *kind;
    const char *name;
    const char *team;
    const char *labels;
};
std::span<const MeridianThing> meridianThings();

} // namespace parapet::plane
