// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/listing/savedviews.h"

#include <functional>

class QWidget;

namespace parapet::listing {

/// Asks over `page` for the name under which its filter is kept; where a saved view has just that filter, it can be renamed or
/// removed. `unfiltered` says what an empty filter means: "No filter: all events". `changed` is called after `views` changed, which
/// live as long as the page.
void openSaveView(QWidget *page, SavedViews &views, const QString &filter, const QString &unfiltered, std::function<void()> changed);

} // namespace parapet::listing
