// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "models/crypto/digest.h"

#include <QtCore/QByteArray>

namespace parapet::plane {

/// The lines of an open file, one after the other, in bounded memory: at most formats::longestLine bytes of a line are held, what a
/// longer one has beyond them is skipped.
class LineReader
{
public:
    struct Line {
        QByteArrayView bytes;    ///< without its line break ("\n" or "\r\n"); valid until the next call
        qint64 start = 0;        ///< where it begins in the file
        qint64 end = 0;          ///< where the next one begins
        qint64 length = 0;       ///< in bytes, as it is in the file
        bool terminated = false; ///< false: the file ends within it
        bool isWhole() const { return length == bytes.size(); }
    };

    /// Reads from `position` on. The descriptor stays the caller's.
    LineReader(int file, qint64 position);
    /// False at the end of the file.
    Result<bool> next(Line &line);

    /// At the end of the file: where it is, and the SHA-256 of everything from the first position to there.
    qint64 position() const { return m_position; }
    QByteArray sha256() { return m_hash.result(); }

private:
    Result<bool> fill();

    int m_file;
    QByteArray m_buffer;
    QByteArray m_kept;    ///< the beginning of a line that is too long
    qsizetype m_from = 0; ///< the first byte that was not given
    qsizetype m_to = 0;   ///< behind the last byte that was read
    qint64 m_position;    ///< of m_from in the file
    bool m_ended = false;
    crypto::Sha256 m_hash;
};

} // namespace parapet::plane
