// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

namespace parapet {

/// Whether the connected system can do something, and if not, why: an absent capability always carries its reason.
class Capability
{
public:
    static Capability present() { return Capability({}); }
    static Capability degraded(QString limitation) { Capability c(std::move(limitation)); c.m_present = true; return c; }
    static Capability absent(QString reason) { Capability c(std::move(reason)); c.m_present = false; return c; }

    bool isPresent() const { return m_present; }
    bool isDegraded() const { return m_present && !m_reason.isEmpty(); }

    /// Why it is absent, or what limits it. Empty only when it is wholly present.
    const QString &reason() const { return m_reason; }

private:
    explicit Capability(QString reason) : m_reason(std::move(reason)) {}
    bool m_present = true;
    QString m_reason;
};

} // namespace parapet
