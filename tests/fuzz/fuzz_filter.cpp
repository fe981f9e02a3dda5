// SPDX-License-Identifier: GPL-3.0-or-later
// The filter language: what parses prints, and that parses as the same; what compiles can be asked about any row.
#include "models/domain/auditevent.h"
#include "models/domain/workspace.h"
#include "models/query/parser.h"
#include "models/query/predicate.h"
#include "models/query/printer.h"
#include "tests/fuzz/target.h"

using namespace parapet;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QString text = QString::fromUtf8(fuzz::bytesOf(data, size));
    const auto expression = query::parse(text);
    if (!expression) {
        const query::Span span = expression.error().span;
        fuzz::promise(span.from >= 0 && span.length >= 0 && span.end() <= text.size(), "a problem lies within the text");
        return 0;
    }
    const auto again = query::parse(query::print(*expression));
    fuzz::promise(again && *again == *expression, "a printed filter is the same filter");
    if (const auto predicate = query::compile<Workspace>(*expression))
        predicate->matches(Workspace(), Instant{});
    if (const auto predicate = query::compile<AuditEvent>(*expression))
        predicate->matches(AuditEvent(), Instant{});
    return 0;
}
