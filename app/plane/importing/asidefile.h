// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QByteArray>
#include <QtCore/QString>

namespace parapet::plane {

/// Lines that could not be imported, as JSON lines: {"file","line","reason","length"} and the line itself as "text", or as "base64"
/// when it is not UTF-8; "cut" is true when the file holds only its beginning. Mode 0600; made with the first line.
class AsideFile
{
public:
    static constexpr qsizetype longestKept = 8192;

    /// `size`: what of an existing file counts; what follows it is of an import that did not reach its commit, and is cut.
    AsideFile(QString path, qint64 size) : m_path(std::move(path)), m_size(size) {}
    ~AsideFile();
    AsideFile(const AsideFile &) = delete;
    AsideFile &operator=(const AsideFile &) = delete;

    void add(const QString &file, qint64 number, QByteArrayView bytes, qint64 length, const QString &reason);
    /// What was added is on the disk.
    Status flush();

    const QString &path() const { return m_path; }
    qint64 size() const { return m_size; }

private:
    Status open();

    QString m_path;
    QByteArray m_pending;
    qint64 m_size;
    int m_file = -1;
};

} // namespace parapet::plane
