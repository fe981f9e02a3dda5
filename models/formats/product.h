// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

namespace parapet::formats {

/// Who tells the event: what a SIEM shows as the device. Bounded and harmless in every format, whatever it holds.
struct Product {
    QString host;    ///< the machine's name
    QString version; ///< of the program
    QString log;     ///< the log's name, its origin in checkpoints
    /// The private enterprise number of the structured data (RFC 5424 §7.2.2). Parapet has none of its own: 32473 is the number
    /// that RFC 5612 reserves for documentation; an organisation gives its own.
    quint32 enterprise = 32473;
};

} // namespace parapet::formats
