// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/ids.h"

#include <QtCore/QString>

namespace parapet {

/// What accompanies each call that changes something.
struct Change {
    QString idempotencyKey;  ///< the same key and call again gives the first answer; required, 1 to 128 characters
    QString ifMatch;         ///< the version that the caller saw; empty: whatever it is now
    QString reason;          ///< goes into the audit log as it is; at most 2,000 characters
    OperationId operation;   ///< which operation it belongs to; may be empty
};

} // namespace parapet
