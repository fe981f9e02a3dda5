// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/crypto/dsse.h"

#include "models/core/json.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>

namespace parapet::crypto {

namespace {

constexpr int mostSignatures = 16;
constexpr int mostCertificates = 8;

struct DsseText {
    Q_DECLARE_TR_FUNCTIONS(Dsse)
};

Failure badEnvelope(const QString &what)
{
    return fail(Error::Code::Invalid, DsseText::tr("This is not a signed envelope (DSSE): %1").arg(what));
}

/// Decodes and encodes again: Qt passes over stray bits and missing padding.
bool decodesStrictly(QByteArrayView text, QByteArray::Base64Options alphabet, QByteArray &bytes)
{
    const QByteArray encoded = QByteArray::fromRawData(text.data(), text.size());
    auto decoded = QByteArray::fromBase64Encoding(encoded, alphabet | QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || (*decoded).toBase64(alphabet) != encoded)
        return false;
    bytes = *decoded;
    return true;
}

/// DSSE v1, protocol.md: verifiers accept the standard and the URL-safe alphabet.
Result<QByteArray> envelopeBytes(const QJsonValue &value, const char *member)
{
    QByteArray bytes;
    const QByteArray text = value.toString().toLatin1();
    if (!value.isString() || (!decodesStrictly(text, QByteArray::Base64Encoding, bytes) &&
                              !decodesStrictly(text, QByteArray::Base64UrlEncoding, bytes)))
        return badEnvelope(DsseText::tr("“%1” is not base64.").arg(QLatin1String(member)));
    return bytes;
}

Status onlyMembers(const QJsonObject &object, const QStringList &known)
{
    for (const QString &name : object.keys()) {
        if (!known.contains(name))
            return badEnvelope(DsseText::tr("“%1” is not a member of it.").arg(name.left(64)));
    }
    return {};
}

Result<Envelope::Signature> signatureFromJson(const QJsonValue &value)
{
    const QJsonObject object = value.toObject();
    if (!value.isObject())
        return badEnvelope(DsseText::tr("a signature is not an object."));
    if (const Status known =
            onlyMembers(object, {QStringLiteral("keyid"), QStringLiteral("sig"), QStringLiteral("x5c")});
        !known)
        return fail(known.error());
    Envelope::Signature signature;
    const QJsonValue keyId = object.value(QLatin1String("keyid"));
    if (!keyId.isString() && !keyId.isUndefined())
        return badEnvelope(DsseText::tr("“%1” is not text.").arg(QLatin1String("keyid")));
    signature.keyId = keyId.toString();
    Result<QByteArray> sig = envelopeBytes(object.value(QLatin1String("sig")), "sig");
    if (!sig)
        return fail(sig.error());
    signature.sig = *std::move(sig);
    const QJsonValue chain = object.value(QLatin1String("x5c"));
    if (!chain.isUndefined() &&
        (!chain.isArray() || chain.toArray().isEmpty() || chain.toArray().size() > mostCertificates))
        return badEnvelope(DsseText::tr("“%1” is not a list of certificates.").arg(QLatin1String("x5c")));
    for (const QJsonValueConstRef item : chain.toArray()) {
        const Result<QByteArray> der = envelopeBytes(item, "x5c");
        if (!der)
            return fail(der.error());
        const Result<Certificate> certificate = Certificate::fromDer(*der);
        if (!certificate)
            return badEnvelope(DsseText::tr("“%1” is not a list of certificates.").arg(QLatin1String("x5c")));
        signature.certificates.append(*certificate);
    }
    return signature;
}

} // namespace

Result<QByteArray> fromBase64Strict(QByteArrayView text)
{
    QByteArray bytes;
    if (!decodesStrictly(text, QByteArray::Base64Encoding, bytes))
        return fail(Error::Code::Invalid, DsseText::tr("This is not base64 (RFC 4648 §4)."));
    return bytes;
}

QByteArray dssePreAuthEncoding(QByteArrayView payloadType, QByteArrayView payload)
{
    QByteArray encoded = "DSSEv1 ";
    encoded.reserve(payload.size() + payloadType.size() + 64);
    encoded += QByteArray::number(payloadType.size()) + ' ';
    encoded += payloadType;
    encoded += ' ' + QByteArray::number(payload.size()) + ' ';
    encoded += payload;
    return encoded;
}

Envelope Envelope::sign(const QString &payloadType, const QByteArray &payload, const PrivateKey &key,
                        const QVector<Certificate> &certificates)
{
    const QByteArray signature = key.sign(dssePreAuthEncoding(payloadType.toUtf8(), payload));
    return Envelope{payloadType, payload, {Signature{key.keyId(), signature, certificates}}};
}

bool Envelope::isSignedBy(const PublicKey &key) const
{
    const QByteArray message = dssePreAuthEncoding(payloadType.toUtf8(), payload);
    return std::any_of(signatures.begin(), signatures.end(),
                       [&](const Signature &s) { return key.verify(message, s.sig); });
}

QJsonObject Envelope::toJson() const
{
    QJsonArray list;
    for (const Signature &signature : signatures) {
        QJsonObject object{{QStringLiteral("sig"), QString::fromLatin1(signature.sig.toBase64())}};
        if (!signature.keyId.isEmpty())
            object.insert(QStringLiteral("keyid"), signature.keyId);
        QJsonArray chain;
        for (const Certificate &certificate : signature.certificates)
            chain.append(QString::fromLatin1(certificate.toDer().toBase64()));
        if (!chain.isEmpty())
            object.insert(QStringLiteral("x5c"), chain);
        list.append(object);
    }
    return {{QStringLiteral("payloadType"), payloadType},
            {QStringLiteral("payload"), QString::fromLatin1(payload.toBase64())},
            {QStringLiteral("signatures"), list}};
}

QByteArray Envelope::toBytes() const
{
    return canonicalJson(toJson());
}

Result<Envelope> Envelope::fromJson(const QJsonObject &object)
{
    if (const Status known = onlyMembers(
            object, {QStringLiteral("payloadType"), QStringLiteral("payload"), QStringLiteral("signatures")});
        !known)
        return fail(known.error());
    Envelope envelope;
    const QJsonValue type = object.value(QLatin1String("payloadType"));
    if (!type.isString() || type.toString().isEmpty())
        return badEnvelope(DsseText::tr("“%1” is not text.").arg(QLatin1String("payloadType")));
    envelope.payloadType = type.toString();
    Result<QByteArray> payload = envelopeBytes(object.value(QLatin1String("payload")), "payload");
    if (!payload)
        return fail(payload.error());
    envelope.payload = *std::move(payload);
    const QJsonArray list = object.value(QLatin1String("signatures")).toArray();
    if (list.isEmpty() || list.size() > mostSignatures)
        return badEnvelope(DsseText::tr("it must have between 1 and %1 signatures.").arg(mostSignatures));
    for (const QJsonValueConstRef item : list) {
        Result<Signature> signature = signatureFromJson(item);
        if (!signature)
            return fail(signature.error());
        envelope.signatures.append(*std::move(signature));
    }
    return envelope;
}

Result<Envelope> Envelope::fromBytes(QByteArrayView text, qsizetype limit)
{
    const Result<QJsonValue> json = parseJson(text, {.bytes = limit, .depth = 8});
    if (!json)
        return fail(json.error());
    if (!json->isObject())
        return badEnvelope(DsseText::tr("it is not an object."));
    return fromJson(json->toObject());
}

} // namespace parapet::crypto
