// SPDX-License-Identifier: GPL-3.0-or-later
// What a LogFollower hands on: paths, proofs, conflict bundles, and the limits of all of it.
#include "models/fleet/logfollower.h"

#include "models/crypto/privatefile.h"
#include "models/fleet/logwork.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QDir>

namespace parapet::fleet {

using namespace Qt::StringLiterals;

/// A promise that is kept by a queued task, or given up with it.
template<class T>
struct LogFollower::Promised final : LogFollower::Given {
    Promised() { promise.start(); }
    ~Promised() override { giveUp(); }
    void giveUp() override
    {
        answer(fail(Error::Code::Cancelled, QCoreApplication::translate("fleet", "The connection was closed before the log was read.")));
    }
    void answer(Result<T> result)
    {
        if (std::exchange(answered, true))
            return;
        promise.addResult(std::move(result));
        promise.finish();
    }
    QPromise<Result<T>> promise;
    bool answered = false;
};

template<class T>
std::shared_ptr<LogFollower::Promised<T>> LogFollower::promise()
{
    std::erase_if(m_given, [](const std::weak_ptr<Given> &given) { return given.expired(); });
    auto promised = std::make_shared<Promised<T>>();
    m_given.push_back(promised);
    return promised;
}

namespace {

Failure notFollowed()
{
    return fail(Error::Code::NotFound, QCoreApplication::translate("fleet", "No checkpoint of the log was verified yet."));
}

} // namespace

Reply<InclusionPath> LogFollower::pathOf(const AuditEvent &event)
{
    if (!m_audit || !m_work || !m_checkpoint)
        return ready<InclusionPath>(notFollowed());
    auto promised = promise<InclusionPath>();
    enqueue([this, promised, event] {
        questionAboutPath(event, [this, promised](Result<InclusionPath> path) {
            promised->answer(std::move(path));
            next();
        });
    });
    return promised->promise.future();
}

Reply<LogFollower::ProvenRows> LogFollower::prove(const QVector<AuditEvent> &rows)
{
    if (!m_audit || !m_work || !m_checkpoint)
        return ready<ProvenRows>(notFollowed());
    auto promised = promise<ProvenRows>();
    enqueue([this, promised, rows] {
        questionAboutRows(rows, [this, promised](Result<ProvenRows> proven) {
            promised->answer(std::move(proven));
            next();
        });
    });
    return promised->promise.future();
}

void LogFollower::setWitnesses(const QVector<crypto::NoteVerifier> &pinned, const WitnessPolicy &policy)
{
    if (pinned == m_witnesses && policy == m_policy)
        return;
    m_witnesses = pinned;
    m_policy = policy;
    Q_EMIT changed();
}

Reply<transparency::Hash> LogFollower::rootAt(qint64 size)
{
    if (!m_audit || !m_work || !m_checkpoint)
        return ready<transparency::Hash>(notFollowed());
    auto promised = promise<transparency::Hash>();
    enqueue([this, promised, size] {
        questionAboutRoots({size}, [this, promised, size](const Result<QHash<qint64, transparency::Hash>> &roots) {
            promised->answer(roots ? Result<transparency::Hash>(roots->value(size)) : Result<transparency::Hash>(fail(roots.error())));
            next();
        });
    });
    return promised->promise.future();
}

Reply<QVector<WitnessStatement>> LogFollower::witnessesOf(qint64 index)
{
    if (!m_audit || !m_work || !m_checkpoint)
        return ready<QVector<WitnessStatement>>(notFollowed());
    constexpr int mostAsked = 500;
    auto promised = promise<QVector<WitnessStatement>>();
    deliver(this, m_audit->cosignatures(mostAsked), [this, promised, index, generation = m_generation](const Result<QVector<Cosignature>> &told) {
        if (generation != m_generation || !m_checkpoint)
            return promised->giveUp();
        if (!told && told.error().code != Error::Code::NotFound)
            return promised->answer(fail(told.error()));
        QVector<WitnessClaim> claims;
        for (const Cosignature &one : told.value_or(QVector<Cosignature>())) {
            auto signature = transparency::NoteSignature::fromLine((one.line + u'\n').toUtf8());
            const Result<transparency::Hash> root = transparency::hashFromBytes(one.rootHash);
            if (signature && root)
                claims.append({one.size, *root, *std::move(signature)});
        }
        const transparency::TreeHead &head = m_checkpoint->content.head();
        for (const transparency::NoteSignature &signature : std::as_const(m_checkpoint->otherSigners))
            claims.append({head.size, head.root, signature});
        enqueue([this, promised, claims = claimsThatCount(claims, index, head.size)] {
            judgeClaims(claims, [this, promised](Result<QVector<WitnessStatement>> statements) {
                promised->answer(std::move(statements));
                next();
            });
        });
    });
    return promised->promise.future();
}

void LogFollower::judgeClaims(const QVector<WitnessClaim> &claims, std::function<void(Result<QVector<WitnessStatement>>)> then)
{
    // Only pinned witnesses are worth the tiles: of the others nothing is proven anyhow.
    QVector<qint64> sizes;
    for (const WitnessClaim &claim : claims) {
        if (witnessOf(claim.signature, m_witnesses) && !sizes.contains(claim.size))
            sizes.append(claim.size);
    }
    const auto judge = [origin = m_checkpoint->content.checkpoint.origin, pinned = m_witnesses, claims](const QHash<qint64, transparency::Hash> &roots) {
        QVector<WitnessStatement> statements;
        for (const WitnessClaim &claim : claims) {
            const auto root = roots.constFind(claim.size);
            statements.append(judgeClaim(claim, origin, root == roots.cend() ? std::nullopt : std::optional(*root), pinned));
        }
        return statements;
    };
    if (sizes.isEmpty())
        return then(judge({}));
    questionAboutRoots(sizes, [judge, then = std::move(then)](const Result<QHash<qint64, transparency::Hash>> &roots) {
        then(roots ? Result<QVector<WitnessStatement>>(judge(*roots)) : Result<QVector<WitnessStatement>>(fail(roots.error())));
    });
}

void LogFollower::accuse(LogConflict conflict, const QByteArray &bundle, const QByteArray &mark)
{
    constexpr int mostAccusations = 64; // of one run: a log that is wrong throughout is shown by those
    if (m_accused.contains(mark) || m_accused.size() >= mostAccusations) {
        // The same again: it is still refused, and nothing new is to be told.
        enter(LogState::Refused);
        return;
    }
    if (!bundle.isEmpty()) // what has no evidence yet is looked into again
        m_accused.insert(mark);
    conflict.seen = m_clock.now();
    if (m_checkpoint) { // else what was kept by an earlier run, as the judgement says
        conflict.lastGood = m_checkpoint->at;
        conflict.goodSize = m_checkpoint->size();
    }
    const bool another = conflict.leaf >= 0 && m_conflict && m_conflict->leaf >= 0 && m_conflict->leaf != conflict.leaf;
    if (!another)
        m_conflict = conflict;
    enter(LogState::Refused);
    if (another && bundle.isEmpty())
        return;
    if (bundle.isEmpty()) {
        m_conflict->bundleError = tr("There is nothing to save: the answer holds no evidence.");
        Q_EMIT changed();
        Q_EMIT conflictFound(*m_conflict);
        return;
    }
    const QString folder = m_dataFolder + u"/conflicts"_s;
    const QString stamp = QDateTime::fromMSecsSinceEpoch(conflict.seen.time_since_epoch().count(), Qt::UTC).toString(u"yyyyMMdd'T'HHmmsszzz'Z'"_s);
    const QString subject = conflict.leaf >= 0 ? u"event-%1"_s.arg(conflict.leaf) : u"%1-%2"_s.arg(parapet::nameOf(conflict.verdict)).arg(std::max<qint64>(0, conflict.seenSize));
    const QString path = u"%1/conflict-%2-%3.json"_s.arg(folder, subject, stamp);
    onThread<Status>(
        [folder, path, bundle](LogWork &) -> Status {
            QDir().mkpath(folder);
            QFile::setPermissions(folder, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
            return crypto::writePrivateFile(path, bundle);
        },
        [this, conflict, path, another, bytes = bundle.size()](const Status &written) mutable {
            conflict.bundlePath = written ? path : QString();
            conflict.bundleBytes = written ? bytes : 0;
            conflict.bundleError = written ? QString() : written.error().message;
            // Another one may have been found meanwhile: each is told, the latest is shown.
            if (m_conflict && m_conflict->seen == conflict.seen && m_conflict->leaf == conflict.leaf)
                m_conflict = conflict;
            Q_EMIT changed();
            if (!another)
                Q_EMIT conflictFound(conflict);
        });
}

QStringList limitsOfVerification()
{
    const auto say = [](const char *text) { return QCoreApplication::translate("fleet", text); };
    return {
        say(QT_TRANSLATE_NOOP("fleet", "That an event happened as it is told: the log proves what was recorded, not that the recorder told the truth.")),
        say(QT_TRANSLATE_NOOP("fleet", "That everything was recorded: what was never logged leaves no trace here. Gaps in a source's own numbers are shown where that source counts.")),
        say(QT_TRANSLATE_NOOP("fleet", "That all events that match a filter were answered: each row is proven, the number of rows is what the audit store says.")),
        say(QT_TRANSLATE_NOOP("fleet", "That others are shown the same log: only a checkpoint that witnesses have signed, or one compared with another console's, shows that.")),
        say(QT_TRANSLATE_NOOP("fleet", "Anything about the time before this console first kept a checkpoint, beyond what that one covers.")),
        say(QT_TRANSLATE_NOOP("fleet", "That the pinned key is only in the right hands: whoever holds it can sign another history, and is found out when two of them meet.")),
    };
}

} // namespace parapet::fleet
