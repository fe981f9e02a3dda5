// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/localplane.h"

#include <QtCore/QTemporaryDir>

#include <functional>

namespace parapet::fleet {
class Switchboard;
}

namespace parapet::console {

/// A plane of its own in a temporary folder whose audit log is really rolled back: it is stopped, its database is replaced by an
/// earlier copy, and it is started again. So that the tour can show what the console makes of it, without touching anybody's data.
class TamperDrill : public QObject
{
    Q_OBJECT

public:
    /// `switchboard` lives longer.
    TamperDrill(const QString &program, fleet::Switchboard &switchboard, QObject *parent = nullptr);

    /// Starts the plane and opens it in the console.
    void begin();
    /// Keeps a copy of the database as it is now; then the plane goes on, and is opened again.
    void keepCopy();
    /// Puts the copy back; then the plane is opened again.
    void rollBack();

    /// The plane's answer to the last of these is there, and the console connects to it.
    bool isOpen() const { return m_isOpen; }
    /// Not empty: what went wrong.
    const QString &failure() const { return m_failure; }

private:
    void restart(std::function<bool()> whileStopped);
    bool copy(const QString &from, const QString &to);

    fleet::Switchboard &m_switchboard;
    QTemporaryDir m_folder;
    fleet::LocalPlane m_plane;
    std::function<bool()> m_whileStopped;
    bool m_isOpen = false;
    QString m_failure;
};

} // namespace parapet::console
