// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/appendfile.h"

#include "models/core/crc32c.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QtEndian>

#include <openssl/evp.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace parapet {

namespace {

constexpr char appendMagic[] = "PRPTLOG1";
constexpr qint64 magicSize = sizeof appendMagic - 1;
constexpr qint64 chainSize = 32;
constexpr qint64 headerSize = 8 + chainSize;
static_assert(magicSize == 8);

struct AppendText {
    Q_DECLARE_TR_FUNCTIONS(AppendFile)
};

QByteArray chainAfter(QByteArrayView previous, QByteArrayView payload)
{
    QByteArray digest(chainSize, Qt::Uninitialized);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const bool done = context && EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1 &&
                      EVP_DigestUpdate(context, previous.data(), size_t(previous.size())) == 1 &&
                      EVP_DigestUpdate(context, payload.data(), size_t(payload.size())) == 1 &&
                      EVP_DigestFinal_ex(context, reinterpret_cast<uchar *>(digest.data()), nullptr) == 1;
    EVP_MD_CTX_free(context);
    if (!done)
        qFatal("SHA-256 is not available in the cryptographic library.");
    return digest;
}

QByteArray firstChain()
{
    return chainAfter({}, QByteArrayView(appendMagic, magicSize));
}

/// What a scan of a file's bytes found: whole records up to `end`, and why it stopped there.
struct Scan {
    QVector<QByteArray> records;
    QByteArray chain;
    qint64 end = 0;
    bool torn = false;
    QString damage; ///< translated; empty when there is none
};

/// A record that seems to run past the end is torn, unless its own bytes or a whole record behind it say that only its
/// length was damaged: then cutting would lose what was acknowledged. `rest` begins with the record's header.
bool isDamagedLength(QByteArrayView rest, QByteArrayView previousChain)
{
    const quint32 checksum = qFromLittleEndian<quint32>(rest.data() + 4);
    const QByteArrayView chain = rest.sliced(8, chainSize);
    const QByteArrayView body = rest.sliced(headerSize);
    Crc32c crc;
    for (qint64 length = 1; length <= qMin<qint64>(body.size(), AppendFile::longestRecord); ++length) {
        crc.add(body[length - 1]);
        if (crc.value() == checksum && chainAfter(previousChain, body.first(length)) == chain)
            return true;
    }
    // Records of ours are text, whose bytes read as lengths beyond any file: next to nothing is ever checksummed here.
    qint64 work = rest.size() * 64;
    for (qint64 at = 1; at + headerSize < rest.size() && work > 0; ++at) {
        const qint64 length = qFromLittleEndian<quint32>(rest.data() + at);
        if (length == 0 || length > rest.size() - at - headerSize)
            continue;
        work -= length;
        if (Crc32c::of(rest.sliced(at + headerSize, length)) == qFromLittleEndian<quint32>(rest.data() + at + 4))
            return true;
    }
    return work <= 0;
}

bool isAllZero(QByteArrayView bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == 0; });
}

QString damageAt(qsizetype record, qint64 offset, const char *what)
{
    return AppendText::
        tr("Record %1 at byte %2 is damaged: %3. Restore the file from a copy, or move it aside to begin a new one.")
            .arg(record + 1)
            .arg(offset)
            .arg(AppendText::tr(what));
}

Scan scanRecords(QByteArrayView bytes)
{
    Scan scan;
    scan.chain = firstChain();
    scan.end = magicSize;
    while (scan.end < bytes.size()) {
        const QByteArrayView rest = bytes.sliced(scan.end);
        // A file system may have grown the file without having written its data.
        if (rest.size() < headerSize || isAllZero(rest)) {
            scan.torn = true;
            return scan;
        }
        const qint64 length = qFromLittleEndian<quint32>(rest.data());
        const bool last = length >= rest.size() - headerSize;
        if (length == 0 || length > AppendFile::longestRecord || length > rest.size() - headerSize) {
            scan.torn = !isDamagedLength(rest, scan.chain);
            if (!scan.torn)
                scan.damage =
                    damageAt(scan.records.size(), scan.end, QT_TRANSLATE_NOOP("AppendFile", "its length is wrong"));
            return scan;
        }
        const QByteArrayView payload = rest.sliced(headerSize, length);
        const bool summed = Crc32c::of(payload) == qFromLittleEndian<quint32>(rest.data() + 4);
        const QByteArray chain = chainAfter(scan.chain, payload);
        const bool chained = rest.sliced(8, chainSize) == chain;
        if (!summed || !chained) {
            // Both wrong at the very end: an append that never finished. One of them right: it was whole once.
            scan.torn = last && !summed && !chained && !isDamagedLength(rest, scan.chain);
            if (!scan.torn) {
                scan.damage = damageAt(
                    scan.records.size(), scan.end,
                    summed ? QT_TRANSLATE_NOOP("AppendFile", "it does not continue the chain of the records before it")
                           : QT_TRANSLATE_NOOP("AppendFile", "its checksum is wrong"));
            }
            return scan;
        }
        scan.records.append(payload.toByteArray());
        scan.chain = chain;
        scan.end += headerSize + length;
    }
    return scan;
}

/// Empty while a new file's magic is not whole: nothing can have been acknowledged by then.
bool isUnfinishedMagic(QByteArrayView bytes)
{
    return bytes.size() < magicSize && (QByteArrayView(appendMagic, magicSize).startsWith(bytes) || isAllZero(bytes));
}

Failure appendFailure(const QString &path, const QString &what, const QString &detail = {})
{
    return fail(Error::Code::Storage, QStringLiteral(u"%1: %2").arg(path, what), detail);
}

Result<QByteArray> readAll(int fd, const QString &path)
{
    struct stat status {
    };
    if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
        return appendFailure(path, AppendText::tr("This is not a regular file. Choose another path."));
    QByteArray bytes(qsizetype(status.st_size), Qt::Uninitialized);
    qsizetype at = 0;
    while (at < bytes.size()) {
        const ssize_t got = ::pread(fd, bytes.data() + at, size_t(bytes.size() - at), off_t(at));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return appendFailure(path, AppendText::tr("It cannot be read. Check the disk."), qt_error_string(errno));
        if (got == 0) {
            bytes.truncate(at); // it shrank while it was read
            break;
        }
        at += got;
    }
    return bytes;
}

Status checkMagic(QByteArrayView bytes, const QString &path)
{
    if (!bytes.startsWith(QByteArrayView(appendMagic, magicSize)))
        return appendFailure(
            path, AppendText::tr("This is not a file of records of Parapet's, or its first bytes are damaged."));
    return {};
}

} // namespace

AppendFile::AppendFile(QString path, int fd, FileCalls &calls) : m_path(std::move(path)), m_fd(fd), m_calls(calls)
{
}

AppendFile::~AppendFile()
{
    m_calls.close(m_fd); // gives up the lock
}

Failure AppendFile::failed(const QString &what) const
{
    return appendFailure(m_path, what, qt_error_string(errno));
}

Result<std::unique_ptr<AppendFile>> AppendFile::open(const QString &path, QVector<QByteArray> *records,
                                                     FileCalls &calls)
{
    const QByteArray name = QFile::encodeName(path);
    const int fd = calls.open(name.constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return appendFailure(
            path, AppendText::tr("It cannot be opened. Check that its folder exists and that you may write there."),
            qt_error_string(errno));
    std::unique_ptr<AppendFile> file(new AppendFile(path, fd, calls));
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        return fail(
            Error::Code::Conflict,
            QStringLiteral(u"%1: %2").arg(path, AppendText::tr("Another program holds it. Close that program first.")),
            qt_error_string(errno));
    }
    // So that others can tell without a lock of their own. The lock that counts is the one above, which more file systems have.
    struct flock whole {
    };
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    (void)::fcntl(fd, F_OFD_SETLK, &whole);
    if (const Status loaded = file->load(records); !loaded)
        return fail(loaded.error());
    return file;
}

bool AppendFile::isHeld(const QString &path)
{
    const int fd = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return false;
    struct flock whole {
    };
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    const bool held = ::fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
    ::close(fd);
    return held;
}

Status AppendFile::load(QVector<QByteArray> *records)
{
    const Result<QByteArray> bytes = readAll(m_fd, m_path);
    if (!bytes)
        return fail(bytes.error());

    Scan scan;
    if (isUnfinishedMagic(*bytes)) {
        if (!bytes->isEmpty() && m_calls.ftruncate(m_fd, 0) != 0)
            return failed(AppendText::tr("Its unfinished beginning cannot be cut off. Check the disk."));
        if (::lseek(m_fd, 0, SEEK_SET) < 0)
            return failed(AppendText::tr("It cannot be written."));
        if (const Status written = writeAll(QByteArray(appendMagic, magicSize)); !written)
            return written;
        scan.chain = firstChain();
        scan.end = magicSize;
    } else {
        if (const Status ours = checkMagic(*bytes, m_path); !ours)
            return ours;
        scan = scanRecords(*bytes);
        if (!scan.damage.isEmpty())
            return appendFailure(m_path, scan.damage);
        if (scan.torn && m_calls.ftruncate(m_fd, scan.end) != 0)
            return failed(AppendText::tr("Its unfinished last record cannot be cut off. Check the disk."));
        m_cut = bytes->size() - scan.end;
    }
    // What was read may stand only in memory yet, and the file's name too, when the writer died: both are made durable
    // before anyone acts upon them.
    if (m_calls.fsync(m_fd) != 0 || m_calls.syncFolder(QFile::encodeName(m_path).constData()) != 0)
        return failed(AppendText::tr("It cannot be made durable. Check the disk."));
    if (::lseek(m_fd, off_t(scan.end), SEEK_SET) < 0)
        return failed(AppendText::tr("It cannot be written."));
    m_head = scan.chain;
    m_size = scan.end;
    if (records)
        *records = std::move(scan.records);
    return {};
}

Status AppendFile::writeAll(const QByteArray &bytes)
{
    qint64 at = 0;
    while (at < bytes.size()) {
        const qint64 done = m_calls.write(m_fd, bytes.constData() + at, bytes.size() - at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0) {
            if (done == 0)
                errno = ENOSPC;
            return failed(AppendText::tr("It cannot be written. Make room on the disk, then try again."));
        }
        at += done;
    }
    return {};
}

Status AppendFile::append(const QByteArray &record)
{
    if (m_broken)
        return appendFailure(m_path, AppendText::tr("An earlier write failed. Open it again before writing to it."));
    if (record.isEmpty() || record.size() > longestRecord)
        return fail(Error::Code::Invalid, AppendText::tr("A record must have between 1 byte and 16 MiB."));

    const QByteArray chain = chainAfter(m_head, record);
    QByteArray bytes(8, Qt::Uninitialized);
    qToLittleEndian(quint32(record.size()), bytes.data());
    qToLittleEndian(Crc32c::of(record), bytes.data() + 4);
    bytes += chain + record;

    Status done = writeAll(bytes);
    if (done && m_calls.fsync(m_fd) != 0)
        done = failed(AppendText::tr("It cannot be made durable. Check the disk."));
    if (!done) {
        // Taken back where that works; where it does not, opening the file decides. After a failed fsync the kernel may
        // call pages clean that never reached the disk, so nothing more is built upon them.
        m_broken = true;
        m_calls.ftruncate(m_fd, m_size);
        return done;
    }
    m_head = chain;
    m_size += bytes.size();
    return {};
}

Result<QVector<QByteArray>> AppendFile::read(const QString &path)
{
    const int fd = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        const int error = errno;
        return fail(error == ENOENT ? Error::Code::NotFound : Error::Code::Storage,
                    QStringLiteral(u"%1: %2").arg(path, AppendText::tr("It cannot be opened.")),
                    qt_error_string(error));
    }
    const Result<QByteArray> bytes = readAll(fd, path);
    ::close(fd);
    if (!bytes)
        return fail(bytes.error());
    if (isUnfinishedMagic(*bytes))
        return QVector<QByteArray>();
    if (const Status ours = checkMagic(*bytes, path); !ours)
        return fail(ours.error());
    Scan scan = scanRecords(*bytes);
    if (!scan.damage.isEmpty())
        return appendFailure(path, scan.damage);
    return std::move(scan.records);
}

} // namespace parapet
