// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"

#include <QtCore/QString>

#include <optional>

namespace parapet {

/// How a value came to be known.
enum class Means {
    Answer, ///< the system said so when asked
    Watch,  ///< the system said so by itself
    Probe,  ///< Parapet tried it
    Kernel, ///< read from the operating system
    Copy,   ///< read from a local copy made earlier
};

/// A value together with who said so, when and how. There is no way to make one without them.
template<class T>
class Observed
{
public:
    Observed(T value, QString source, Instant at, Means means)
        : m_value(std::move(value)), m_source(std::move(source)), m_at(at), m_means(means)
    {
    }

    const T &value() const { return m_value; }
    const QString &source() const { return m_source; }
    Instant at() const { return m_at; }
    Means means() const { return m_means; }

    /// True when the value is older than `limit` and must be drawn as stale.
    bool isStale(Instant now, Milliseconds limit) const { return now - m_at > limit; }

private:
    T m_value;
    QString m_source;
    Instant m_at;
    Means m_means;
};

} // namespace parapet
