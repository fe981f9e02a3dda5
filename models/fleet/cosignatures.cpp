// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/cosignatures.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QHash>
#include <QtCore/QSet>

namespace parapet::fleet {

namespace {

QString witnessText(const char *text)
{
    return QCoreApplication::translate("fleet", text);
}

} // namespace

const crypto::NoteVerifier *witnessOf(const transparency::NoteSignature &signature, const QVector<crypto::NoteVerifier> &pinned)
{
    const auto found = std::find_if(pinned.begin(), pinned.end(), [&](const crypto::NoteVerifier &one) {
        return one.name == signature.name && one.keyHash() == signature.keyHash;
    });
    return found == pinned.end() ? nullptr : &*found;
}

WitnessStatement judgeClaim(const WitnessClaim &claim, const QString &origin, const std::optional<transparency::Hash> &root,
                            const QVector<crypto::NoteVerifier> &pinned)
{
    WitnessStatement out;
    out.witness = claim.signature.name;
    out.keyHash = claim.signature.keyHash;
    out.size = claim.size;
    out.at = transparency::cosignedAt(claim.signature).value_or(Instant{});
    const crypto::NoteVerifier *witness = witnessOf(claim.signature, pinned);
    if (!witness || !root)
        return out;
    const auto signs = [&](const transparency::Hash &what) {
        return transparency::isSignatureOf(*witness, transparency::Checkpoint{origin, {claim.size, what}, {}}.text(), claim.signature);
    };
    if (signs(*root))
        out.worth = WitnessWorth::Verified;
    else if (claim.root != *root && signs(claim.root))
        out.worth = WitnessWorth::OtherHistory;
    else
        out.worth = WitnessWorth::Wrong;
    return out;
}

QVector<WitnessClaim> claimsThatCount(const QVector<WitnessClaim> &claims, qint64 index, qint64 size)
{
    QHash<std::pair<QString, quint32>, WitnessClaim> best;
    for (const WitnessClaim &claim : claims) {
        if (claim.size <= index || claim.size > size)
            continue;
        const std::pair key{claim.signature.name, claim.signature.keyHash};
        const auto known = best.constFind(key);
        if (known == best.cend() || (index >= 0 ? claim.size < known->size : claim.size > known->size))
            best.insert(key, claim);
    }
    QVector<WitnessClaim> out(best.cbegin(), best.cend());
    std::sort(out.begin(), out.end(), [](const WitnessClaim &a, const WitnessClaim &b) {
        return std::tie(a.signature.name, a.signature.keyHash) < std::tie(b.signature.name, b.signature.keyHash);
    });
    return out;
}

PolicyVerdict judgePolicy(const WitnessPolicy &policy, const QVector<WitnessStatement> &statements, int pinned, Instant happened, Instant now)
{
    if (policy.least <= 0)
        return {};
    const auto reach = Milliseconds(std::chrono::hours(policy.hours));
    const auto counts = [&](const WitnessStatement &statement) {
        const bool inTime = isKnown(happened) ? statement.at <= happened + reach : statement.at >= now - reach;
        return statement.worth == WitnessWorth::Verified && inTime;
    };
    const int got = int(std::count_if(statements.begin(), statements.end(), counts));
    PolicyVerdict verdict;
    verdict.holds = got >= policy.least;
    const bool open = isKnown(happened) && now < happened + reach;
    const QString within = QCoreApplication::translate("fleet", "%n hour(s)", nullptr, policy.hours);
    QString sentence = isKnown(happened) ? witnessText("%1 of %2 pinned witnesses cosigned within %3 of the event; wanted: %4.")
                                         : witnessText("%1 of %2 pinned witnesses cosigned in the last %3; wanted: %4.");
    verdict.sentence = sentence.arg(got).arg(pinned).arg(within).arg(policy.least);
    if (!verdict.holds && open)
        verdict.sentence += u' ' + witnessText("There is still time.");
    return verdict;
}

Result<QVector<crypto::NoteVerifier>> parseWitnessKeys(const QString &text)
{
    QVector<crypto::NoteVerifier> keys;
    int number = 0;
    for (const QString &raw : text.split(u'\n')) {
        ++number;
        const QString line = raw.trimmed();
        if (line.isEmpty() || line.startsWith(u'#'))
            continue;
        const auto refuse = [number](const QString &why) { return fail(Error::Code::Invalid, witnessText("Witness key in line %1: %2").arg(number).arg(why)); };
        const auto key = crypto::NoteVerifier::parse(line, crypto::NoteAlgorithm::Cosignature);
        if (!key) {
            if (crypto::NoteVerifier::parse(line))
                return refuse(witnessText("this is a log's key, not a witness's."));
            return refuse(witnessText("this is not a verifier key. Copy it again from the witness's owner: NAME+HASH+KEY."));
        }
        if (std::any_of(keys.begin(), keys.end(), [&](const crypto::NoteVerifier &one) { return one == *key; }))
            return refuse(witnessText("it is there twice."));
        if (keys.size() >= mostWitnesses)
            return refuse(witnessText("there can be at most %1 witnesses.").arg(mostWitnesses));
        keys.append(*key);
    }
    return keys;
}

} // namespace parapet::fleet
