// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/crypto/certificate.h"
#include "models/crypto/noteverifier.h"
#include "models/crypto/secretbox.h"

#include <optional>

namespace parapet::plane {

/// Why the plane does not start, as exit codes: --help and the man page list them.
enum ExitCode {
    ExitOk = 0,
    ExitFailure = 1,      ///< something else
    ExitUsage = 2,        ///< the command line
    ExitHeld = 3,         ///< another plane holds the data folder
    ExitExposed = 4,      ///< others can read the data folder or its keys
    ExitLogBroken = 5,    ///< the audit log does not verify
    ExitDatabase = 6,     ///< the database is damaged, newer, or cannot be opened
    ExitListen = 7,       ///< it cannot listen where it was told to
    ExitStorage = 75,     ///< while running: nothing can be stored any more
};

/// What a refusal needs: a sentence that says what to do, and its exit code.
struct Refused {
    ExitCode code = ExitFailure;
    QString message;
    QString detail;
};
template<class T> using Started = tl::expected<T, Refused>;

/// The plane's folder: held by one plane at a time, readable by its owner only, with everything that makes its identity.
///
///   lock                 held (flock) while a plane runs
///   plane.sqlite         all state and the audit log, unless
///   store                names the PostgreSQL database that holds them
///   ca.pem               the authority's certificate, for clients
///   ca-key.pem           the authority, certificate and key
///   server.pem           the servers' identity, made anew when it nears its end
///   operator.pem         the first operator's identity: what a console connects with
///   prober.pem           the identity that tries what must no longer work
///   log-key.pem          Ed25519: signs the log's checkpoints
///   witnesses            optional: verifier keys of witnesses whose cosignatures are taken, one a line (C2SP signed-note, type 0x04)
///   secrets.key          seals tokens and secrets at rest
///   identities/          identities issued by `parapet-plane identity`, to be taken up by the plane
///   homes/ evidence/ recordings/ runtime/
class DataFolder
{
public:
    /// Makes the folder (0700) and what is missing in it. `operatorId` and `operatorName` are used the first time only.
    static Started<std::unique_ptr<DataFolder>> open(const QString &path, const QString &operatorId, const QString &operatorName,
                                                     const Clock &clock);
    ~DataFolder();
    DataFolder(const DataFolder &) = delete;
    DataFolder &operator=(const DataFolder &) = delete;

    /// Checks that only its owner can read it; does not make or lock anything.
    static Started<void> checkPrivate(const QString &path);

    QString path(const char *name) const;
    QString root() const { return m_root; }
    bool isNew() const { return m_new; }

    const crypto::CertificateAuthority &authority() const { return *m_authority; }
    const crypto::Identity &server() const { return *m_server; }
    const crypto::SecretBox &box() const { return *m_box; }
    /// The name of this plane's log, and its verifier key in C2SP form.
    QString logName() const { return m_logName; }
    QString logVerifier() const;
    /// The log's key by the log's name: what signs its checkpoints.
    crypto::NoteSigner logSigner() const { return {m_logName, *m_logKey}; }
    /// "0f3a9c…": the same for each run on this folder.
    QString planeId() const;

    static constexpr const char *proberId = "prober";

private:
    explicit DataFolder(QString root) : m_root(std::move(root)) {}
    Started<void> lock();
    Started<void> makeKeys(const QString &operatorId, const QString &operatorName, const Clock &clock);
    Started<void> makeServer(const Clock &clock);

    QString m_root;
    int m_lock = -1;
    bool m_new = false;
    QString m_logName;
    std::optional<crypto::CertificateAuthority> m_authority;
    std::optional<crypto::Identity> m_server;
    std::optional<crypto::PrivateKey> m_logKey;
    std::optional<crypto::SecretBox> m_box;
};

} // namespace parapet::plane
