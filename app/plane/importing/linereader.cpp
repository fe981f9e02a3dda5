// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/importing/linereader.h"

#include "models/formats/lineimporter.h"

#include <QtCore/QCoreApplication>

#include <cerrno>
#include <cstring>

#include <unistd.h>

namespace parapet::plane {

LineReader::LineReader(int file, qint64 position) : m_file(file), m_position(position)
{
    m_buffer.resize(2 * formats::longestLine);
}

Result<bool> LineReader::fill()
{
    if (m_ended)
        return false;
    if (m_from > 0) {
        std::memmove(m_buffer.data(), m_buffer.constData() + m_from, size_t(m_to - m_from));
        m_to -= m_from;
        m_from = 0;
    }
    while (true) {
        const ssize_t count = ::pread(m_file, m_buffer.data() + m_to, size_t(m_buffer.size() - m_to), m_position + m_to);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(Error::Code::Storage, QCoreApplication::translate("import", "The file cannot be read."), qt_error_string(errno));
        m_ended = count == 0;
        m_hash.add(QByteArrayView(m_buffer.constData() + m_to, count));
        m_to += count;
        return count > 0;
    }
}

Result<bool> LineReader::next(Line &line)
{
    line = {};
    line.start = m_position;
    qsizetype searched = 0;
    bool tooLong = false;
    while (!tooLong) {
        const char *begin = m_buffer.constData() + m_from;
        const auto *found = static_cast<const char *>(std::memchr(begin + searched, '\n', size_t(m_to - m_from - searched)));
        if (found) {
            line.terminated = true;
            line.bytes = QByteArrayView(begin, found - begin);
            m_from += line.bytes.size() + 1;
            m_position += line.bytes.size() + 1;
            break;
        }
        searched = m_to - m_from;
        tooLong = searched > formats::longestLine;
        if (tooLong)
            break;
        const Result<bool> more = fill();
        if (!more)
            return fail(more.error());
        if (*more)
            continue;
        if (m_from == m_to)
            return false;
        line.bytes = QByteArrayView(m_buffer.constData() + m_from, m_to - m_from);
        m_position += line.bytes.size();
        m_from = m_to;
        break;
    }
    if (tooLong) {
        // Too long: what can be held is told, and the rest is passed over.
        m_kept = QByteArray(m_buffer.constData() + m_from, formats::longestLine);
        line.length = 0;
        while (true) {
            const char *begin = m_buffer.constData() + m_from;
            const auto *found = static_cast<const char *>(std::memchr(begin, '\n', size_t(m_to - m_from)));
            const qsizetype passed = found ? found - begin : m_to - m_from;
            line.length += passed;
            m_from += passed + (found ? 1 : 0);
            m_position += passed + (found ? 1 : 0);
            line.terminated = found;
            if (found)
                break;
            const Result<bool> more = fill();
            if (!more)
                return fail(more.error());
            if (!*more)
                break;
        }
        line.bytes = m_kept;
        line.end = m_position;
        return true;
    }
    line.end = m_position;
    line.length = line.bytes.size();
    if (line.terminated && line.bytes.endsWith('\r')) {
        line.bytes.chop(1);
        --line.length;
    }
    if (line.bytes.size() > formats::longestLine)
        line.bytes = line.bytes.first(formats::longestLine);
    return true;
}

} // namespace parapet::plane
