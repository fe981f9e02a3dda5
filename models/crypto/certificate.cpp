// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/crypto/certificate.h"

#include "models/core/id.h"
#include "models/crypto/digest.h"
#include "models/crypto/openssl.h"

#include <QtCore/QCoreApplication>

#include <arpa/inet.h>
#include <openssl/pem.h>

namespace parapet::crypto {

namespace {

constexpr QLatin1String principalPrefix("parapet://principal/");

struct CertificateText {
    Q_DECLARE_TR_FUNCTIONS(Certificate)
};

Failure noCertificate()
{
    return fail(Error::Code::Invalid,
                CertificateText::tr("This is no certificate (X.509 in PEM). Choose another file."));
}

Instant instantOf(const ASN1_TIME *time)
{
    std::tm fields{};
    if (ASN1_TIME_to_tm(time, &fields) != 1)
        return {};
    const std::chrono::year_month_day date{std::chrono::year(fields.tm_year + 1900),
                                           std::chrono::month(unsigned(fields.tm_mon + 1)),
                                           std::chrono::day(unsigned(fields.tm_mday))};
    return std::chrono::sys_days(date) + std::chrono::hours(fields.tm_hour) + std::chrono::minutes(fields.tm_min) +
           std::chrono::seconds(fields.tm_sec);
}

QString ipText(const ASN1_OCTET_STRING *address)
{
    const int size = ASN1_STRING_length(address);
    if (size != 4 && size != 16)
        return {};
    char text[INET6_ADDRSTRLEN] = "";
    inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(address), text, sizeof text);
    return QString::fromLatin1(text);
}

QStringList alternativeNames(const X509 *x509, int type)
{
    const QuietErrors quiet;
    QStringList found;
    auto *names = static_cast<GENERAL_NAMES *>(X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr));
    for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (name->type != type)
            continue;
        if (type == GEN_IPADD)
            found.append(ipText(name->d.iPAddress));
        else
            found.append(QString::fromLatin1(reinterpret_cast<const char *>(ASN1_STRING_get0_data(name->d.ia5)),
                                             ASN1_STRING_length(name->d.ia5)));
    }
    GENERAL_NAMES_free(names);
    return found;
}

} // namespace

Result<Certificate> Certificate::fromPem(QByteArrayView pem)
{
    const QuietErrors quiet;
    const BioPointer in = readBio(pem);
    X509 *x509 = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr);
    if (!x509)
        return noCertificate();
    return Certificate(std::shared_ptr<x509_st>(x509, X509_free));
}

Result<Certificate> Certificate::fromDer(QByteArrayView der)
{
    const QuietErrors quiet;
    const uchar *at = bytesOf(der);
    std::shared_ptr<x509_st> x509(d2i_X509(nullptr, &at, long(der.size())), X509_free);
    if (!x509 || at != bytesOf(der) + der.size())
        return noCertificate();
    return Certificate(std::move(x509));
}

Result<QVector<Certificate>> Certificate::allFromPem(QByteArrayView pem)
{
    const QuietErrors quiet;
    const BioPointer in = readBio(pem);
    QVector<Certificate> found;
    while (X509 *x509 = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr))
        found.append(Certificate(std::shared_ptr<x509_st>(x509, X509_free)));
    // The end of the text shows as "no start line"; anything else is a damaged certificate.
    if (found.isEmpty() || ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
        return noCertificate();
    return found;
}

QByteArray Certificate::toDer() const
{
    uchar *der = nullptr;
    const int size = i2d_X509(m_x509.get(), &der);
    mustSucceed(size > 0, "writing a certificate");
    const QByteArray bytes(reinterpret_cast<const char *>(der), size);
    OPENSSL_free(der);
    return bytes;
}

QByteArray Certificate::toPem() const
{
    const BioPointer out = writeBio();
    mustSucceed(PEM_write_bio_X509(out.get(), m_x509.get()) == 1, "writing a certificate");
    return contentOf(out);
}

QString Certificate::commonName() const
{
    const X509_NAME *subject = X509_get_subject_name(m_x509.get());
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at < 0)
        return {};
    const QuietErrors quiet;
    uchar *text = nullptr;
    const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (size < 0)
        return {};
    const QString name = QString::fromUtf8(reinterpret_cast<const char *>(text), size);
    OPENSSL_free(text);
    return name;
}

QStringList Certificate::uriNames() const
{
    return alternativeNames(m_x509.get(), GEN_URI);
}

QStringList Certificate::dnsNames() const
{
    return alternativeNames(m_x509.get(), GEN_DNS);
}

QStringList Certificate::ipNames() const
{
    return alternativeNames(m_x509.get(), GEN_IPADD);
}

QString Certificate::serialHex() const
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(m_x509.get());
    return QString::fromLatin1(
        QByteArray(reinterpret_cast<const char *>(ASN1_STRING_get0_data(serial)), ASN1_STRING_length(serial)).toHex());
}

Instant Certificate::notBefore() const
{
    return instantOf(X509_get0_notBefore(m_x509.get()));
}

Instant Certificate::notAfter() const
{
    return instantOf(X509_get0_notAfter(m_x509.get()));
}

bool Certificate::isAuthority() const
{
    const QuietErrors quiet;
    return X509_check_ca(m_x509.get()) == 1; // 1: basicConstraints says so; not the guesses for old forms
}

QString Certificate::fingerprint() const
{
    return sha256Hex(toDer());
}

QString Certificate::keyFingerprint() const
{
    uchar *der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(m_x509.get()), &der);
    if (size <= 0)
        return {};
    const QString hex = sha256Hex(QByteArrayView(reinterpret_cast<const char *>(der), size));
    OPENSSL_free(der);
    return hex;
}

Result<PublicKey> Certificate::publicKey() const
{
    const QuietErrors quiet;
    return PublicKey::adopt(X509_get_pubkey(m_x509.get()));
}

QString Certificate::principal() const
{
    QString found;
    for (const QString &uri : uriNames()) {
        if (!uri.startsWith(principalPrefix))
            continue;
        const QString id = uri.mid(principalPrefix.size());
        if (!found.isEmpty() || !isIdentifier(id))
            return {};
        found = id;
    }
    return found;
}

bool Certificate::isIssuedBy(const Certificate &issuer) const
{
    const QuietErrors quiet;
    const PkeyPointer key(X509_get_pubkey(issuer.native()));
    return key && issuer.isAuthority() && X509_check_issued(issuer.native(), native()) == X509_V_OK &&
           X509_verify(native(), key.get()) == 1;
}

Status verifyChain(const Certificate &leaf, const QVector<Certificate> &between, const Certificate &trusted, Instant at)
{
    const QuietErrors quiet;
    const std::unique_ptr<X509_STORE, OpenSslFree<X509_STORE_free>> store(X509_STORE_new());
    const std::unique_ptr<X509_STORE_CTX, OpenSslFree<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
    STACK_OF(X509) *issuers = sk_X509_new_null();
    for (const Certificate &certificate : between)
        sk_X509_push(issuers, certificate.native());
    mustSucceed(store && context && X509_STORE_add_cert(store.get(), trusted.native()) == 1 &&
                    X509_STORE_CTX_init(context.get(), store.get(), leaf.native(), issuers) == 1,
                "checking a certificate");
    X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param(context.get());
    // A pinned authority need not be a root.
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_time(parameters, std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
    const bool holds = X509_verify_cert(context.get()) == 1;
    const int reason = X509_STORE_CTX_get_error(context.get());
    sk_X509_free(issuers);
    if (!holds) {
        return fail(Error::Code::Tls,
                    CertificateText::tr("The certificate does not chain to the trusted authority: %1.")
                        .arg(QString::fromLatin1(X509_verify_cert_error_string(reason))));
    }
    return {};
}

} // namespace parapet::crypto
