// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/shipping/shipping.h"

#include "models/core/json.h"

#include <QtCore/QJsonArray>
#include <QtCore/QSysInfo>

namespace parapet::plane {

Shipping::Shipping(Store &store, EventQueries &queries, const QString &logName) : m_store(store), m_queries(queries)
{
    m_product.host = QSysInfo::machineHostName();
    m_product.version = QStringLiteral(PARAPET_VERSION);
    m_product.log = logName;
    m_store.onAppended([this] {
        const std::scoped_lock guard(m_lock);
        for (const auto &shipper : m_shippers)
            shipper->wake();
    });
}

Shipping::~Shipping()
{
    m_store.onAppended({});
    m_shippers.clear();
}

void Shipping::add(const ShippingDestination &destination)
{
    Shipper::Options options;
    options.destination = destination;
    options.product = m_product;
    options.product.enterprise = destination.enterprise;
    auto shipper = std::make_unique<Shipper>(m_store, m_queries, std::move(options));
    const std::scoped_lock guard(m_lock);
    m_shippers.push_back(std::move(shipper));
}

QByteArray Shipping::json() const
{
    QJsonArray items;
    {
        const std::scoped_lock guard(m_lock);
        for (const auto &shipper : m_shippers)
            items.append(shipper->status().json());
    }
    return canonicalJson(QJsonObject{{QStringLiteral("items"), items}});
}

} // namespace parapet::plane
