// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/listing/savedviews.h"

namespace parapet::pages {

using listing::SavedView;
using listing::SavedViews;

} // namespace parapet::pages
