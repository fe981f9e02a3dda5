// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QMetaType>
#include <QtCore/QString>
#include <QtCore/QUrl>

namespace parapet::fleet {

/// How one connected system is reached and recognised. Holds paths and public fingerprints, never a secret.
struct Profile {
    QString name;
    QUrl control; ///< base URL, https only
    QUrl audit;
    QUrl agent;
    QString caPath;             ///< PEM file of the one certificate authority that this system's servers answer with
    QString caSha256;           ///< SHA-256 of that certificate's DER form, 64 lower-case hex digits: the pin
    QString logKey;             ///< verifier key of the audit log (C2SP signed-note: NAME+HASH+BASE64): the pin
    QString identityPath;       ///< PEM file, certificate and key, of the operator
    QString proberIdentityPath; ///< the same of the prober: who tries what must no longer work
    QString localData;          ///< data folder of the local plane; empty for systems elsewhere
    QString witnessKeys{};      ///< verifier keys of witnesses whose cosignatures count here, one a line (parseWitnessKeys())
    int witnessLeast = 0;       ///< how many of them are wanted; 0: none
    int witnessHours = 24;      ///< and within how many hours, 1 to 8,760
    QString ownWitness{};       ///< verifier key of this console as a witness of this log; empty: none was made
    bool cosigns = false;       ///< cosign what this console has verified

    bool isLocal() const { return !localData.isEmpty(); }
    friend bool operator==(const Profile &, const Profile &) = default;
};

/// Why a profile cannot be used as it stands, in a sentence; empty when it can.
QString problemOf(const Profile &profile);

} // namespace parapet::fleet

Q_DECLARE_METATYPE(parapet::fleet::Profile)
