// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QSettings>
#include <QtCore/QTemporaryDir>

#include <memory>

namespace parapet::support {

/// A settings store in a temporary folder, and that folder. Two of them share nothing, nor anything with the user's
/// own.
class TemporarySettings
{
public:
    TemporarySettings() { reopen(); }

    QSettings &store() { return *m_store; }
    /// A path inside the temporary folder.
    QString path(const QString &name) const { return m_folder.filePath(name); }

    /// Writes out, forgets and reads again: what a restart of the program does.
    void reopen()
    {
        m_store.reset();
        m_store = std::make_unique<QSettings>(m_folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<QSettings> m_store;
};

} // namespace parapet::support
