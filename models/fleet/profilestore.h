// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "models/fleet/profile.h"

#include <QtCore/QObject>
#include <QtCore/QSettings>
#include <QtCore/QVector>

#include <optional>

namespace parapet::fleet {

/// The saved connection profiles, in an injected settings store. A profile is stored only after its pins were
/// confirmed.
class ProfileStore : public QObject
{
    Q_OBJECT

public:
    explicit ProfileStore(QSettings &store, QObject *parent = nullptr);

    /// In alphabetical order.
    QVector<Profile> profiles() const;
    std::optional<Profile> find(const QString &name) const;

    /// Adds or replaces by name. Code Invalid, with the sentence of problemOf(), for a profile that cannot be used;
    /// Conflict when it would replace a pin: call forget() first, after the operator confirmed the new fingerprint.
    Status save(const Profile &profile);
    void forget(const QString &name);

    /// The profile to open when the console starts without arguments; empty: none.
    QString preferred() const;
    void setPreferred(const QString &name);

Q_SIGNALS:
    void profilesChanged();

private:
    QString groupOf(const QString &name) const;
    Profile read(const QString &name) const;
    QSettings &m_store;
};

} // namespace parapet::fleet
