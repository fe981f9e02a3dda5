// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/workspace.h"

#include <QtCore/QtGlobal>

namespace parapet {

template<>
std::span<const Field<Workspace>> fieldsOf<Workspace>()
{
    using W = Workspace;
    constexpr int every = Sortable | Filterable;
    static const Field<W> table[] = {
        field<&W::id>("id", QT_TRANSLATE_NOOP("fields", "Identifier"),
                      QT_TRANSLATE_NOOP("fields", "the workspace's identifier"), every),
        field<&W::name>("name", QT_TRANSLATE_NOOP("fields", "Workspace"),
                        QT_TRANSLATE_NOOP("fields", "what its owner calls it"), every | Shown),
        field<&W::state>("state", QT_TRANSLATE_NOOP("fields", "State"),
                         QT_TRANSLATE_NOOP("fields", "where it is in its life"), every | Shown),
        field<&W::isolated>("isolated", QT_TRANSLATE_NOOP("fields", "Isolated"),
                            QT_TRANSLATE_NOOP("fields", "its network is cut"), every),
        field<&W::agentPaused>("agentPaused", QT_TRANSLATE_NOOP("fields", "Agent paused"),
                               QT_TRANSLATE_NOOP("fields", "its AI agents are held, its people work on"), every),
        field<&W::owner>("owner", QT_TRANSLATE_NOOP("fields", "Owner identifier"),
                         QT_TRANSLATE_NOOP("fields", "the principal that owns it"), every),
        field<&W::ownerName>("ownerName", QT_TRANSLATE_NOOP("fields", "Owner"),
                             QT_TRANSLATE_NOOP("fields", "the owner's name"), every | Shown),
        field<&W::team>("team", QT_TRANSLATE_NOOP("fields", "Team"), QT_TRANSLATE_NOOP("fields", "the owner's team"),
                        every),
        field<&W::project>("project", QT_TRANSLATE_NOOP("fields", "Project"),
                           QT_TRANSLATE_NOOP("fields", "the project that it belongs to"), every | Shown),
        field<&W::image>("image", QT_TRANSLATE_NOOP("fields", "Image"),
                         QT_TRANSLATE_NOOP("fields", "repository and tag of its image"), every),
        field<&W::imageDigest>("imageDigest", QT_TRANSLATE_NOOP("fields", "Image digest"),
                               QT_TRANSLATE_NOOP("fields", "the digest of its image, sha256:…"), every | Shown,
                               FieldKind::Identifier),
        field<&W::imageSigned>("imageSigned", QT_TRANSLATE_NOOP("fields", "Image signed"),
                               QT_TRANSLATE_NOOP("fields", "its image carries a valid signature"), every),
        field<&W::imageBuilt>("imageBuilt", QT_TRANSLATE_NOOP("fields", "Image built"),
                              QT_TRANSLATE_NOOP("fields", "when its image was built"), every),
        field<&W::sessions>("sessions", QT_TRANSLATE_NOOP("fields", "Sessions"),
                            QT_TRANSLATE_NOOP("fields", "how many sessions are open in it"), every | Shown),
        field<&W::leases>("leases", QT_TRANSLATE_NOOP("fields", "Leases"),
                          QT_TRANSLATE_NOOP("fields", "how many active credentials it holds"), every | Shown),
        field<&W::productionLeases>("productionLeases", QT_TRANSLATE_NOOP("fields", "Production leases"),
                                    QT_TRANSLATE_NOOP("fields", "how many of its credentials reach production"), every),
        field<&W::people>("people", QT_TRANSLATE_NOOP("fields", "People"),
                          QT_TRANSLATE_NOOP("fields", "how many people have an open session in it"), every | Shown),
        field<&W::agents>("agents", QT_TRANSLATE_NOOP("fields", "AI agents"),
                          QT_TRANSLATE_NOOP("fields", "how many AI agents work in it"), every | Shown),
        field<&W::created>("created", QT_TRANSLATE_NOOP("fields", "Created"),
                           QT_TRANSLATE_NOOP("fields", "when it was created"), every),
        field<&W::started>("started", QT_TRANSLATE_NOOP("fields", "Started"),
                           QT_TRANSLATE_NOOP("fields", "when its present run began"), every | Shown),
        field<&W::runtime>("runtime", QT_TRANSLATE_NOOP("fields", "Runtime agent"),
                           QT_TRANSLATE_NOOP("fields", "whether its runtime agent observes it"), every | Shown),
        field<&W::observed>("observed", QT_TRANSLATE_NOOP("fields", "Last observed"),
                            QT_TRANSLATE_NOOP("fields", "when its runtime agent last observed it"), every),
        field<&W::region>("region", QT_TRANSLATE_NOOP("fields", "Region"),
                          QT_TRANSLATE_NOOP("fields", "the region that it runs in"), every | Shown),
        field<&W::host>("host", QT_TRANSLATE_NOOP("fields", "Host"),
                        QT_TRANSLATE_NOOP("fields", "the host that it runs on"), every),
        field<&W::simulated>("simulated", QT_TRANSLATE_NOOP("fields", "Simulated"),
                             QT_TRANSLATE_NOOP("fields", "made for scale, nothing runs behind it"), every),
        field<&W::version>("version", QT_TRANSLATE_NOOP("fields", "Version"),
                           QT_TRANSLATE_NOOP("fields", "grows with each change"), every),
    };
    return table;
}

} // namespace parapet
