// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>
#include <QtCore/QStringList>

namespace parapet::fleet {

/// A fingerprint as people compare it: upper-case hex in groups of four, eight groups a line.
class FingerprintText
{
public:
    /// `hex` with or without separators. Anything that is not hex gives an empty text.
    explicit FingerprintText(const QString &hex);

    const QString &hex() const { return m_hex; } ///< 64 lower-case digits, no separators
    QStringList groups() const;                  ///< "9F2C", "41AB", …
    QString text() const;                        ///< groups with spaces, lines of eight
    /// For screen readers and for reading aloud: every character apart.
    QString spoken() const;
    /// True when `typed` (any separators, any case) is this whole fingerprint.
    bool matches(const QString &typed) const;

private:
    QString m_hex;
};

} // namespace parapet::fleet
