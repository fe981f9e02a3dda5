// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/console/console.h"
#include "app/console/tamperdrill.h"

#include <QtCore/QTimer>

namespace parapet::console {

/// Opens every page and main sheet on live data, in light and dark, and saves a PNG of each. Steps wait for what they need to be
/// shown, not for time; a step that does not come in a minute fails the tour and is named.
class Tour : public QObject
{
    Q_OBJECT

public:
    Tour(Console &console, kit::Theme &theme, QString folder, QObject *parent = nullptr);
    void start();

Q_SIGNALS:
    /// `error` is empty when every picture was saved.
    void finished(int pictures, const QString &error);

private:
    struct Step {
        QString name;                  ///< of the picture; empty: none is taken
        std::function<void()> begin;   ///< null: nothing
        std::function<bool()> isReady;
        bool bothThemes = true;
        QString without = {}; ///< why the tour goes on where it does not come; empty: it fails
    };
    void addPages();
    void addWorkspaces();
    void addRevocation();
    void addAudit();
    void addRecording();
    void addTampering();
    void next();
    void look();
    void shoot();
    bool save(const QString &name);
    void end(const QString &error);

    Console &m_console;
    kit::Theme &m_theme;
    QString m_folder;
    QVector<Step> m_steps;
    int m_at = -1;
    int m_pictures = 0;
    std::unique_ptr<TamperDrill> m_drill;
    QTimer m_look;
    QTimer m_patience;
    QTimer m_settle;
    QVector<kit::ThemeChoice> m_themes; ///< of the pictures that are still to be taken of this step
};

} // namespace parapet::console
