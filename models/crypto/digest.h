// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QString>

#include <memory>

struct evp_md_ctx_st;

namespace parapet::crypto {

/// SHA-256 (FIPS 180-4), fed in pieces: add() any number of times, then result() once.
class Sha256
{
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256 &) = delete;
    Sha256 &operator=(const Sha256 &) = delete;

    void add(QByteArrayView bytes);
    /// 32 bytes. It then stands as new: another message may be added.
    QByteArray result();

private:
    evp_md_ctx_st *m_context;
};

/// SHA-256 of one message: 32 bytes.
QByteArray sha256(QByteArrayView bytes);

/// The same in lower-case hex: 64 characters.
QString sha256Hex(QByteArrayView bytes);

/// True for 64 lower-case hex digits, the only way in which a SHA-256 is written in our documents.
bool isSha256Hex(QStringView text);

/// Compares in a time that does not depend on where two secrets differ (only on their lengths).
bool equalInConstantTime(QByteArrayView a, QByteArrayView b);

} // namespace parapet::crypto
