// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/setting.h"
#include "ui/kit/theme.h"

namespace parapet::pages {

/// What a person chose about the look. apply() brings it to the theme.
struct LookSettings {
    explicit LookSettings(QSettings &store)
        : theme(store, QStringLiteral("look/theme"), 0), textPercent(store, QStringLiteral("look/textPercent"), 100),
          reducedMotion(store, QStringLiteral("look/reducedMotion"), false)
    {
    }

    Setting<int> theme;         ///< int(kit::ThemeChoice)
    Setting<int> textPercent;   ///< 100 to 200
    Setting<bool> reducedMotion;

    void apply(kit::Theme &to) const
    {
        to.setReducedMotion(reducedMotion.get());
        to.setTextScale(qBound(100, textPercent.get(), 200) / 100.0);
        to.setChoice(kit::ThemeChoice(qBound(0, theme.get(), int(kit::ThemeChoice::HighContrast))));
    }
};

} // namespace parapet::pages
