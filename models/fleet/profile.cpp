// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/profile.h"

#include "models/crypto/digest.h"
#include "models/crypto/noteverifier.h"
#include "models/fleet/cosignatures.h"

#include <QtCore/QCoreApplication>

namespace parapet::fleet {

using namespace Qt::StringLiterals;

QString problemOf(const Profile &profile)
{
    if (profile.name.trimmed().isEmpty() || profile.name.size() > 80)
        return QCoreApplication::translate("fleet", "Give the connection a name of at most 80 characters.");
    for (const QUrl &url : {profile.control, profile.audit, profile.agent}) {
        if (!url.isValid() || url.scheme() != "https"_L1 || url.host().isEmpty())
            return QCoreApplication::translate(
                "fleet",
                "Enter an address that begins with https:// for control plane, audit store and runtime agent.");
        if (!url.userInfo().isEmpty() || url.hasQuery() || url.hasFragment())
            return QCoreApplication::translate("fleet", "Leave user name, password, ? and # out of the addresses.");
    }
    if (profile.caPath.isEmpty() || !crypto::isSha256Hex(profile.caSha256))
        return QCoreApplication::translate("fleet",
                                           "Choose the file of the certificate authority and confirm its fingerprint.");
    if (!profile.logKey.isEmpty() && !crypto::NoteVerifier::parse(profile.logKey))
        return QCoreApplication::translate("fleet",
                                           "The log key is not a verifier key. Copy it again from the system's owner.");
    if (profile.identityPath.isEmpty())
        return QCoreApplication::translate("fleet", "Choose the PEM file of your identity.");
    if (!profile.proberIdentityPath.isEmpty() && profile.proberIdentityPath == profile.identityPath)
        return QCoreApplication::translate(
            "fleet", "The prober needs an identity of its own: choose another file than your own identity's.");
    const Result<QVector<crypto::NoteVerifier>> witnesses = parseWitnessKeys(profile.witnessKeys);
    if (!witnesses)
        return witnesses.error().message;
    if (profile.witnessLeast < 0 || profile.witnessLeast > witnesses->size() || profile.witnessHours < 1 || profile.witnessHours > 8'760)
        return QCoreApplication::translate("fleet", "Ask for at most as many witnesses as there are keys, within 1 to 8,760 hours.");
    if (!profile.ownWitness.isEmpty() && !crypto::NoteVerifier::parse(profile.ownWitness, crypto::NoteAlgorithm::Cosignature))
        return QCoreApplication::translate("fleet", "This console's own witness key is damaged. Switch cosigning off and on again.");
    return {};
}

} // namespace parapet::fleet
