// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verify/bundles.h"

#include "app/verify/eventcheck.h"
#include "models/transparency/proofbundle.h"
#include "models/transparency/conflictbundle.h"

#include <QtCore/QCoreApplication>

namespace parapet::verify {

using namespace Qt::StringLiterals;
using namespace transparency;
using evidence::Finding;

namespace {

struct BundleText {
    Q_DECLARE_TR_FUNCTIONS(Verify)
};

/// The key to check with, and the finding that says whose it is.
struct ChosenKey {
    std::optional<crypto::NoteVerifier> key;
    Finding trust;
};

ChosenKey chooseKey(const QString &named, const std::optional<crypto::NoteVerifier> &given)
{
    ChosenKey chosen{given, {u"trust"_s, Finding::State::NotChecked, BundleText::tr("The log's key is the one that you trust."), {}}};
    if (!given) {
        if (const Result<crypto::NoteVerifier> key = crypto::NoteVerifier::parse(named)) {
            chosen.key = *key;
            chosen.trust.why.append(BundleText::tr("No key was given: it was checked with the key that the file names. Give yours with --key."));
        } else {
            chosen.trust.why.append(BundleText::tr("No key was given, and the file names none that can be read."));
        }
        return chosen;
    }
    if (named == given->text()) {
        chosen.trust.state = Finding::State::Holds;
    } else {
        chosen.trust.state = Finding::State::Fails;
        chosen.trust.why.append(BundleText::tr("The file names another key: %1").arg(Untrusted(named).inert(500)));
    }
    return chosen;
}

void stateCheckpoint(Checked &checked, const Checkpoint &checkpoint)
{
    const QString root = QString::fromLatin1(toBase64(checkpoint.head.root));
    checked.state(BundleText::tr("Log"), u"origin"_s, checkpoint.origin);
    checked.state(BundleText::tr("Events"), u"size"_s, checkpoint.head.size);
    checked.state(BundleText::tr("Root"), u"root"_s, root);
}

/// That each row is in the tree, and that an event names the place in which it is.
void checkRows(const ProofBundle &bundle, const TreeHead &head, Finding &rows, Finding &events)
{
    rows.state = events.state = Finding::State::Holds;
    for (const ProofBundle::Row &row : bundle.rows) {
        if (const Status in = verifyInclusion(row.index, head.size, leafHash(row.leaf), row.path, head.root); !in) {
            rows.state = Finding::State::Fails;
            rows.why.append(BundleText::tr("Event %1 is not in the log that the checkpoint signs.").arg(row.index));
        }
        if (const EventRead read = readEvent(row.leaf, row.index); !read.wrong.isEmpty()) {
            events.state = Finding::State::Fails;
            events.why.append(read.wrong);
        }
    }
}

/// What a conflict bundle that holds has shown, for a person.
QString shownBy(const ConflictBundle &bundle, ConflictBundle::Weight weight)
{
    QString what;
    switch (bundle.verdict) {
    case transparency::Verdict::Forked:
        what = BundleText::tr("The log was forked: it signed two histories that contradict each other.");
        break;
    case transparency::Verdict::RolledBack:
        what = BundleText::tr("The log was rolled back: it signed a shorter history after a longer one.");
        break;
    case transparency::Verdict::Unproven:
        what = BundleText::tr("The log was altered: the hashes that it served are not those that it signed, or it withheld them.");
        break;
    case transparency::Verdict::Altered:
        what = BundleText::tr("The log was altered: the event %1 that it served is not the one that it signed.")
                   .arg(bundle.altered ? bundle.altered->index : -1);
        break;
    case transparency::Verdict::KeySwapped:
        what = BundleText::tr("The log's key was swapped: its checkpoint is signed in its name by another key.");
        break;
    case transparency::Verdict::BadSignature:
        what = BundleText::tr("The checkpoint that was served is not signed by the log.");
        break;
    case transparency::Verdict::Garbage:
        what = BundleText::tr("What was served is no checkpoint of the log.");
        break;
    case transparency::Verdict::First:
    case transparency::Verdict::Consistent:
    case transparency::Verdict::SameSize:
        break;
    }
    return what + u' '
        + (weight == ConflictBundle::Weight::ProvenByTheLog
               ? BundleText::tr("The log's own signatures prove it.")
               : BundleText::tr("That it was served like this, and when, only the observer says."));
}

} // namespace

DocumentKind kindOf(QByteArrayView bytes)
{
    // In canonical JSON a quotation mark within a text is escaped, so that these are members; the first member says it too when the
    // end of the file is missing.
    if (bytes.startsWith('{')) {
        if (bytes.startsWith("{\"checkpoint\":\"") || bytes.indexOf("\"type\":\"https://parapet.dev/proof-bundle\"") >= 0)
            return DocumentKind::ProofBundle;
        if (bytes.startsWith("{\"altered\":{") || bytes.startsWith("{\"fetched\":[")
            || bytes.indexOf("\"type\":\"https://parapet.dev/conflict-bundle\"") >= 0)
            return DocumentKind::ConflictBundle;
        return DocumentKind::Certificate;
    }
    if (bytes.size() <= Note::maximumBytes && bytes.indexOf("\n\n\xE2\x80\x94 ") > 0)
        return DocumentKind::Checkpoint;
    return DocumentKind::Certificate;
}

Result<Checked> checkProofBundle(QByteArrayView bytes, const std::optional<crypto::NoteVerifier> &given)
{
    const Result<ProofBundle> bundle = ProofBundle::fromBytes(bytes);
    if (!bundle)
        return fail(bundle.error());
    Checked checked{u"proofBundle"_s};
    checked.state(BundleText::tr("Filter"), u"query"_s, bundle->query);
    checked.state(BundleText::tr("Rows"), u"rows"_s, bundle->rows.size());

    ChosenKey chosen = chooseKey(bundle->log, given);
    Finding signature{u"signature"_s, Finding::State::NotChecked, BundleText::tr("The checkpoint is signed by the log."), {}};
    Finding rows{u"rows"_s, Finding::State::NotChecked, BundleText::tr("Each event is in the log that the checkpoint signs."), {}};
    Finding events{u"events"_s, Finding::State::NotChecked, BundleText::tr("Each event is in its form, and names its place."), {}};
    const Finding all{u"completeness"_s, Finding::State::NotChecked, BundleText::tr("These are all events that match the filter."),
                      {BundleText::tr("A proof bundle cannot show that.")}};
    std::optional<Checkpoint> checkpoint;
    if (chosen.key) {
        ExaminedCheckpoint examined = examineCheckpoint(bundle->checkpoint, *chosen.key);
        signature.state = examined.opened ? Finding::State::Holds : Finding::State::Fails;
        if (!examined.opened)
            signature.why.append(examined.words);
        checkpoint = std::move(examined.claimed);
    } else {
        const Result<Note> note = Note::parse(bundle->checkpoint);
        const Result<Checkpoint> claimed = note ? Checkpoint::fromText(note->text) : Result<Checkpoint>(fail(note.error()));
        if (claimed)
            checkpoint = *claimed;
        else
            signature = {signature.id, Finding::State::Fails, signature.text, {claimed.error().message}};
    }
    if (checkpoint) {
        stateCheckpoint(checked, *checkpoint);
        checkRows(*bundle, checkpoint->head, rows, events);
    }
    checked.report.findings = {signature, chosen.trust, rows, events, all};
    return checked;
}

Result<Checked> checkConflictBundle(QByteArrayView bytes, const std::optional<crypto::NoteVerifier> &given)
{
    const Result<ConflictBundle> bundle = ConflictBundle::fromBytes(bytes);
    if (!bundle)
        return fail(bundle.error());
    Checked checked{u"conflictBundle"_s};
    ChosenKey chosen = chooseKey(bundle->log, given);
    checked.state(BundleText::tr("States"), u"verdict"_s, nameOf(bundle->verdict));
    checked.state(BundleText::tr("Seen"), u"seenAt"_s, toRfc3339(bundle->seenAt));
    if (isKnown(bundle->keptAt))
        checked.state(BundleText::tr("Kept before"), u"keptAt"_s, toRfc3339(bundle->keptAt));
    checked.state(BundleText::tr("Words"), u"words"_s, bundle->words);

    Finding conflict{u"conflict"_s, Finding::State::NotChecked, BundleText::tr("The bundle shows what it states."), {}};
    Finding byTheLog{u"provenByTheLog"_s, Finding::State::NotChecked, BundleText::tr("The log's own signatures prove it."), {}};
    if (chosen.key) {
        const Result<ConflictBundle::Weight> weight = bundle->verify(*chosen.key);
        conflict.state = weight ? Finding::State::Holds : Finding::State::Fails;
        if (!weight) {
            conflict.why.append(weight.error().message);
            if (!weight.error().detail.isEmpty())
                conflict.why.append(weight.error().detail);
        } else {
            const bool proven = *weight == ConflictBundle::Weight::ProvenByTheLog;
            checked.states.insert(u"weight"_s, proven ? u"provenByTheLog"_s : u"statedByTheObserver"_s);
            checked.conclusion = shownBy(*bundle, *weight);
            if (proven)
                byTheLog.state = Finding::State::Holds;
            else
                byTheLog.why.append(BundleText::tr("It can have been like this, but only the observer says that it was served, or in which order."));
        }
    }
    if (!chosen.key) {
        conflict.state = Finding::State::Fails;
        conflict.why.append(BundleText::tr("It cannot be checked without the log's key: give it with --key."));
    }
    checked.report.findings = {conflict, byTheLog, chosen.trust};
    return checked;
}

Result<Checked> checkCheckpoint(QByteArrayView bytes, const crypto::NoteVerifier &key)
{
    const ExaminedCheckpoint examined = examineCheckpoint(bytes, key);
    if (!examined.claimed)
        return fail(Error::Code::Invalid, examined.words);
    Checked checked{u"checkpoint"_s};
    stateCheckpoint(checked, *examined.claimed);
    Finding signature{u"signature"_s, Finding::State::Holds, BundleText::tr("The checkpoint is signed by the log."), {}};
    if (!examined.opened) {
        signature.state = Finding::State::Fails;
        signature.why.append(examined.words);
    }
    checked.report.findings = {signature,
                               {u"tree"_s, Finding::State::NotChecked, BundleText::tr("The log's events have the root that it signs."),
                                {BundleText::tr("A checkpoint alone cannot show that: give the published log with --log.")}}};
    return checked;
}

} // namespace parapet::verify
