// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/tamperdrill.h"

#include "models/fleet/switchboard.h"

#include <QtCore/QDir>
#include <QtCore/QFile>

namespace parapet::console {

using namespace Qt::StringLiterals;

TamperDrill::TamperDrill(const QString &program, fleet::Switchboard &switchboard, QObject *parent)
    : QObject(parent), m_switchboard(switchboard), m_plane(program, m_folder.filePath(u"plane"_s))
{
    // It stands on a temporary folder of its own, so the store is the embedded one whatever the user's own plane has.
    m_plane.setExtraArguments({u"--no-workspaces"_s, u"--fleet"_s, u"40"_s, u"--seed"_s, u"11"_s});
    connect(&m_plane, &fleet::LocalPlane::profileReady, this, [this](const fleet::Profile &profile) {
        m_isOpen = true;
        m_switchboard.open(profile);
    });
    connect(&m_plane, &fleet::LocalPlane::stateChanged, this, [this](fleet::LocalPlane::State state) {
        if (state == fleet::LocalPlane::State::Failed)
            m_failure = m_plane.message();
        if (state != fleet::LocalPlane::State::Stopped || !m_whileStopped)
            return;
        if (std::exchange(m_whileStopped, {})())
            m_plane.start();
        else
            m_failure = tr("The copies of the drill's database cannot be written in %1.").arg(m_folder.path());
    });
}

void TamperDrill::begin()
{
    m_plane.start();
}

void TamperDrill::keepCopy()
{
    restart([this] { return copy(m_plane.dataFolder(), m_folder.path()); });
}

void TamperDrill::rollBack()
{
    restart([this] { return copy(m_folder.path(), m_plane.dataFolder()); });
}

void TamperDrill::restart(std::function<bool()> whileStopped)
{
    m_isOpen = false;
    m_whileStopped = std::move(whileStopped);
    m_switchboard.close();
    m_plane.stop();
}

bool TamperDrill::copy(const QString &from, const QString &to)
{
    const QDir source(from), place(to);
    for (const QString &file : {u"plane.sqlite"_s, u"plane.sqlite-wal"_s, u"plane.sqlite-shm"_s}) {
        if (place.exists(file) && !QFile::remove(place.filePath(file)))
            return false;
        if (source.exists(file) && !QFile::copy(source.filePath(file), place.filePath(file)))
            return false;
    }
    return true;
}

} // namespace parapet::console
