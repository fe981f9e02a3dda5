// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QHashFunctions>
#include <QtCore/QMetaType>
#include <QtCore/QString>

namespace parapet {

/// Text that came from a network, a workspace or a file. It does not convert to QString: a reader chooses between
/// inert(), which is safe to draw, speak, log and export, and raw(), which only rooms that store, compare or transmit may
/// call (tests/architecture holds the list).
class Untrusted
{
public:
    Untrusted() = default;
    explicit Untrusted(QString text) : m_text(std::move(text)) {}

    /// The text as it came.
    const QString &raw() const { return m_text; }

    /// The text with everything that could deceive made visible: control characters as U+2400 pictures, bidirectional and
    /// zero-width controls, private-use and unassigned code points as ⟨U+XXXX⟩, line breaks as ⏎; cut with … after `limit` characters.
    QString inert(int limit = 4096) const;

    bool isEmpty() const { return m_text.isEmpty(); }
    friend bool operator==(const Untrusted &a, const Untrusted &b) { return a.m_text == b.m_text; }
    friend bool operator<(const Untrusted &a, const Untrusted &b) { return a.m_text < b.m_text; }
    friend size_t qHash(const Untrusted &u, size_t seed = 0) { return ::qHash(u.m_text, seed); }

private:
    QString m_text;
};

} // namespace parapet

Q_DECLARE_METATYPE(parapet::Untrusted)
