// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QMap>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>

namespace parapet::runtimetest {

struct ArchiveEntry {
    unsigned mode = 0;
    QByteArray content;
    QByteArray link;
};

/// Everything in a tar archive, by path as bytes; empty when it is not whole.
inline QMap<QByteArray, ArchiveEntry> readArchive(const QByteArray &path)
{
    QMap<QByteArray, ArchiveEntry> found;
    archive *reader = ::archive_read_new();
    ::archive_read_support_format_tar(reader);
    archive_entry *entry = nullptr;
    int status = ::archive_read_open_filename(reader, path.constData(), 65536);
    while (status >= ARCHIVE_WARN && (status = ::archive_read_next_header(reader, &entry)) >= ARCHIVE_WARN &&
           status != ARCHIVE_EOF) {
        ArchiveEntry seen;
        seen.mode = unsigned(::archive_entry_mode(entry));
        if (const char *target = ::archive_entry_symlink(entry))
            seen.link = target;
        char bytes[65536];
        la_ssize_t size;
        while ((size = ::archive_read_data(reader, bytes, sizeof bytes)) > 0)
            seen.content.append(bytes, size);
        QByteArray name = ::archive_entry_pathname(entry);
        if (name.endsWith('/'))
            name.chop(1);
        found.insert(name, seen);
    }
    if (status != ARCHIVE_EOF)
        found.clear();
    ::archive_read_free(reader);
    return found;
}

} // namespace parapet::runtimetest
