// SPDX-License-Identifier: GPL-3.0-or-later
// How this room holds OpenSSL's objects. Included by its .cpp files only.
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>

#include <memory>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace parapet::crypto {

template<auto Free>
struct OpenSslFree {
    template<class T>
    void operator()(T *object) const
    {
        Free(object);
    }
};

using BioPointer = std::unique_ptr<BIO, OpenSslFree<BIO_free_all>>;
using PkeyPointer = std::unique_ptr<EVP_PKEY, OpenSslFree<EVP_PKEY_free>>;
using PkeyContextPointer = std::unique_ptr<EVP_PKEY_CTX, OpenSslFree<EVP_PKEY_CTX_free>>;
using DigestContextPointer = std::unique_ptr<EVP_MD_CTX, OpenSslFree<EVP_MD_CTX_free>>;
using CipherContextPointer = std::unique_ptr<EVP_CIPHER_CTX, OpenSslFree<EVP_CIPHER_CTX_free>>;
using X509Pointer = std::unique_ptr<X509, OpenSslFree<X509_free>>;

/// Takes what a block leaves on this thread's error queue away again: TLS sockets of the same thread read that queue
/// and would take a stale entry for their own.
class QuietErrors
{
public:
    QuietErrors() { ERR_set_mark(); }
    ~QuietErrors() { ERR_pop_to_mark(); }
    QuietErrors(const QuietErrors &) = delete;
    QuietErrors &operator=(const QuietErrors &) = delete;
};

inline const uchar *bytesOf(QByteArrayView view)
{
    return reinterpret_cast<const uchar *>(view.data());
}

inline BioPointer readBio(QByteArrayView bytes)
{
    return BioPointer(BIO_new_mem_buf(bytes.data(), int(bytes.size())));
}

inline BioPointer writeBio()
{
    return BioPointer(BIO_new(BIO_s_mem()));
}

inline QByteArray contentOf(const BioPointer &bio)
{
    char *data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return QByteArray(data, qsizetype(size));
}

/// For calls that fail only when memory runs out or the library is broken: nothing could go on safely.
inline void mustSucceed(bool done, const char *what)
{
    if (!done) {
        char text[256] = "";
        ERR_error_string_n(ERR_peek_last_error(), text, sizeof text);
        qFatal("The cryptographic library failed at %s: %s", what, text);
    }
}

} // namespace parapet::crypto
