// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

class QWidget;

namespace parapet::kit {

class Theme;

/// Calls `apply` now and whenever the text scale changes while `widget` lives: for sizes in pixels that text decides.
void keepScaled(QWidget *widget, std::function<void(const Theme &theme)> apply);

/// A height, or width, of `pixels` at text scale 1.
void keepHeight(QWidget *widget, int pixels);
void keepWidth(QWidget *widget, int pixels);
void keepMinimumWidth(QWidget *widget, int pixels);

} // namespace parapet::kit
