// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/runtime/hostprivate.h"

namespace parapet::plane {

namespace {

class UnseenTerminal final : public TerminalTap
{
public:
    void output(QByteArrayView) override {}
    void flush() override {}
    void cut() override {}
};

} // namespace

void RuntimeHost::Private::attachTerminal(const Sandbox &sandbox, ActorPlace &place)
{
    std::unique_ptr<TerminalTap> tap = options.onTerminal ? options.onTerminal(sandbox.id, place.actor) : nullptr;
    if (!tap)
        tap = std::make_unique<UnseenTerminal>(); // read all the same, or its writers would come to a stop
    place.reader = std::make_shared<TerminalReader>(*terminals, std::move(place.terminal), std::move(tap));
    atTerminal(place, &TerminalReader::begin);
}

void RuntimeHost::Private::atTerminal(const ActorPlace &place, void (TerminalReader::*what)())
{
    if (place.reader)
        terminals->post([reader = place.reader, what] { ((*reader).*what)(); });
}

void RuntimeHost::cutTerminals(const WorkspaceId &id, const PrincipalId &actor)
{
    const auto sandbox = d->find(id);
    if (!sandbox)
        return;
    // On the loop's thread, where the readers come to be.
    d->loop->post([this, sandbox, actor] {
        for (const ActorPlace &place : sandbox->actors) {
            if (place.actor.id == actor)
                d->atTerminal(place, &TerminalReader::cut);
        }
    });
}

} // namespace parapet::plane
