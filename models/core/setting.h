// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QSettings>
#include <QtCore/QString>

namespace parapet {

/// One typed setting, declared beside its user and bound to an injected store. Never for secrets.
template<class T>
class Setting
{
public:
    Setting(QSettings &store, QString key, T fallback) : m_store(store), m_key(std::move(key)), m_fallback(std::move(fallback)) {}

    T get() const
    {
        const QVariant stored = m_store.value(m_key);
        return stored.isValid() && stored.canConvert<T>() ? stored.value<T>() : m_fallback;
    }
    void set(const T &value) { m_store.setValue(m_key, QVariant::fromValue(value)); }
    void reset() { m_store.remove(m_key); }

private:
    QSettings &m_store;
    QString m_key;
    T m_fallback;
};

} // namespace parapet
