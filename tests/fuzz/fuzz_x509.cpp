// SPDX-License-Identifier: GPL-3.0-or-later
// X.509 certificates, keys and note verifiers as text: what is accepted can be asked everything.
#include "models/crypto/certificate.h"
#include "models/crypto/noteverifier.h"
#include "tests/fuzz/target.h"

using namespace parapet;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes = fuzz::bytesOf(data, size);
    if (const auto certificates = crypto::Certificate::allFromPem(bytes)) {
        for (const crypto::Certificate &certificate : *certificates) {
            const auto again = crypto::Certificate::fromDer(certificate.toDer());
            fuzz::promise(again && *again == certificate, "a certificate reads back");
            certificate.principal();
            certificate.ipNames();
            certificate.isValidAt(certificate.notAfter());
            certificate.isIssuedBy(certificate);
            (void)certificate.publicKey();
        }
    }
    (void)crypto::Identity::fromPem(bytes, "passphrase");
    (void)crypto::PublicKey::fromPem(bytes);
    if (const auto verifier = crypto::NoteVerifier::parse(QString::fromUtf8(bytes))) {
        const auto again = crypto::NoteVerifier::parse(verifier->text());
        fuzz::promise(again && *again == *verifier, "a printed verifier key is the same key");
    }
    return 0;
}
