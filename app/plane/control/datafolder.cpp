// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/control/datafolder.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFile>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

constexpr auto identityLifetime = std::chrono::hours(24 * 365);
constexpr auto serverLifetime = std::chrono::hours(24 * 90);
constexpr auto serverRenewal = std::chrono::hours(24 * 30);

tl::unexpected<Refused> folderRefused(ExitCode code, const QString &message, const QString &detail = {})
{
    return tl::unexpected<Refused>({code, message, detail});
}

tl::unexpected<Refused> folderFailed(const Error &error)
{
    return folderRefused(error.code == Error::Code::Forbidden ? ExitExposed : ExitFailure, error.message, error.detail);
}

QString folderText(const char *text)
{
    return QCoreApplication::translate("plane", text);
}

} // namespace

Started<void> DataFolder::checkPrivate(const QString &path)
{
    struct stat status {};
    if (::stat(QFile::encodeName(path).constData(), &status) != 0 || !S_ISDIR(status.st_mode))
        return folderRefused(ExitFailure, folderText("“%1” is not a folder. Name another one with --data.").arg(path));
    if (status.st_uid != ::geteuid()) {
        return folderRefused(ExitExposed, folderText("The data folder “%1” belongs to another user. Run the plane as that user, or name another "
                                                     "folder with --data.").arg(path));
    }
    if (status.st_mode & 077) {
        return folderRefused(ExitExposed, folderText("Others can read the data folder “%1”, which holds private keys. Take their access away "
                                                     "(chmod 700), make new keys if they were read, then start again.").arg(path));
    }
    return {};
}

Started<std::unique_ptr<DataFolder>> DataFolder::open(const QString &path, const QString &operatorId, const QString &operatorName, const Clock &clock)
{
    std::unique_ptr<DataFolder> folder(new DataFolder(QDir(path).absolutePath()));
    const QByteArray name = QFile::encodeName(folder->m_root);
    if (!QFile::exists(folder->m_root)) {
        QDir().mkpath(QFileInfo(folder->m_root).path());
        if (::mkdir(name.constData(), 0700) != 0 && errno != EEXIST) {
            return folderRefused(ExitFailure, folderText("The data folder “%1” cannot be made. Name another one with --data.").arg(path),
                                 qt_error_string(errno));
        }
    }
    if (Started<void> checked = checkPrivate(folder->m_root); !checked)
        return tl::unexpected<Refused>(checked.error());
    if (Started<void> locked = folder->lock(); !locked)
        return tl::unexpected<Refused>(locked.error());
    if (Started<void> made = folder->makeKeys(operatorId, operatorName, clock); !made)
        return tl::unexpected<Refused>(made.error());
    if (Started<void> made = folder->makeServer(clock); !made)
        return tl::unexpected<Refused>(made.error());
    for (const char *inner : {"identities", "homes", "evidence", "recordings", "runtime"}) {
        if (::mkdir(QFile::encodeName(folder->path(inner)).constData(), 0700) != 0 && errno != EEXIST)
            return folderRefused(ExitFailure, folderText("The data folder “%1” cannot be written.").arg(path), qt_error_string(errno));
    }
    return folder;
}

DataFolder::~DataFolder()
{
    if (m_lock >= 0)
        ::close(m_lock);
}

QString DataFolder::path(const char *name) const
{
    return m_root + u'/' + QLatin1String(name);
}

QString DataFolder::planeId() const
{
    return m_authority->certificate().fingerprint().left(12);
}

QString DataFolder::logVerifier() const
{
    const auto verifier = crypto::NoteVerifier::make(m_logName, m_logKey->publicKey());
    return verifier ? verifier->text() : QString();
}

namespace {

constexpr int lockTries = 40;
constexpr int lockPause = 50; ///< milliseconds

/// Whether the process that wrote itself into the lock file is there.
bool holderLives(int lock)
{
    char text[32] = {};
    if (::pread(lock, text, sizeof text - 1, 0) <= 0)
        return true;
    const long pid = std::strtol(text, nullptr, 10);
    return pid <= 0 || ::kill(pid_t(pid), 0) == 0 || errno != ESRCH;
}

} // namespace

Started<void> DataFolder::lock()
{
    m_lock = ::open(QFile::encodeName(path("lock")).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (m_lock < 0)
        return folderRefused(ExitFailure, folderText("The data folder “%1” cannot be written.").arg(m_root), qt_error_string(errno));
    bool held = ::flock(m_lock, LOCK_EX | LOCK_NB) != 0;
    // A plane that was killed is gone a moment before the kernel lets go of its lock: only a holder that lives is another plane.
    for (int tries = 0; held && tries < lockTries && !holderLives(m_lock); ++tries) {
        ::poll(nullptr, 0, lockPause);
        held = ::flock(m_lock, LOCK_EX | LOCK_NB) != 0;
    }
    if (held) {
        char holder[32] = {};
        const ssize_t read = ::pread(m_lock, holder, sizeof holder - 1, 0);
        const QString pid = QString::fromLatin1(holder, int(std::max<ssize_t>(read, 0))).trimmed();
        return folderRefused(ExitHeld, folderText("Another plane (process %1) holds the data folder “%2”. Connect to that one, end it first, "
                                                  "or name another folder with --data.").arg(pid, m_root));
    }
    const QByteArray pid = QByteArray::number(qint64(::getpid())) + '\n';
    if (::ftruncate(m_lock, 0) != 0 || ::pwrite(m_lock, pid.constData(), size_t(pid.size()), 0) != pid.size())
        return folderRefused(ExitFailure, folderText("The data folder “%1” cannot be written.").arg(m_root), qt_error_string(errno));
    return {};
}

Started<void> DataFolder::makeKeys(const QString &operatorId, const QString &operatorName, const Clock &clock)
{
    // The authority comes last: a folder without ca-key.pem is one whose first start did not finish, and starts afresh.
    const QString authorityPath = path("ca-key.pem");
    m_new = !QFile::exists(authorityPath);
    if (m_new) {
        auto authority = crypto::CertificateAuthority::create(u"Parapet local plane, authority"_s, clock);
        const crypto::Validity validity{clock, identityLifetime};
        const auto first = authority.issueClient(operatorId, operatorName, validity);
        const auto prober = authority.issueClient(QLatin1String(proberId), u"Prober"_s, validity);
        Status saved = first.save(path("operator.pem"));
        if (saved)
            saved = prober.save(path("prober.pem"));
        if (saved)
            saved = crypto::PrivateKey::generate(crypto::KeyKind::Ed25519).save(path("log-key.pem"));
        if (saved)
            saved = crypto::writePrivateFile(path("ca.pem"), authority.certificate().toPem());
        if (saved)
            saved = authority.identity().save(authorityPath);
        if (!saved)
            return folderFailed(saved.error());
        QFile::remove(path("server.pem"));
    }
    Result<crypto::Identity> identity = crypto::Identity::load(authorityPath);
    if (!identity)
        return folderFailed(identity.error());
    Result<crypto::CertificateAuthority> authority = crypto::CertificateAuthority::fromIdentity(std::move(*identity));
    if (!authority)
        return folderFailed(authority.error());
    m_authority = std::move(*authority);
    Result<crypto::PrivateKey> logKey = crypto::PrivateKey::load(path("log-key.pem"));
    if (!logKey)
        return folderFailed(logKey.error());
    m_logKey = std::move(*logKey);
    m_logName = u"parapet.local/"_s + planeId();
    Result<crypto::SecretBox> box = crypto::SecretBox::fromKeyFile(path("secrets.key"));
    if (!box)
        return folderFailed(box.error());
    m_box = std::move(*box);
    return {};
}

Started<void> DataFolder::makeServer(const Clock &clock)
{
    if (QFile::exists(path("server.pem"))) {
        Result<crypto::Identity> stored = crypto::Identity::load(path("server.pem"));
        if (stored && stored->certificate.isIssuedBy(m_authority->certificate()) && stored->certificate.notAfter() > clock.now() + serverRenewal) {
            m_server = std::move(*stored);
            return {};
        }
        if (!stored && stored.error().code == Error::Code::Forbidden)
            return folderFailed(stored.error());
    }
    m_server = m_authority->issueServer(u"Parapet local plane, server"_s, {u"127.0.0.1"_s, u"::1"_s, u"localhost"_s}, crypto::Validity{clock, serverLifetime});
    if (Status saved = m_server->save(path("server.pem")); !saved)
        return folderFailed(saved.error());
    return {};
}

} // namespace parapet::plane
