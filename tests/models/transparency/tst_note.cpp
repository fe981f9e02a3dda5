// SPDX-License-Identifier: GPL-3.0-or-later
// Signed notes, checkpoints and cosignatures: the specifications' and other implementations' values, and what must be refused.
#include "models/transparency/checkpoint.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::transparency;
using crypto::NoteAlgorithm;
using crypto::NoteSigner;
using crypto::NoteVerifier;

namespace {

// golang.org/x/mod, sumdb/note/note_test.go.
constexpr char peterKey[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr char peterSecret[] = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
constexpr char enochKey[] = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
constexpr char goText[] = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
constexpr char peterLine[] =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
constexpr char enochLine[] = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

// c2sp.org/signed-note: the example of its verifier keys.
constexpr char specKey[] = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr char specNote[] =
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
// Its first example, whose key it does not tell.
constexpr char poemNote[] = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
                            "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
// c2sp.org/tlog-cosignature: the example, whose keys it does not tell.
constexpr char sofaNote[] =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
// A public log's checkpoint with the cosignatures of public witnesses; both keys as their operators publish them.
constexpr char archeKey[] = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f";
constexpr char remoraKey[] = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
constexpr char archeNote[] =
    "arche2025h1.staging.ct.transparency.dev\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n"
    "— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=\n"
    "— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n"
    "— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==\n"
    "— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==\n"
    "— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==\n"
    "— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==\n";
// The key of RFC 8032 §7.1, TEST 1, as a witness over the specification's checkpoint at the specification's time: made with
// openssl pkeyutl and no code of ours.
constexpr char rfcWitnessKey[] = "witness.example.com/w1+7e6f4aaa+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
constexpr char rfcWitnessSecret[] = "PRIVATE+KEY+witness.example.com/w1+7e6f4aaa+BJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g";
constexpr char rfcWitnessLine[] =
    "— witness.example.com/w1 fm9KqgAAAABkGFDL+TPmh4BYuAjsYRoqMJCWb/gWJaeRF/kmm5tlCr9sJ57DLErur7K0yDXc2ArN+TIuotuB/HbuL3AJsp3bv/aNCQ==\n";

NoteVerifier verifier(const char *text, NoteAlgorithm algorithm = NoteAlgorithm::Ed25519)
{
    return *NoteVerifier::parse(QString::fromLatin1(text), algorithm);
}

QByteArray sofaText()
{
    return QByteArray(sofaNote).first(QByteArray(sofaNote).indexOf("\n\n") + 1);
}

} // namespace

class TestNote : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void verifierKeys_data();
    void verifierKeys();
    void everyManglingOfAKeyIsRefused();
    void signerKeys();
    void anAlgorithmIsNeverTakenForAnother();
    void theSpecificationsNotes();
    void signsAsOthersDo();
    void manyVerifiers();
    void wrongSignatureOfAKnownKeyRefusesTheNote();
    void malformedNotes_data();
    void malformedNotes();
    void limits();
    void cosignatures();
    void aPublicLogsCheckpoint();
    void checkpointTexts();
    void malformedCheckpoints_data();
    void malformedCheckpoints();
    void faults();
    void roundTrip();
};

void TestNote::verifierKeys_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("cosigns");
    QTest::addColumn<quint32>("hash");
    QTest::newRow("x/mod") << QString::fromLatin1(peterKey) << false << 0xc74f20a3u;
    QTest::newRow("x/mod, another") << QString::fromLatin1(enochKey) << false << 0xaf0cfe78u;
    QTest::newRow("the specification's") << QString::fromLatin1(specKey) << false << 0x530d903au;
    QTest::newRow("a public log's") << QString::fromLatin1(archeKey) << false << 0xba2f06c0u;
    QTest::newRow("a public witness's") << QString::fromLatin1(remoraKey) << true << 0xda77ade7u;
    QTest::newRow("RFC 8032's as a witness") << QString::fromLatin1(rfcWitnessKey) << true << 0x7e6f4aaau;
    // transparency-dev/formats, note/note_cosigv1_test.go
    QTest::newRow("formats") << u"TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6"_s << false << 0x7997405cu;
}

void TestNote::verifierKeys()
{
    QFETCH(QString, text);
    QFETCH(bool, cosigns);
    QFETCH(quint32, hash);
    const auto parsed = NoteVerifier::parse(text, cosigns ? NoteAlgorithm::Cosignature : NoteAlgorithm::Ed25519);
    QVERIFY(parsed);
    QCOMPARE(parsed->text(), text);
    QCOMPARE(parsed->keyHash(), hash);
    QVERIFY(!NoteVerifier::parse(text, cosigns ? NoteAlgorithm::Ed25519 : NoteAlgorithm::Cosignature));
}

// TestNewVerifier and TestNewSigner of x/mod: every part of a key, and every byte of it changed.
void TestNote::everyManglingOfAKeyIsRefused()
{
    for (const char *key : {peterKey, peterSecret}) {
        const bool secret = key == peterSecret;
        const QByteArray whole(key);
        const auto accepted = [&](const QByteArray &text) {
            return secret ? NoteSigner::parse(QString::fromLatin1(text)).has_value() : NoteVerifier::parse(QString::fromLatin1(text)).has_value();
        };
        QVERIFY(accepted(whole));
        for (qsizetype i = 0; i < whole.size(); ++i) {
            for (qsizetype j = i + 1; j <= whole.size(); ++j)
                QVERIFY((i == 0 && j == whole.size()) || !accepted(whole.sliced(i, j - i)));
            QByteArray changed = whole;
            ++changed.data()[i];
            QVERIFY2(!accepted(changed), changed.constData());
        }
        QVERIFY(!accepted(whole + '='));
        QVERIFY(!accepted(whole + '\n'));
        QVERIFY(!accepted(' ' + whole));
    }
    for (const char *bad : {"PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
                            "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                            "PeterNeumann+0xc74f2+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "bananas.sigstore.dev+12344556",
                            "rekor.sigstore.dev+12345678+THIS_IS_NOT_BASE64!", "rekor.sigstore.dev+12345678+AwEB", "+c74f20a3+ARpc", "++"})
        QVERIFY2(!NoteVerifier::parse(QString::fromLatin1(bad)), bad);
}

void TestNote::signerKeys()
{
    const auto signer = NoteSigner::parse(QString::fromLatin1(peterSecret));
    QVERIFY(signer);
    QCOMPARE(signer->text(), QString::fromLatin1(peterSecret));
    QVERIFY(signer->verifier() == verifier(peterKey));
    const auto made = NoteSigner::make(u"EnochRoot"_s, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519));
    QVERIFY(made);
    const auto again = NoteSigner::parse(made->text());
    QVERIFY(again);
    QVERIFY(again->verifier() == made->verifier());
    const auto key = crypto::PrivateKey::generate(crypto::KeyKind::Ed25519);
    for (const QString &name : {u""_s, u"a b"_s, u"a+b"_s, u"a\u00a0b"_s, u"a\nb"_s, u"a\u2028b"_s}) {
        QVERIFY(!NoteSigner::make(name, key));
        QVERIFY(!NoteVerifier::make(name, key.publicKey()));
    }
    QVERIFY(!NoteSigner::make(u"ec"_s, crypto::PrivateKey::generate(crypto::KeyKind::EcdsaP256)));
}

void TestNote::anAlgorithmIsNeverTakenForAnother()
{
    const auto key = crypto::PrivateKey::generate(crypto::KeyKind::Ed25519);
    const NoteSigner plain = *NoteSigner::make(u"log"_s, key), witness = *NoteSigner::make(u"log"_s, key, NoteAlgorithm::Cosignature);
    QVERIFY(plain.verifier().keyHash() != witness.verifier().keyHash());
    QVERIFY(!(plain.verifier() == witness.verifier()));
    Note note{"text\n", {signNote(plain, "text\n")}};
    QCOMPARE(stateOf(note, plain.verifier()), SignatureState::Verified);
    QCOMPARE(stateOf(note, witness.verifier()), SignatureState::Absent);
    // Under the other one's hash it is a wrong signature, not a right one of another kind.
    note.signatures[0].keyHash = witness.verifier().keyHash();
    QCOMPARE(stateOf(note, witness.verifier()), SignatureState::Wrong);
    note.signatures = {cosign(witness, note.text, Instant(std::chrono::seconds(5)))};
    QCOMPARE(stateOf(note, witness.verifier()), SignatureState::Verified);
    note.signatures[0].keyHash = plain.verifier().keyHash();
    QCOMPARE(stateOf(note, plain.verifier()), SignatureState::Wrong);
}

void TestNote::theSpecificationsNotes()
{
    const NoteVerifier known[] = {verifier(specKey)};
    const auto opened = openNote(specNote, known);
    QVERIFY(opened);
    QCOMPARE(opened->note.text, QByteArray("This is an example message.\n"));
    QCOMPARE(opened->note.toBytes(), QByteArray(specNote));
    QCOMPARE(opened->signedBy, QVector<qsizetype>{0});

    // An empty line within the text: the last one divides.
    const auto poem = Note::parse(poemNote);
    QVERIFY(poem);
    QVERIFY(poem->text.endsWith("\n\ned è subito sera.\n"));
    QCOMPARE(poem->signatures.size(), 1);
    QCOMPARE(poem->signatures[0].name, u"quasimodo.example/salvatore"_s);
    QCOMPARE(poem->signatures[0].keyHash, 0x367ba04bu);
    QCOMPARE(poem->signatures[0].signature.size(), 64);
    QCOMPARE(poem->toBytes(), QByteArray(poemNote));
    QCOMPARE(openNote(poemNote, known).error().code, Error::Code::Unauthorized);
}

void TestNote::signsAsOthersDo()
{
    // TestSign of x/mod.
    const auto signer = NoteSigner::parse(QString::fromLatin1(peterSecret));
    const Note note{goText, {signNote(*signer, goText)}};
    QCOMPARE(note.toBytes(), QByteArray(goText) + '\n' + peterLine);
}

// TestOpen of x/mod.
void TestNote::manyVerifiers()
{
    const QByteArray both = QByteArray(goText) + '\n' + peterLine + enochLine;
    const NoteVerifier peter = verifier(peterKey), enoch = verifier(enochKey);
    {
        const NoteVerifier known[] = {peter};
        const auto opened = openNote(both, known);
        QVERIFY(opened);
        QCOMPARE(opened->note.text, QByteArray(goText));
        QCOMPARE(opened->signedBy, QVector<qsizetype>{0});
        QCOMPARE(opened->note.signatures.size(), 2);
    }
    {
        const NoteVerifier known[] = {enoch, peter};
        QCOMPARE(openNote(both, known)->signedBy, (QVector<qsizetype>{0, 1}));
    }
    QCOMPARE(openNote(both, {}).error().code, Error::Code::Unauthorized);
    // A known name with an unknown hash, and the reverse, are unknown keys: ignored.
    const NoteVerifier known[] = {peter};
    QByteArray renamed = QByteArray(peterLine).replace("PeterNeumann", "CarmenSandiego");
    QCOMPARE(openNote(QByteArray(goText) + '\n' + renamed, known).error().code, Error::Code::Unauthorized);
    QVERIFY(openNote(QByteArray(goText) + '\n' + renamed + peterLine, known));
    const QByteArray rehashed = QByteArray(peterLine).replace("x08g", "xxxx");
    QCOMPARE(openNote(QByteArray(goText) + '\n' + rehashed, known).error().code, Error::Code::Unauthorized);
    QVERIFY(openNote(QByteArray(goText) + '\n' + rehashed + peterLine, known));
    // The same signature twice.
    QCOMPARE(openNote(QByteArray(goText) + '\n' + peterLine + peterLine + enochLine, known)->signedBy, QVector<qsizetype>{0});
}

void TestNote::wrongSignatureOfAKnownKeyRefusesTheNote()
{
    const NoteVerifier known[] = {verifier(peterKey), verifier(enochKey)};
    QByteArray wrong = peterLine;
    wrong.insert(60, "ABCD");
    for (const QByteArray &note : {QByteArray(goText) + '\n' + wrong, QByteArray(goText) + '\n' + wrong + enochLine,
                                   QByteArray(goText) + '\n' + peterLine + wrong, QByteArray("another text\n\n") + peterLine + enochLine}) {
        const auto opened = openNote(note, known);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, Error::Code::Unauthorized);
    }
    // Every bit of a signature counts.
    const Note note = *Note::parse(QByteArray(goText) + '\n' + peterLine);
    for (int bit = 0; bit < 64 * 8; ++bit) {
        Note changed = note;
        changed.signatures[0].signature[bit / 8] ^= char(1 << bit % 8);
        QCOMPARE(stateOf(changed, known[0]), SignatureState::Wrong);
    }
}

void TestNote::malformedNotes_data()
{
    QTest::addColumn<QByteArray>("note");
    const QByteArray text(goText), line(peterLine);
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text only") << text;
    QTest::newRow("no signatures") << text + '\n';
    QTest::newRow("last line without newline") << text + '\n' + line.chopped(1);
    QTest::newRow("control character") << '\x01' + text + '\n' + line;
    QTest::newRow("carriage returns") << QByteArray(text + '\n' + line).replace('\n', "\r\n");
    QTest::newRow("tab") << "\t" + text + '\n' + line;
    QTest::newRow("NUL") << QByteArray("a\0b\n\n", 5) + line;
    QTest::newRow("not UTF-8") << '\xff' + text + '\n' + line;
    QTest::newRow("overlong UTF-8") << "\xc0\xaf" + text + '\n' + line;
    QTest::newRow("surrogate") << "\xed\xa0\x80" + text + '\n' + line;
    QTest::newRow("name with a space") << text + '\n' + QByteArray(line).replace("PeterNeumann", "Bad Name");
    QTest::newRow("name with a no-break space") << text + '\n' + QByteArray(line).replace("PeterNeumann", "Bad\xc2\xa0Name");
    QTest::newRow("name with a plus") << text + '\n' + QByteArray(line).replace("PeterNeumann", "Bad+Name");
    QTest::newRow("no name") << text + '\n' + QByteArray(line).replace("PeterNeumann ", " ");
    QTest::newRow("a line behind") << text + '\n' + line + "Unexpected line.\n";
    QTest::newRow("a hyphen for the dash") << text + '\n' + QByteArray(line).replace("—", "-");
    QTest::newRow("two spaces") << text + '\n' + QByteArray(line).replace("— ", "—  ");
    QTest::newRow("space behind") << text + '\n' + line.chopped(1) + " \n";
    QTest::newRow("no padding") << text + '\n' + QByteArray(line).replace("=", "");
    QTest::newRow("padding doubled") << text + '\n' + QByteArray(line).replace("=", "==");
    QTest::newRow("url-safe base64") << text + '\n' + QByteArray(line).replace("/", "_");
    QTest::newRow("stray bits") << text + '\n' + QByteArray(line).replace("nAM=", "nAN=");
    QTest::newRow("only a hash") << text + '\n' + QByteArray("— PeterNeumann x08gow==\n");
    QTest::newRow("nothing signed") << text + '\n' + QByteArray("— PeterNeumann \n");
    QTest::newRow("no blank line") << text + line;
}

void TestNote::malformedNotes()
{
    QFETCH(QByteArray, note);
    QVERIFY(!Note::parse(note));
    const NoteVerifier known[] = {verifier(peterKey)};
    QCOMPARE(openNote(note, known).error().code, Error::Code::Invalid);
}

void TestNote::limits()
{
    const QByteArray head = QByteArray(goText) + '\n';
    QCOMPARE(Note::parse(head + QByteArray(peterLine).repeated(16))->signatures.size(), 16);
    QVERIFY(Note::parse(head + QByteArray(peterLine).repeated(Note::maximumSignatures)));
    QVERIFY(!Note::parse(head + QByteArray(peterLine).repeated(Note::maximumSignatures + 1)));
    const QByteArray tail = QByteArray("\n\n") + peterLine;
    QVERIFY(Note::parse(QByteArray(Note::maximumBytes - tail.size(), 'x') + tail));
    QVERIFY(!Note::parse(QByteArray(Note::maximumBytes - tail.size() + 1, 'x') + tail));
    // A post-quantum signature of an unknown key fits.
    QVERIFY(Note::parse(head + "— pq.example " + QByteArray(5000, 'x').toBase64() + '\n'));
}

void TestNote::cosignatures()
{
    // The specification's example: its framing, and its time.
    const Note note = *Note::parse(sofaNote);
    QCOMPARE(note.text, sofaText());
    QCOMPARE(note.signatures.size(), 2);
    QCOMPARE(note.signatures[1].name, u"witness.example.com/w1"_s);
    QCOMPARE(note.signatures[1].keyHash, 0x8d66cf3fu);
    QCOMPARE(cosignedAt(note.signatures[1]), Instant(std::chrono::seconds(1679315147)));
    QVERIFY(!cosignedAt(note.signatures[0]));
    QCOMPARE(note.toBytes(), QByteArray(sofaNote));

    const NoteVerifier witness = verifier(rfcWitnessKey, NoteAlgorithm::Cosignature);
    const auto signature = NoteSignature::fromLine(rfcWitnessLine);
    QVERIFY(signature);
    QVERIFY(isSignatureOf(witness, sofaText(), *signature));
    const auto signer = NoteSigner::parse(QString::fromLatin1(rfcWitnessSecret), NoteAlgorithm::Cosignature);
    QVERIFY(signer);
    QCOMPARE(signer->text(), QString::fromLatin1(rfcWitnessSecret));
    QCOMPARE(cosign(*signer, sofaText(), Instant(std::chrono::milliseconds(1679315147999))).line(), QByteArray(rfcWitnessLine));
    // Every byte counts: the time, the text, the signature.
    for (qsizetype i = 0; i < signature->signature.size(); ++i) {
        NoteSignature changed = *signature;
        changed.signature[i] = char(changed.signature[i] ^ 1);
        QVERIFY(!isSignatureOf(witness, sofaText(), changed));
    }
    QVERIFY(!isSignatureOf(witness, sofaText() + "extension\n", *signature));
    NoteSignature late = *signature;
    late.signature.replace(0, 8, QByteArray("\x80\0\0\0\0\0\0\0", 8)); // beyond 2^63 − 1
    QVERIFY(!cosignedAt(late));
    QVERIFY(!isSignatureOf(witness, sofaText(), late));
    QVERIFY(!NoteSignature::fromLine(QByteArray(rfcWitnessLine).chopped(1)));
    QVERIFY(!NoteSignature::fromLine(QByteArray(rfcWitnessLine) + rfcWitnessLine));
}

void TestNote::aPublicLogsCheckpoint()
{
    const NoteVerifier witnesses[] = {verifier(remoraKey, NoteAlgorithm::Cosignature), verifier(rfcWitnessKey, NoteAlgorithm::Cosignature)};
    const auto opened = openCheckpoint(archeNote, verifier(archeKey), witnesses);
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().message));
    QCOMPARE(opened->checkpoint.origin, u"arche2025h1.staging.ct.transparency.dev"_s);
    QCOMPARE(opened->head().size, 1432088532);
    QCOMPARE(toBase64(opened->head().root), QByteArray("U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro="));
    QCOMPARE(opened->cosigned.size(), 1);
    QCOMPARE(opened->cosigned[0].witness, u"remora.n621.de"_s);
    QCOMPARE(opened->cosigned[0].at, Instant(std::chrono::seconds(0x6a122120)));
    const QByteArray smaller = QByteArray(archeNote).replace("1432088532", "42");
    QCOMPARE(examineCheckpoint(smaller, verifier(archeKey)).fault, CheckpointFault::BadSignature);
    QByteArray wrongWitness(archeNote);
    wrongWitness.replace("2net5wAAAABqEiEg", "2net5wAAAABqEiEh");
    QVERIFY(openCheckpoint(wrongWitness, verifier(archeKey)));
    QVERIFY(!openCheckpoint(wrongWitness, verifier(archeKey), witnesses));
}

void TestNote::checkpointTexts()
{
    const auto checkpoint = Checkpoint::fromText(sofaText());
    QVERIFY(checkpoint);
    QCOMPARE(checkpoint->origin, u"example.com/behind-the-sofa"_s);
    QCOMPARE(checkpoint->head.size, 20852163);
    QVERIFY(checkpoint->extensions.isEmpty());
    QCOMPARE(checkpoint->text(), sofaText());
    const auto extended = Checkpoint::fromText(sofaText() + "one\ntwo è\n");
    QVERIFY(extended);
    QCOMPARE(extended->extensions, (QByteArrayList{"one", "two è"}));
    QCOMPARE(extended->text(), sofaText() + "one\ntwo è\n");
    const auto empty = Checkpoint::fromText("o\n0\n" + toBase64(emptyRoot()) + '\n');
    QVERIFY(empty);
    QCOMPARE(empty->head, TreeHead{});
    QVERIFY(Checkpoint::fromText("o\n9007199254740991\n" + toBase64(emptyRoot()) + '\n'));
}

void TestNote::malformedCheckpoints_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray root = toBase64(leafHash("x"));
    QTest::newRow("two lines") << QByteArray("o\n1\n");
    QTest::newRow("no newline") << "o\n1\n" + root;
    QTest::newRow("no origin") << "\n1\n" + root + '\n';
    QTest::newRow("leading zero") << "o\n01\n" + root + '\n';
    QTest::newRow("plus") << "o\n+1\n" + root + '\n';
    QTest::newRow("minus") << "o\n-1\n" + root + '\n';
    QTest::newRow("space") << "o\n 1\n" + root + '\n';
    QTest::newRow("hex") << "o\n0x1\n" + root + '\n';
    QTest::newRow("no size") << "o\n\n" + root + '\n';
    QTest::newRow("2^53") << "o\n9007199254740992\n" + root + '\n';
    QTest::newRow("2^64") << "o\n18446744073709551616\n" + root + '\n';
    QTest::newRow("short root") << QByteArray("o\n1\nAAAA\n");
    QTest::newRow("no padding") << "o\n1\n" + root.chopped(1) + '\n';
    QTest::newRow("hex root") << "o\n1\n" + toBytes(leafHash("x")).toHex() + '\n';
    QTest::newRow("empty tree with a root") << "o\n0\n" + root + '\n';
    QTest::newRow("empty extension") << "o\n1\n" + root + "\n\nx\n";
    QTest::newRow("empty last extension") << "o\n1\n" + root + "\n\n";
    QTest::newRow("not UTF-8") << "\xff\n1\n" + root + '\n';
    QTest::newRow("endless origin") << QByteArray(5000, 'o') + "\n1\n" + root + '\n';
}

void TestNote::malformedCheckpoints()
{
    QFETCH(QByteArray, text);
    QVERIFY(!Checkpoint::fromText(text));
}

void TestNote::faults()
{
    const auto key = crypto::PrivateKey::generate(crypto::KeyKind::Ed25519), thief = crypto::PrivateKey::generate(crypto::KeyKind::Ed25519);
    const NoteSigner log = *NoteSigner::make(u"log.example"_s, key), swapped = *NoteSigner::make(u"log.example"_s, thief),
                     stranger = *NoteSigner::make(u"else.example"_s, thief);
    const Checkpoint checkpoint{u"log.example"_s, {3, leafHash("x")}, {}};
    const auto faultOf = [&](const QByteArray &note) { return examineCheckpoint(note, log.verifier()).fault; };
    QCOMPARE(faultOf(signCheckpoint(checkpoint, log)), CheckpointFault::None);
    QCOMPARE(faultOf(signCheckpoint(checkpoint, swapped)), CheckpointFault::KeySwapped);
    QCOMPARE(faultOf(signCheckpoint(checkpoint, stranger)), CheckpointFault::BadSignature);
    const Checkpoint other{u"else.example"_s, {3, leafHash("x")}, {}};
    QCOMPARE(faultOf(signCheckpoint(other, stranger)), CheckpointFault::OtherOrigin);
    QCOMPARE(faultOf(signCheckpoint(other, log)), CheckpointFault::OtherOrigin);
    QCOMPARE(faultOf(signCheckpoint(checkpoint, log).replace("\n3\n", "\n4\n")), CheckpointFault::BadSignature);
    QCOMPARE(faultOf("<html>"), CheckpointFault::Garbage);
    QCOMPARE(faultOf(Note{"not a checkpoint\n", {signNote(log, "not a checkpoint\n")}}.toBytes()), CheckpointFault::Garbage);
    // Beside the right one another key may sign in the same name (rotation): it is unknown, and ignored.
    QCOMPARE(faultOf(signCheckpoint(checkpoint, log, {signNote(swapped, checkpoint.text())})), CheckpointFault::None);
    QCOMPARE(openCheckpoint("<html>", log.verifier()).error().code, Error::Code::Invalid);
    QCOMPARE(openCheckpoint(signCheckpoint(checkpoint, swapped), log.verifier()).error().code, Error::Code::Unauthorized);
    const ExaminedCheckpoint examined = examineCheckpoint(signCheckpoint(checkpoint, swapped), log.verifier());
    QVERIFY(!examined.opened);
    QCOMPARE(examined.claimed->head.size, 3);
    QVERIFY(!examined.words.isEmpty());
}

void TestNote::roundTrip()
{
    const NoteSigner log = *NoteSigner::make(u"parapet.local/0123456789ab"_s, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519));
    const NoteSigner witness = *NoteSigner::make(u"console/amara"_s, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519), NoteAlgorithm::Cosignature);
    const Checkpoint checkpoint{log.name, {70000, leafHash("root")}, {}};
    const Instant at(std::chrono::seconds(1'700'000'000));
    const QByteArray note = signCheckpoint(checkpoint, log, {cosign(witness, checkpoint.text(), at)});
    const NoteVerifier witnesses[] = {witness.verifier()};
    const auto opened = openCheckpoint(note, log.verifier(), witnesses);
    QVERIFY(opened);
    QCOMPARE(opened->note, note);
    QCOMPARE(opened->head(), checkpoint.head);
    QCOMPARE(opened->cosigned.size(), 1);
    QCOMPARE(opened->cosigned[0].at, at);
    // One who does not know the witness reads the same.
    QVERIFY(openCheckpoint(note, log.verifier())->cosigned.isEmpty());
}

QTEST_GUILESS_MAIN(TestNote)
#include "tst_note.moc"
