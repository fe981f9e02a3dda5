// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled once a case by CMakeLists.txt: what the honesty types forbid must be an error, and their right use must not.
#include "models/core/capability.h"
#include "models/core/count.h"
#include "models/core/id.h"
#include "models/core/observed.h"
#include "models/core/untrusted.h"

using namespace parapet;

inline void draw(const QString &) {}

void useHonestyTypes()
{
    const Untrusted name(QStringLiteral("ws-1"));
    const Observed<int> processes(31, QStringLiteral("node-1"), Instant{Milliseconds(1)}, Means::Kernel);
#if CASE == 0
    draw(name.inert());
    draw(Count::exactly(7).text());
    draw(Capability::absent(QStringLiteral("no cgroups here")).reason());
    const int seen = processes.value();
    (void)seen;
#elif CASE == 1
    draw(name); // untrusted text is not drawable as it is
#elif CASE == 2
    const Untrusted other = QStringLiteral("ws-1"); // text becomes untrusted only on purpose
#elif CASE == 3
    const Count count = 7; // a count says whether it is exact
#elif CASE == 4
    const Observed<int> claimed(31); // a value without who, when and how
#elif CASE == 5
    const Capability able; // neither present nor a reason
#elif CASE == 6
    const Id<struct OneTag> one(QStringLiteral("x"));
    const Id<struct OtherTag> other(one); // identifiers of different things do not mix
#endif
}
