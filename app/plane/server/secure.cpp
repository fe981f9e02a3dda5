// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/server/secure.h"

#include <QtCore/QCoreApplication>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>

namespace parapet::server {

namespace {

struct Freer {
    void operator()(BIO *p) const { BIO_free(p); }
    void operator()(X509 *p) const { X509_free(p); }
    void operator()(EVP_PKEY *p) const { EVP_PKEY_free(p); }
    void operator()(GENERAL_NAMES *p) const { GENERAL_NAMES_free(p); }
};
template<class T>
using Owned = std::unique_ptr<T, Freer>;

Failure tlsFailure(const QString &message)
{
    char words[256] = "";
    if (const unsigned long code = ERR_peek_last_error())
        ERR_error_string_n(code, words, sizeof words);
    ERR_clear_error();
    return fail(Error::Code::Tls, message, QString::fromLatin1(words));
}

Owned<BIO> reader(const QByteArray &pem)
{
    return Owned<BIO>(BIO_new_mem_buf(pem.constData(), int(pem.size())));
}

/// Never asks on the terminal for the passphrase of an encrypted key.
int noPassphrase(char *, int, int, void *)
{
    return 0;
}

std::vector<Owned<X509>> certificates(const QByteArray &pem)
{
    std::vector<Owned<X509>> result;
    const Owned<BIO> bio = reader(pem);
    while (X509 *next = PEM_read_bio_X509(bio.get(), nullptr, noPassphrase, nullptr))
        result.emplace_back(next);
    ERR_clear_error(); // the end of the text is an error to OpenSSL
    return result;
}

int selectProtocol(SSL *, const unsigned char **out, unsigned char *outLength, const unsigned char *in,
                   unsigned int inLength, void *)
{
    static constexpr unsigned char http11[] = "\x08http/1.1";
    unsigned char *chosen = nullptr;
    if (SSL_select_next_proto(&chosen, outLength, http11, sizeof http11 - 1, in, inLength) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

QString commonNameOf(const X509 *certificate)
{
    const X509_NAME *subject = X509_get_subject_name(certificate);
    const int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (index < 0)
        return {};
    unsigned char *utf8 = nullptr;
    const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)));
    if (size < 0)
        return {};
    const QString name = QString::fromUtf8(reinterpret_cast<const char *>(utf8), size);
    OPENSSL_free(utf8);
    return name.contains(QChar(u'\0')) ? QString() : name;
}

QByteArray fingerprintOf(const X509 *certificate)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (X509_digest(certificate, EVP_sha256(), digest, &size) != 1)
        return {};
    return QByteArray(reinterpret_cast<const char *>(digest), size);
}

void appendName(QStringList &names, const ASN1_IA5STRING *text)
{
    const QByteArrayView bytes(ASN1_STRING_get0_data(text), ASN1_STRING_length(text));
    // A NUL or a byte outside ASCII is no IA5 name: such an entry names nobody.
    if (std::all_of(bytes.begin(), bytes.end(), [](char c) { return c > 0x20 && c < 0x7f; }))
        names.append(QString::fromLatin1(bytes));
}

int refusalIndex()
{
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

int verified(int ok, X509_STORE_CTX *store)
{
    if (ok)
        return ok;
    auto *tls = static_cast<SSL *>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto *refused = tls ? static_cast<RefusedPeer *>(SSL_get_ex_data(tls, refusalIndex())) : nullptr;
    const X509 *leaf = X509_STORE_CTX_get0_cert(store);
    if (refused && leaf) {
        refused->reason = QString::fromLatin1(X509_verify_cert_error_string(X509_STORE_CTX_get_error(store)));
        refused->commonName = commonNameOf(leaf);
        refused->fingerprint = fingerprintOf(leaf);
    }
    return 0;
}

Status useCertificate(SSL_CTX *context, const Config &config)
{
    const std::vector<Owned<X509>> chain = certificates(config.certificateChain);
    const Owned<BIO> bio = reader(config.privateKey);
    const Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, noPassphrase, nullptr));
    if (chain.empty() || !key)
        return tlsFailure(
            QCoreApplication::translate("Server", "The server's certificate or key cannot be read. Both must be PEM."));
    if (SSL_CTX_use_certificate(context, chain.front().get()) != 1 || SSL_CTX_use_PrivateKey(context, key.get()) != 1 ||
        SSL_CTX_check_private_key(context) != 1)
        return tlsFailure(
            QCoreApplication::translate("Server", "The server's key does not belong to its certificate."));
    for (size_t i = 1; i < chain.size(); ++i) {
        if (SSL_CTX_add1_chain_cert(context, chain[i].get()) != 1)
            return tlsFailure(QCoreApplication::translate("Server", "The server's certificate chain cannot be used."));
    }
    return {};
}

Status useAuthorities(SSL_CTX *context, const Config &config)
{
    const std::vector<Owned<X509>> authorities = certificates(config.clientAuthorities);
    if (authorities.empty()) {
        if (config.requireClientCertificate || !config.clientAuthorities.isEmpty())
            return tlsFailure(QCoreApplication::translate(
                "Server", "No certificate authority for clients can be read. It must be PEM."));
        SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
        return {};
    }
    X509_STORE *store = SSL_CTX_get_cert_store(context);
    for (const Owned<X509> &authority : authorities) {
        if (X509_STORE_add_cert(store, authority.get()) != 1 || SSL_CTX_add_client_CA(context, authority.get()) != 1)
            return tlsFailure(
                QCoreApplication::translate("Server", "A certificate authority for clients cannot be used."));
        X509_get_extension_flags(authority.get()); // fills OpenSSL's cache now, while one thread sees it
    }
    SSL_CTX_set_verify(
        context, SSL_VERIFY_PEER | (config.requireClientCertificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), verified);
    return {};
}

} // namespace

Status secure(SSL_CTX *context, const Config &config)
{
    ERR_clear_error();
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(context, selectProtocol, nullptr);
    if (SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1 ||
        SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) != 1 || SSL_CTX_set_num_tickets(context, 0) != 1 ||
        SSL_CTX_set_ciphersuites(context,
                                 "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256") != 1)
        return tlsFailure(QCoreApplication::translate("Server", "This OpenSSL cannot serve TLS 1.3."));
    if (const Status done = useCertificate(context, config); !done)
        return done;
    return useAuthorities(context, config);
}

void rememberRefusal(SSL *tls, RefusedPeer *refused)
{
    SSL_set_ex_data(tls, refusalIndex(), refused);
}

PeerIdentity peerIdentity(SSL *tls)
{
    PeerIdentity peer;
    const X509 *certificate = SSL_get0_peer_certificate(tls);
    if (!certificate || SSL_get_verify_result(tls) != X509_V_OK)
        return peer;
    peer.commonName = commonNameOf(certificate);
    peer.fingerprint = fingerprintOf(certificate);
    std::tm notAfter{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &notAfter) == 1)
        peer.notAfter = Instant(std::chrono::seconds(timegm(&notAfter)));
    const Owned<GENERAL_NAMES> names(
        static_cast<GENERAL_NAMES *>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type == GEN_URI)
            appendName(peer.uris, name->d.uniformResourceIdentifier);
        else if (name->type == GEN_DNS)
            appendName(peer.dnsNames, name->d.dNSName);
    }
    return peer;
}

} // namespace parapet::server
