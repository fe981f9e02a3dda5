// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/logwitness.h"

#include "models/core/id.h"
#include "models/core/json.h"
#include "models/crypto/digest.h"
#include "models/crypto/privatefile.h"
#include "models/crypto/random.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QJsonObject>
#include <QtCore/QLocale>
#include <QtCore/QLockFile>

namespace parapet::fleet {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto usualPause = 10s;
constexpr int lockPatience = 2'000; ///< milliseconds that another console may hold the record

/// Makes `next` the record of the folder, if what stands there allows it: compare and swap, so that two consoles on one folder sign
/// one history (c2sp.org/tlog-witness: "atomically").
Result<bool> swapRecord(const QString &path, const WitnessRecord &next)
{
    const auto said = [](const char *text) { return QCoreApplication::translate("fleet", text); };
    QDir().mkpath(QFileInfo(path).path());
    QLockFile lock(path + u".lock"_s);
    if (!lock.tryLock(lockPatience))
        return fail(Error::Code::Conflict, said("Another console is signing with the same data folder."), {}, true);
    const Result<QByteArray> held = crypto::readPrivateFile(path);
    if (held) {
        const Result<WitnessRecord> last = WitnessRecord::fromBytes(*held);
        if (!last)
            return fail(last.error());
        const bool same = last->origin == next.origin;
        if (same && (last->size > next.size || (last->size == next.size && last->root != next.root)))
            return fail(Error::Code::Conflict, said("Another console with the same data folder has signed a newer checkpoint."), {}, true);
    } else if (held.error().code != Error::Code::NotFound) {
        return fail(held.error());
    }
    if (Status written = crypto::writePrivateFile(path, next.toBytes()); !written)
        return fail(written.error());
    return true;
}

} // namespace

crypto::NoteSigner newWitnessKey()
{
    const auto key = crypto::PrivateKey::generate(crypto::KeyKind::Ed25519);
    return *crypto::NoteSigner::make(u"console-"_s + key.publicKey().fingerprint().left(12), key, crypto::NoteAlgorithm::Cosignature);
}

QString witnessSecret(const crypto::NoteVerifier &witness)
{
    return u"witness:"_s + witness.text().section(u'+', 0, 1);
}

QByteArray WitnessRecord::toBytes() const
{
    return canonicalJson(QJsonObject{{u"format"_s, u"parapet-witness-1"_s},
                                     {u"origin"_s, origin},
                                     {u"root"_s, QString::fromLatin1(root.toBase64())},
                                     {u"sent"_s, sent},
                                     {u"size"_s, size},
                                     {u"witness"_s, witness}});
}

Result<WitnessRecord> WitnessRecord::fromBytes(QByteArrayView bytes)
{
    const auto json = parseJson(bytes);
    const QJsonObject object = json ? json->toObject() : QJsonObject();
    WitnessRecord record{object.value("witness"_L1).toString(), object.value("origin"_L1).toString(), object.value("size"_L1).toInteger(-1),
                         QByteArray::fromBase64(object.value("root"_L1).toString().toLatin1()), object.value("sent"_L1).toBool()};
    if (object.value("format"_L1) != u"parapet-witness-1"_s || record.size < 0 || record.root.size() != 32 || record.origin.isEmpty())
        return fail(Error::Code::Storage, QCoreApplication::translate("fleet", "What this console has cosigned last cannot be read: the file is damaged."));
    return record;
}

/// One cosignature on its way.
struct LogWitness::Job {
    transparency::Checkpoint checkpoint;
    qint64 size() const { return checkpoint.head.size; }
};

LogWitness::LogWitness(QString dataFolder, SecretStore &secrets, LogFollower &log, const Clock &clock, QObject *parent)
    : QObject(parent), m_dataFolder(std::move(dataFolder)), m_secrets(secrets), m_log(log), m_clock(clock), m_leastPause(usualPause)
{
    m_pool.setMaxThreadCount(1);
    m_pause.setSingleShot(true);
    connect(&m_pause, &QTimer::timeout, this, &LogWitness::consider);
    connect(&log, &LogFollower::changed, this, &LogWitness::consider);
}

LogWitness::~LogWitness()
{
    m_pool.waitForDone();
}

QString LogWitness::recordPath() const
{
    return u"%1/log/%2/witness.json"_s.arg(m_dataFolder, crypto::sha256Hex(m_id.toUtf8()).left(16));
}

template<class T>
void LogWitness::onThread(std::function<Result<T>()> work, std::function<void(const Result<T> &)> then)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    deliver(this, promise->future(), current(std::move(then)));
    m_pool.start([promise, work = std::move(work)] {
        promise->addResult(work());
        promise->finish();
    });
}

template<class Callback>
auto LogWitness::current(Callback callback)
{
    return [this, generation = m_generation, callback = std::move(callback)](const auto &answer) {
        if (generation == m_generation)
            callback(answer);
    };
}

void LogWitness::enter(State state, const QString &sentence)
{
    if (state == m_state && sentence == m_sentence)
        return;
    m_state = state;
    m_sentence = sentence;
    Q_EMIT changed();
}

void LogWitness::setSystem(AuditStore *audit, const QString &id, const QString &ownKey)
{
    clearSystem();
    const auto own = crypto::NoteVerifier::parse(ownKey, crypto::NoteAlgorithm::Cosignature);
    if (!audit || !own)
        return;
    m_audit = audit;
    m_id = id;
    m_own = *own;
    enter(State::Waiting, tr("Cosigns the next checkpoint that is verified here."));
    consider();
}

void LogWitness::clearSystem()
{
    ++m_generation;
    m_audit = nullptr;
    m_own.reset();
    m_signer.reset();
    m_record.reset();
    m_lastSize = -1;
    m_busy = false;
    m_pause.stop();
    enter(State::Off, {});
}

void LogWitness::retry()
{
    if (!m_audit || m_busy)
        return;
    m_signer.reset();
    m_record.reset();
    if (m_state == State::Refused)
        enter(State::Waiting, tr("Cosigns the next checkpoint that is verified here."));
    m_pause.stop();
    consider();
}

void LogWitness::consider()
{
    if (!m_audit || m_busy || m_state == State::Refused || m_pause.isActive())
        return;
    if (m_log.state() != LogState::Verified || m_log.conflict() || !m_log.checkpoint() || m_log.checkpoint()->size() == 0)
        return;
    if (!m_signer)
        return loadKey();
    if (!m_record)
        return loadRecord();
    auto job = std::make_shared<Job>();
    job->checkpoint = m_log.checkpoint()->content.checkpoint;
    const QByteArray root = transparency::toBytes(job->checkpoint.head.root);
    // Smaller than what was signed: a log that goes back is the follower's to name. The same: once is enough.
    if (job->size() < m_record->size || (job->size() == m_record->size && m_record->sent && m_record->root == root))
        return;
    m_busy = true;
    proveLast(job);
}

void LogWitness::loadKey()
{
    m_busy = true;
    deliver(this, m_secrets.read(witnessSecret(*m_own)), current([this](const Result<QByteArray> &kept) {
                m_busy = false;
                if (!kept)
                    return refuse(tr("This console's witness key cannot be used: %1 Switch cosigning off and on again to make another.").arg(kept.error().message));
                QByteArray secret = *kept;
                auto signer = crypto::NoteSigner::parse(QString::fromLatin1(secret), crypto::NoteAlgorithm::Cosignature);
                crypto::wipe(secret);
                if (!signer || !(signer->verifier() == *m_own))
                    return refuse(tr("This console's witness key is not the one of this connection. Switch cosigning off and on again to make another."));
                m_signer = *std::move(signer);
                consider();
            }));
}

void LogWitness::loadRecord()
{
    m_busy = true;
    onThread<WitnessRecord>(
        [path = recordPath()]() -> Result<WitnessRecord> {
            const Result<QByteArray> held = crypto::readPrivateFile(path);
            if (!held)
                return held.error().code == Error::Code::NotFound ? Result<WitnessRecord>(WitnessRecord{}) : Result<WitnessRecord>(fail(held.error()));
            return WitnessRecord::fromBytes(*held);
        },
        [this](const Result<WitnessRecord> &record) {
            m_busy = false;
            // Without knowing what was signed nothing may be signed.
            if (!record)
                return refuse(tr("Nothing is cosigned: %1").arg(record.error().message));
            m_record = *record;
            // Another log, or another key of this console: what it signed binds only itself.
            if (m_record->origin != m_log.checkpoint().value_or(GoodCheckpoint{}).content.checkpoint.origin)
                m_record = WitnessRecord{};
            else if (m_record->witness != m_own->text())
                m_record->sent = false;
            consider();
        });
}

void LogWitness::proveLast(const std::shared_ptr<Job> &job)
{
    if (m_record->size == 0)
        return commit(job);
    deliver(this, m_log.rootAt(m_record->size), current([this, job](const Result<transparency::Hash> &root) {
                if (!root) {
                    m_busy = false;
                    return enter(State::Failing, tr("The last checkpoint was not cosigned: %1").arg(root.error().message));
                }
                if (transparency::toBytes(*root) != m_record->root) {
                    m_busy = false;
                    return refuse(tr("This console cosigned another history of %1 events than the log shows now. It cosigns nothing more of it.")
                                      .arg(QLocale().toString(m_record->size)));
                }
                commit(job);
            }));
}

void LogWitness::commit(const std::shared_ptr<Job> &job)
{
    const WitnessRecord next{m_own->text(), job->checkpoint.origin, job->size(), transparency::toBytes(job->checkpoint.head.root), false};
    onThread<bool>([path = recordPath(), next] { return swapRecord(path, next); }, [this, job, next](const Result<bool> &durable) {
        if (!durable) {
            m_busy = false;
            if (durable.error().code == Error::Code::Conflict)
                m_record.reset(); // looked at again with the next checkpoint
            return enter(State::Failing, tr("The last checkpoint was not cosigned: %1").arg(durable.error().message));
        }
        m_record = next;
        offer(job);
    });
}

void LogWitness::offer(const std::shared_ptr<Job> &job)
{
    const transparency::NoteSignature signature = transparency::cosign(*m_signer, job->checkpoint.text(), m_clock.now());
    Change change;
    change.idempotencyKey = newIdentifier(u"cosign");
    change.reason = tr("this console verified it");
    const QString line = QString::fromUtf8(signature.line().chopped(1));
    deliver(this, m_audit->addCosignature(job->size(), line, change), current([this, job](const Result<Cosignature> &answer) {
                m_busy = false;
                if (answer)
                    return taken(job);
                const Error &why = answer.error();
                const bool passes = why.retryable || why.code == Error::Code::Network || why.code == Error::Code::Cancelled || why.code == Error::Code::NotFound;
                if (passes) {
                    m_pause.start(m_leastPause);
                    return enter(State::Failing, tr("The last checkpoint was not cosigned: %1").arg(why.message));
                }
                if (why.code == Error::Code::Forbidden) {
                    return refuse(tr("The log's store does not take this console's cosignatures: %1 Give its owner the verifier key %2, to be put into the "
                                     "plane's file “witnesses”, then try again.")
                                      .arg(why.message, m_own->text()));
                }
                refuse(tr("The log's store refused this console's cosignature: %1").arg(why.message));
            }));
}

void LogWitness::taken(const std::shared_ptr<Job> &job)
{
    m_lastSize = job->size();
    m_record->sent = true;
    // Only so that the same is not sent again after a restart: nothing waits for it.
    onThread<bool>([path = recordPath(), record = *m_record] { return swapRecord(path, record); }, [](const Result<bool> &) {});
    m_pause.start(m_leastPause);
    enter(State::Cosigned, tr("Cosigned by this console: checkpoint %1.").arg(QLocale().toString(job->size())));
}

} // namespace parapet::fleet
