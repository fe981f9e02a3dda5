// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/runtime/snapshotwriter.h"

#include "app/plane/runtime/filedescriptor.h"
#include "models/crypto/digest.h"
#include "models/wire/writer.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QStringDecoder>

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace parapet::plane {

namespace {

constexpr int deepestFolder = 200;
constexpr qsizetype longestPath = 16 * 1024;

QString snapshotText(const char *text)
{
    return QCoreApplication::translate("runtime", text);
}

/// A name as the manifest writes it: UTF-8 as it is; what is not, control characters and "%" as %XX of each byte.
QByteArray manifestPath(const QByteArray &path)
{
    QStringDecoder decoder(QStringDecoder::Utf8);
    [[maybe_unused]] const QString decoded = decoder.decode(path);
    const bool isUtf8 = !decoder.hasError();
    QByteArray out;
    for (const char c : path) {
        const auto byte = quint8(c);
        if (byte < 0x20 || byte == 0x7f || c == '%' || (byte >= 0x80 && !isUtf8))
            out += '%' + QByteArray(1, c).toHex().toUpper();
        else
            out += c;
    }
    return out;
}

bool writeWhole(int fd, const char *data, size_t size)
{
    while (size > 0) {
        const ssize_t put = ::write(fd, data, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        data += put;
        size -= size_t(put);
    }
    return true;
}

struct EntryFree {
    void operator()(archive_entry *entry) const { ::archive_entry_free(entry); }
};
using ArchiveEntry = std::unique_ptr<archive_entry, EntryFree>;

QByteArray temporaryOf(const QByteArray &path)
{
    return path + ".part";
}

} // namespace

/// Where the archive's bytes go: a file, and a digest at once.
class SnapshotWriter::Sink
{
public:
    FileDescriptor file;
    crypto::Sha256 digest;
    qint64 bytes = 0;

    static la_ssize_t write(archive *archive, void *self, const void *data, size_t size)
    {
        auto *sink = static_cast<Sink *>(self);
        if (!writeWhole(sink->file.get(), static_cast<const char *>(data), size)) {
            ::archive_set_error(archive, errno, "write");
            return -1;
        }
        sink->digest.add(QByteArrayView(static_cast<const char *>(data), qsizetype(size)));
        sink->bytes += qint64(size);
        return la_ssize_t(size);
    }
};

/// A folder while it is read.
struct SnapshotWriter::Place {
    QByteArray name; ///< relative to its parent's descriptor
    QByteArray path; ///< in the archive
    dev_t device = 0;
};

SnapshotWriter::SnapshotWriter(QByteArray archivePath, QByteArray manifestPath, Limits limits,
                               const std::atomic<bool> &cancelled)
    : m_archivePath(std::move(archivePath)),
      m_manifestPath(std::move(manifestPath)),
      m_limits(limits),
      m_cancelled(cancelled)
{
}

SnapshotWriter::~SnapshotWriter()
{
    if (m_archive)
        ::archive_write_free(m_archive);
    if (m_sink) {
        ::unlink(temporaryOf(m_archivePath).constData());
        ::unlink(temporaryOf(m_manifestPath).constData());
    }
}

Failure SnapshotWriter::failure(const char *what, const QByteArray &path) const
{
    const int error = errno;
    QString detail = path.isEmpty() ? QString() : QString::fromUtf8(manifestPath(path)) + QLatin1String(": ");
    detail += m_archive && ::archive_error_string(m_archive) ? QString::fromLocal8Bit(::archive_error_string(m_archive))
                                                             : QString::fromLocal8Bit(std::strerror(error));
    return fail(Error::Code::Storage, snapshotText(what), detail);
}

Status SnapshotWriter::open()
{
    m_sink = std::make_unique<Sink>();
    m_sink->file.reset(
        ::open(temporaryOf(m_archivePath).constData(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    m_archive = ::archive_write_new();
    if (!m_sink->file || !m_archive || ::archive_write_set_format_pax(m_archive) != ARCHIVE_OK ||
        ::archive_write_open(m_archive, m_sink.get(), nullptr, &Sink::write, nullptr) != ARCHIVE_OK)
        return failure(QT_TRANSLATE_NOOP(
            "runtime", "The snapshot's file cannot be written. Free some space, then take it again."));
    return {};
}

Status SnapshotWriter::writeHeader(const QByteArray &path, const struct stat &info, const QByteArray &linkTarget)
{
    const ArchiveEntry entry(::archive_entry_new());
    ::archive_entry_copy_stat(entry.get(), &info);
    ::archive_entry_copy_pathname(entry.get(), path.constData());
    if (!S_ISREG(info.st_mode))
        ::archive_entry_set_size(entry.get(), 0);
    if (S_ISLNK(info.st_mode))
        ::archive_entry_copy_symlink(entry.get(), linkTarget.constData());
    // A warning is a name that is not UTF-8: it is then written as bytes (hdrcharset=BINARY).
    if (::archive_write_header(m_archive, entry.get()) < ARCHIVE_WARN)
        return failure(
            QT_TRANSLATE_NOOP("runtime", "The snapshot's file cannot be written. Free some space, then take it again."),
            path);
    return {};
}

Status SnapshotWriter::note(const QByteArray &path, unsigned mode, qint64 size, const QByteArray &sha256)
{
    if (m_cancelled)
        return fail(Error::Code::Cancelled,
                    snapshotText(QT_TRANSLATE_NOOP("runtime", "The snapshot was stopped before it was complete.")));
    if (qint64(m_lines.size()) >= m_limits.files) {
        return fail(
            Error::Code::Storage,
            snapshotText(
                QT_TRANSLATE_NOOP(
                    "runtime", "The workspace holds more than %1 files; the snapshot is not complete and was removed."))
                .arg(m_limits.files));
    }
    Line line;
    line.path = manifestPath(path);
    line.text = "{\"mode\":\"" + QByteArray::number(mode, 8) + "\",\"path\":";
    wire::appendString(line.text, QString::fromUtf8(line.path));
    line.text += ",\"sha256\":\"" + sha256 + "\",\"size\":" + QByteArray::number(size) + "}\n";
    m_lines.push_back(std::move(line));
    return {};
}

Status SnapshotWriter::addStatement(const QByteArray &name, const QByteArray &content)
{
    struct stat info {
    };
    info.st_mode = S_IFREG | 0400;
    info.st_size = content.size();
    info.st_mtime = ::time(nullptr);
    const QByteArray path = ".parapet/" + name;
    if (const Status written = writeHeader(path, info); !written)
        return written;
    if (::archive_write_data(m_archive, content.constData(), size_t(content.size())) != content.size())
        return failure(
            QT_TRANSLATE_NOOP("runtime", "The snapshot's file cannot be written. Free some space, then take it again."),
            path);
    return note(path, info.st_mode, content.size(), crypto::sha256(content).toHex());
}

Status SnapshotWriter::addHome(const QByteArray &home)
{
    struct stat info;
    if (::lstat(home.constData(), &info) != 0 || !S_ISDIR(info.st_mode))
        return failure(QT_TRANSLATE_NOOP("runtime", "The workspace's home folder cannot be read."));
    if (const Status written = writeHeader("home", info); !written)
        return written;
    if (const Status noted = note("home", info.st_mode, 0, {}); !noted)
        return noted;
    return addFolder(AT_FDCWD, {home, "home", info.st_dev}, 0);
}

Status SnapshotWriter::addFolder(int parent, const Place &place, int depth)
{
    FileDescriptor folder(::openat(parent, place.name.constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    DIR *listing = folder ? ::fdopendir(::dup(folder.get())) : nullptr;
    if (!listing)
        return failure(
            QT_TRANSLATE_NOOP(
                "runtime", "A folder of the workspace cannot be read; the snapshot is not complete and was removed."),
            place.path);
    std::vector<QByteArray> names;
    while (const dirent *entry = ::readdir(listing)) {
        const QByteArrayView name(entry->d_name);
        if (name != "." && name != ".." && qint64(names.size()) <= m_limits.files)
            names.push_back(name.toByteArray());
    }
    ::closedir(listing);
    std::sort(names.begin(), names.end());
    for (const QByteArray &name : names) {
        if (const Status added = addEntry(folder.get(), name, place, depth); !added)
            return added;
    }
    return {};
}

Status SnapshotWriter::addEntry(int folder, const QByteArray &name, const Place &parent, int depth)
{
    const QByteArray path = parent.path + '/' + name;
    struct stat info;
    if (::fstatat(folder, name.constData(), &info, AT_SYMLINK_NOFOLLOW) != 0)
        return failure(
            QT_TRANSLATE_NOOP("runtime",
                              "A file of the workspace cannot be read; the snapshot is not complete and was removed."),
            path);
    if (path.size() > longestPath || depth > deepestFolder) {
        return fail(Error::Code::Storage,
                    snapshotText(QT_TRANSLATE_NOOP(
                        "runtime",
                        "The workspace's folders are nested too deep; the snapshot is not complete and was removed.")),
                    QString::fromUtf8(manifestPath(path.left(512))));
    }
    if (S_ISREG(info.st_mode))
        return addFile(folder, name, path, info);
    if (S_ISLNK(info.st_mode))
        return addLink(folder, name, path, info);
    // tar knows no sockets, and a device of the workspace is a name only: the manifest records them.
    if (S_ISDIR(info.st_mode) || S_ISFIFO(info.st_mode)) {
        if (const Status written = writeHeader(path, info); !written)
            return written;
    }
    if (const Status noted = note(path, info.st_mode, 0, {}); !noted)
        return noted;
    if (!S_ISDIR(info.st_mode) || info.st_dev != parent.device)
        return {};
    return addFolder(folder, {name, path, info.st_dev}, depth + 1);
}

Status SnapshotWriter::addFile(int folder, const QByteArray &name, const QByteArray &path, const struct stat &seen)
{
    const FileDescriptor file(
        ::openat(folder, name.constData(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
    struct stat info;
    if (!file || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode) || info.st_ino != seen.st_ino ||
        info.st_dev != seen.st_dev)
        return failure(
            QT_TRANSLATE_NOOP("runtime",
                              "A file of the workspace cannot be read; the snapshot is not complete and was removed."),
            path);
    m_bytes += info.st_size;
    if (m_bytes > m_limits.bytes) {
        return fail(
            Error::Code::Storage,
            snapshotText(
                QT_TRANSLATE_NOOP(
                    "runtime",
                    "The workspace's files are larger than %1 bytes; the snapshot is not complete and was removed."))
                .arg(m_limits.bytes));
    }
    if (const Status written = writeHeader(path, info); !written)
        return written;
    std::array<char, 128 * 1024> chunk;
    crypto::Sha256 digest;
    qint64 left = info.st_size;
    while (left > 0 && !m_cancelled) {
        const ssize_t got = ::read(file.get(), chunk.data(), size_t(std::min<qint64>(left, qint64(chunk.size()))));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return failure(
                QT_TRANSLATE_NOOP(
                    "runtime",
                    "A file of the workspace changed while it was read; the snapshot is not complete and was removed."),
                path);
        if (::archive_write_data(m_archive, chunk.data(), size_t(got)) != got)
            return failure(
                QT_TRANSLATE_NOOP("runtime",
                                  "The snapshot's file cannot be written. Free some space, then take it again."),
                path);
        digest.add(QByteArrayView(chunk.data(), got));
        left -= got;
    }
    return note(path, info.st_mode, info.st_size, digest.result().toHex());
}

Status SnapshotWriter::addLink(int folder, const QByteArray &name, const QByteArray &path, const struct stat &info)
{
    std::array<char, 4097> target;
    const ssize_t size = ::readlinkat(folder, name.constData(), target.data(), target.size() - 1);
    if (size < 0)
        return failure(
            QT_TRANSLATE_NOOP("runtime",
                              "A file of the workspace cannot be read; the snapshot is not complete and was removed."),
            path);
    const QByteArray text(target.data(), size);
    if (const Status written = writeHeader(path, info, text); !written)
        return written;
    return note(path, info.st_mode, text.size(), crypto::sha256(text).toHex());
}

Result<SnapshotWriter::Written> SnapshotWriter::finish()
{
    const char *const cannot =
        QT_TRANSLATE_NOOP("runtime", "The snapshot's file cannot be written. Free some space, then take it again.");
    if (::archive_write_close(m_archive) != ARCHIVE_OK || ::fsync(m_sink->file.get()) != 0)
        return failure(cannot);
    std::sort(m_lines.begin(), m_lines.end(), [](const Line &a, const Line &b) { return a.path < b.path; });
    crypto::Sha256 digest;
    const QByteArray manifest = temporaryOf(m_manifestPath);
    const FileDescriptor out(::open(manifest.constData(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    QByteArray block;
    for (size_t i = 0; out && i < m_lines.size(); ++i) {
        block += m_lines[i].text;
        if (block.size() < 256 * 1024 && i + 1 < m_lines.size())
            continue;
        if (!writeWhole(out.get(), block.constData(), size_t(block.size())))
            return failure(cannot);
        digest.add(block);
        block.clear();
    }
    if (!out || ::fsync(out.get()) != 0)
        return failure(cannot);
    // The archive comes last: where it is, its manifest is.
    if (::rename(manifest.constData(), m_manifestPath.constData()) != 0)
        return failure(cannot);
    if (::rename(temporaryOf(m_archivePath).constData(), m_archivePath.constData()) != 0) {
        const Failure why = failure(cannot);
        ::unlink(m_manifestPath.constData());
        return why;
    }
    const QByteArray place = m_archivePath.left(m_archivePath.lastIndexOf('/'));
    const FileDescriptor folder(::open(place.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder || ::fsync(folder.get()) != 0)
        return failure(cannot);
    Written written;
    written.files = qint64(m_lines.size());
    written.bytes = m_sink->bytes;
    written.archiveSha256 = QString::fromLatin1(m_sink->digest.result().toHex());
    written.manifestSha256 = QString::fromLatin1(digest.result().toHex());
    return written;
}

} // namespace parapet::plane
