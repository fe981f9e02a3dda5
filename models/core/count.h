// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

namespace parapet {

/// A number of things: exact, or "at least". Built only by saying which.
class Count
{
public:
    Count() = default;
    static Count exactly(qint64 n) { return Count(n, true); }
    static Count atLeast(qint64 n) { return Count(n, false); }

    qint64 value() const { return m_value; }
    bool isExact() const { return m_exact; }

    /// "1,284" or "at least 1,000", in the user's locale.
    QString text() const;

    friend bool operator==(const Count &, const Count &) = default;

private:
    Count(qint64 n, bool exact) : m_value(n), m_exact(exact) {}
    qint64 m_value = 0;
    bool m_exact = true;
};

} // namespace parapet
