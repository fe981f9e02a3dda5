// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/reply.h"
#include "models/operation/run.h"

namespace parapet::operation {

/// Turns a finished run into a signed document. The engine knows neither what it says nor which key signs it.
class Certifier
{
public:
    virtual ~Certifier() = default;

    /// Whose key would sign; empty when there is none, so that the sheet can say so beforehand.
    virtual QString keyName() const = 0;

    /// Whose key that is, with the name; a run that they start bears it.
    virtual Operator signer() const { return {PrincipalId(keyName()), {}}; }

    /// The statement as it stands now, unsigned canonical JSON, for "Export draft". Whatever does not hold is in it as such.
    virtual Result<QByteArray> draft(const Run &run) const = 0;

    /// The signed envelope (DSSE). Refuses (Invalid) a run in which something does not hold, naming it.
    virtual Reply<QByteArray> issue(const Run &run) = 0;
};

} // namespace parapet::operation
