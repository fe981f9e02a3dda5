// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

namespace parapet::kit {

/// Text for setToolTip() and QToolTip::showText() that Qt draws as it is, whatever it looks like. Ours, or inert.
QString plainToolTip(const QString &text);

} // namespace parapet::kit
