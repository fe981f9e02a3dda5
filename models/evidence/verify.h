// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/revocation.h"

#include <optional>

namespace parapet::evidence {

/// Whom the reader of a certificate trusts. Without either, whose key it is stays unchecked, and the report says so.
struct Trust {
    std::optional<crypto::Certificate>
        authority;     ///< the operator's certificate must chain to it, at the time of signing
    QString keySha256; ///< the signing key must be this one: 64 hex digits; empty: any
};

/// One statement about a certificate.
struct Finding {
    enum class State { Holds, Fails, NotChecked };
    QString id; ///< stable: "structure", "canonical", "signature", "signer", "trust", "steps", "probes", "evidence",
                ///< "digests"
    State state = State::NotChecked;
    QString text;    ///< translated: what is stated
    QStringList why; ///< translated: what does not hold, by name, or why it was not checked; inert already
};

/// What checking a certificate offline found.
struct Report {
    QVector<Finding> findings;
    std::optional<RevocationRecord> record; ///< what it states, when its structure holds
    QString keySha256;                      ///< of the key that signed; empty when no signature verifies

    /// Nothing fails. What was not checked does not fail: see findings.
    bool holds() const;
    const Finding *find(QStringView id) const;
};

/// Checks the bytes of a certificate of revocation (DSSE envelope, JSON). An error (Invalid) means that it is not
/// readable as such an envelope at all; everything else is in the report. Needs no network and no clock.
Result<Report> verify(QByteArrayView envelope, const Trust &trust = {});

} // namespace parapet::evidence
