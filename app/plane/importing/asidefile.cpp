// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/importing/asidefile.h"

#include "models/formats/importtext.h"
#include "models/wire/writer.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>

#include <fcntl.h>
#include <unistd.h>

namespace parapet::plane {

AsideFile::~AsideFile()
{
    if (m_file >= 0)
        ::close(m_file);
}

void AsideFile::add(const QString &file, qint64 number, QByteArrayView bytes, qint64 length, const QString &reason)
{
    QByteArrayView kept = bytes.first(std::min(bytes.size(), longestKept));
    // A cut must not divide a character: it would no longer be text.
    while (kept.size() < bytes.size() && !kept.isEmpty() && (uchar(bytes[kept.size()]) & 0xC0) == 0x80)
        kept.chop(1);
    m_pending += "{\"file\":";
    wire::appendString(m_pending, file);
    m_pending += ",\"line\":" + QByteArray::number(number) + ",\"reason\":";
    wire::appendString(m_pending, reason);
    m_pending += ",\"length\":" + QByteArray::number(length);
    if (QUtf8StringView(kept.data(), kept.size()).isValidUtf8()) {
        m_pending += ",\"text\":";
        formats::appendJsonText(m_pending, std::string_view(kept.data(), size_t(kept.size())));
    } else {
        m_pending += ",\"base64\":\"" + kept.toByteArray().toBase64() + '"';
    }
    m_pending += kept.size() < length ? ",\"cut\":true}\n" : "}\n";
}

Status AsideFile::open()
{
    m_file = ::open(QFile::encodeName(m_path).constData(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (m_file < 0 || ::ftruncate(m_file, m_size) != 0 || ::lseek(m_file, m_size, SEEK_SET) != m_size)
        return fail(Error::Code::Storage, QCoreApplication::translate("import", "The lines that are kept aside cannot be written to “%1”.").arg(m_path), qt_error_string(errno));
    return {};
}

Status AsideFile::flush()
{
    if (m_pending.isEmpty())
        return {};
    if (m_file < 0) {
        if (Status opened = open(); !opened)
            return opened;
    }
    for (qsizetype done = 0; done < m_pending.size();) {
        const ssize_t count = ::write(m_file, m_pending.constData() + done, size_t(m_pending.size() - done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return fail(Error::Code::Storage, QCoreApplication::translate("import", "The lines that are kept aside cannot be written to “%1”.").arg(m_path), qt_error_string(errno));
        done += count;
    }
    if (::fdatasync(m_file) != 0)
        return fail(Error::Code::Storage, QCoreApplication::translate("import", "The lines that are kept aside cannot be written to “%1”.").arg(m_path), qt_error_string(errno));
    m_size += m_pending.size();
    m_pending.clear();
    return {};
}

} // namespace parapet::plane
