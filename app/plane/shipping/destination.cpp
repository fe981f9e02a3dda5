// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/shipping/destination.h"

#include "models/crypto/certificate.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QUrl>
#include <QtCore/QUrlQuery>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

constexpr const char *shippingFormats[] = {"rfc5424", "cef", "ocsf"};

Failure badDestination(const QString &what)
{
    return fail(Error::Code::Invalid,
                QCoreApplication::translate("shipping", "--ship is syslog+tls://HOST:PORT?format=rfc5424, cef or ocsf, with ca=FILE, identity=FILE, "
                                                        "enterprise=NUMBER and from=now as wanted: %1").arg(what));
}

} // namespace

QString nameOf(ShippingFormat format)
{
    return QLatin1String(shippingFormats[size_t(format)]);
}

QString ShippingDestination::name() const
{
    return u"%1:%2 as %3"_s.arg(host).arg(port).arg(nameOf(format));
}

Result<ShippingDestination> ShippingDestination::fromUrl(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    if (!url.isValid() || url.scheme() != "syslog+tls"_L1 || url.host().isEmpty())
        return badDestination(QCoreApplication::translate("shipping", "“%1” names no host.").arg(text.left(128)));
    if (!url.userInfo().isEmpty() || (url.path() != u""_s && url.path() != u"/"_s) || url.hasFragment())
        return badDestination(QCoreApplication::translate("shipping", "nothing stands between the port and “?”."));
    ShippingDestination destination;
    destination.host = url.host();
    destination.port = quint16(url.port(6514));
    const QUrlQuery query(url);
    QStringList seen;
    for (const auto &[name, encoded] : query.queryItems(QUrl::FullyDecoded)) {
        if (seen.contains(name))
            return badDestination(QCoreApplication::translate("shipping", "“%1” stands twice.").arg(name));
        seen << name;
        if (name == "format"_L1) {
            const auto known = std::find_if(std::begin(shippingFormats), std::end(shippingFormats), [&](const char *format) { return encoded == QLatin1String(format); });
            if (known == std::end(shippingFormats))
                return badDestination(QCoreApplication::translate("shipping", "there is no format “%1”.").arg(encoded.left(32)));
            destination.format = ShippingFormat(known - std::begin(shippingFormats));
        } else if (name == "ca"_L1) {
            QFile file(encoded);
            if (!file.open(QIODevice::ReadOnly))
                return badDestination(QCoreApplication::translate("shipping", "the file “%1” cannot be read.").arg(encoded));
            destination.authorities = file.read(1 << 20);
            if (!crypto::Certificate::fromPem(destination.authorities))
                return badDestination(QCoreApplication::translate("shipping", "the file “%1” holds no certificate.").arg(encoded));
        } else if (name == "identity"_L1) {
            const Result<crypto::Identity> identity = crypto::Identity::load(encoded);
            if (!identity)
                return fail(identity.error());
            destination.certificate = identity->certificate.toPem();
            destination.key = identity->key.toPem();
        } else if (name == "enterprise"_L1) {
            bool number = false;
            destination.enterprise = encoded.toUInt(&number);
            if (!number || destination.enterprise == 0)
                return badDestination(QCoreApplication::translate("shipping", "“%1” is no private enterprise number.").arg(encoded.left(32)));
        } else if (name == "from"_L1 && encoded == "now"_L1) {
            destination.fromNow = true;
        } else {
            return badDestination(QCoreApplication::translate("shipping", "it knows no “%1=%2”.").arg(name, encoded.left(32)));
        }
    }
    return destination;
}

} // namespace parapet::plane
