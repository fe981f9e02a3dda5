// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/shipping/shipper.h"

namespace parapet::plane {

/// All destinations of a plane.
class Shipping
{
public:
    Shipping(Store &store, EventQueries &queries, const QString &logName);
    /// The store must still be there.
    ~Shipping();

    void add(const ShippingDestination &destination);
    /// {"items":[…]}: where each stands. Any thread.
    QByteArray json() const;

private:
    Store &m_store;
    EventQueries &m_queries;
    formats::Product m_product;
    mutable std::mutex m_lock;
    std::vector<std::unique_ptr<Shipper>> m_shippers;
};

} // namespace parapet::plane
