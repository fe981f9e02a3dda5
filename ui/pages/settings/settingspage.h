// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/settings/looksettings.h"
#include "ui/shell/page.h"

class QButtonGroup;

namespace parapet::pages {

/// Theme, text size, motion, and where things lie.
class SettingsPage : public shell::Page
{
    Q_OBJECT

public:
    /// `theme` and `store` live longer. `dataFolder` holds journals and certificates.
    SettingsPage(kit::Theme &theme, QSettings &store, const QString &dataFolder, QWidget *parent = nullptr);
    QWidget *firstFocus() override;

private:
    QWidget *makeChoices(const QString &label, const QVector<QPair<QString, int>> &choices, int current, std::function<void(int)> chosen);

    kit::Theme &m_theme;
    LookSettings m_look;
    QButtonGroup *m_first = nullptr;
};

} // namespace parapet::pages
