// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/crypto/certificate.h"

#include "models/crypto/openssl.h"
#include "models/crypto/random.h"

#include <QtCore/QCoreApplication>

#include <arpa/inet.h>

namespace parapet::crypto {

namespace {

constexpr std::chrono::hours authorityLifetime{24 * 3652};
constexpr std::chrono::minutes clockTolerance{5};
constexpr qsizetype longestCommonName = 64; // RFC 5280 appendix A: ub-common-name

void addName(GENERAL_NAMES *names, int type, const QByteArray &value)
{
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_STRING *text = type == GEN_IPADD ? ASN1_OCTET_STRING_new() : ASN1_IA5STRING_new();
    mustSucceed(name && text && ASN1_STRING_set(text, value.constData(), int(value.size())) == 1,
                "making a certificate");
    GENERAL_NAME_set0_value(name, type, text);
    sk_GENERAL_NAME_push(names, name);
}

/// Names are set as values, never through OpenSSL's little configuration language, in which a comma begins another
/// name.
void addHost(GENERAL_NAMES *names, const QString &host)
{
    const QByteArray text = host.toLatin1();
    QByteArray address(16, Qt::Uninitialized);
    if (inet_pton(AF_INET, text.constData(), address.data()) == 1)
        addName(names, GEN_IPADD, address.first(4));
    else if (inet_pton(AF_INET6, text.constData(), address.data()) == 1)
        addName(names, GEN_IPADD, address);
    else
        addName(names, GEN_DNS, text);
}

void addExtension(X509 *x509, X509V3_CTX *context, int nid, const char *value)
{
    const std::unique_ptr<X509_EXTENSION, OpenSslFree<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, context, nid, value));
    mustSucceed(extension && X509_add_ext(x509, extension.get(), -1) == 1, "making a certificate");
}

/// What to certify, and as what.
struct CertificateRequest {
    QString commonName;
    EVP_PKEY *key;
    Instant from;
    Instant until;
    bool authority = false;
    const char *extendedUsage = nullptr;
    GENERAL_NAMES *names = nullptr;
};

/// A certificate of version 3, signed with `signer`; `issuer` is null for a self-signed one.
X509Pointer makeCertificate(const CertificateRequest &request, X509 *issuer, EVP_PKEY *signer)
{
    X509Pointer x509(X509_new());
    mustSucceed(x509 != nullptr, "making a certificate");
    X509_set_version(x509.get(), X509_VERSION_3);

    QByteArray serial = randomBytes(16);
    serial[0] = char((serial[0] & 0x3F) | 0x40); // positive, of constant length
    ASN1_STRING_set(X509_get_serialNumber(x509.get()), serial.constData(), int(serial.size()));

    const auto seconds = [](Instant at) {
        return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    };
    ASN1_TIME_set(X509_getm_notBefore(x509.get()), seconds(request.from));
    ASN1_TIME_set(X509_getm_notAfter(x509.get()), seconds(request.until));
    X509_set_pubkey(x509.get(), request.key);

    const QByteArray name = request.commonName.left(longestCommonName).toUtf8();
    mustSucceed(X509_NAME_add_entry_by_NID(X509_get_subject_name(x509.get()), NID_commonName, MBSTRING_UTF8,
                                           bytesOf(name), int(name.size()), -1, 0) == 1,
                "making a certificate");
    X509 *named = issuer ? issuer : x509.get();
    X509_set_issuer_name(x509.get(), X509_get_subject_name(named));

    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, named, x509.get(), nullptr, nullptr, 0);
    addExtension(x509.get(), &context, NID_basic_constraints,
                 request.authority ? "critical,CA:TRUE,pathlen:0" : "critical,CA:FALSE");
    addExtension(x509.get(), &context, NID_key_usage,
                 request.authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
    addExtension(x509.get(), &context, NID_subject_key_identifier, "hash");
    addExtension(x509.get(), &context, NID_authority_key_identifier, "keyid:always");
    if (request.extendedUsage)
        addExtension(x509.get(), &context, NID_ext_key_usage, request.extendedUsage);
    if (request.names)
        mustSucceed(X509_add1_ext_i2d(x509.get(), NID_subject_alt_name, request.names, 0, 0) == 1,
                    "making a certificate");
    mustSucceed(X509_sign(x509.get(), signer, EVP_sha256()) > 0, "signing a certificate");
    return x509;
}

struct GeneralNames {
    GENERAL_NAMES *list = sk_GENERAL_NAME_new_null();
    GeneralNames() = default;
    GeneralNames(const GeneralNames &) = delete;
    GeneralNames &operator=(const GeneralNames &) = delete;
    ~GeneralNames() { GENERAL_NAMES_free(list); }
};

} // namespace

CertificateAuthority CertificateAuthority::create(const QString &commonName, const Clock &clock)
{
    PrivateKey key = PrivateKey::generate(KeyKind::EcdsaP256);
    const Instant now = clock.now();
    X509Pointer x509 = makeCertificate({.commonName = commonName,
                                        .key = key.native(),
                                        .from = now - clockTolerance,
                                        .until = now + authorityLifetime,
                                        .authority = true},
                                       nullptr, key.native());
    return CertificateAuthority(
        Identity{Certificate(std::shared_ptr<x509_st>(x509.release(), X509_free)), std::move(key), {}});
}

Result<CertificateAuthority> CertificateAuthority::fromIdentity(Identity identity)
{
    if (!identity.certificate.isAuthority()) {
        return fail(Error::Code::Invalid,
                    QCoreApplication::translate("CertificateAuthority",
                                                "This certificate may not issue others. Choose the authority's."));
    }
    return CertificateAuthority(std::move(identity));
}

Identity CertificateAuthority::issueServer(const QString &commonName, const QStringList &hosts,
                                           const Validity &validity) const
{
    PrivateKey key = PrivateKey::generate(KeyKind::EcdsaP256);
    const Instant now = validity.clock.now();
    const GeneralNames names;
    for (const QString &host : hosts)
        addHost(names.list, host);
    X509Pointer x509 = makeCertificate({.commonName = commonName,
                                        .key = key.native(),
                                        .from = now - clockTolerance,
                                        .until = now + validity.lifetime,
                                        .extendedUsage = "serverAuth",
                                        .names = names.list},
                                       m_identity.certificate.native(), m_identity.key.native());
    return Identity{Certificate(std::shared_ptr<x509_st>(x509.release(), X509_free)), std::move(key), {certificate()}};
}

Identity CertificateAuthority::issueClient(const QString &principal, const QString &commonName,
                                           const Validity &validity, KeyKind kind) const
{
    PrivateKey key = PrivateKey::generate(kind);
    Certificate issued = issueClientFor(key.publicKey(), principal, commonName, validity);
    return Identity{std::move(issued), std::move(key), {certificate()}};
}

Certificate CertificateAuthority::issueClientFor(const PublicKey &key, const QString &principal,
                                                 const QString &commonName, const Validity &validity) const
{
    const Instant now = validity.clock.now();
    const GeneralNames names;
    addName(names.list, GEN_URI, QByteArray("parapet://principal/") + principal.toUtf8());
    X509Pointer x509 = makeCertificate({.commonName = commonName,
                                        .key = key.native(),
                                        .from = now - clockTolerance,
                                        .until = now + validity.lifetime,
                                        .extendedUsage = "clientAuth",
                                        .names = names.list},
                                       m_identity.certificate.native(), m_identity.key.native());
    return Certificate(std::shared_ptr<x509_st>(x509.release(), X509_free));
}

} // namespace parapet::crypto
