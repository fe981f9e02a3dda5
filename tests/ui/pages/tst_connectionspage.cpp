// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/connections/connectionspage.h"

#include "models/fleet/fingerprinttext.h"
#include "models/fleet/logwitness.h"
#include "tests/support/certificatefactory.h"
#include "tests/ui/pages/desk.h"
#include "ui/kit/overlay.h"
#include "ui/kit/text/label.h"
#include "ui/pages/connections/profileform.h"
#include "ui/pages/connections/profilerow.h"
#include "ui/pages/connections/witnesssheet.h"

#include <QtGui/QClipboard>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPlainTextEdit>

using namespace parapet;
using namespace parapet::pages;
using namespace parapet::support;
using namespace Qt::StringLiterals;

namespace {

struct Connections : Desk {
    Connections() : profiles(settings.store()), switchboard(profiles, secrets, nullptr, system.world.clock), shown(commands, switchboard), page(*shown.page) {}

    QLineEdit *line(const QString &name) const
    {
        for (QLineEdit *edit : page.form()->findChildren<QLineEdit *>()) {
            if (edit->accessibleName() == name)
                return edit;
        }
        return nullptr;
    }
    QCheckBox *compared() const { return page.form()->findChild<QCheckBox *>(); }
    kit::Button *save() const { return static_cast<kit::Button *>(buttonIn(page.form(), u"Save and connect"_s)); }
    QString formText() const
    {
        QStringList texts;
        for (const kit::PlainLabel *label : page.form()->findChildren<kit::PlainLabel *>())
            texts << label->fullText();
        return texts.join(u'\n');
    }
    void fill(const QString &name = u"prod-eu"_s)
    {
        line(u"Name"_s)->setText(name);
        line(u"Control plane"_s)->setText(u"https://127.0.0.1:1"_s);
        line(u"Audit store"_s)->setText(u"https://127.0.0.1:2"_s);
        line(u"Runtime agents"_s)->setText(u"https://127.0.0.1:3"_s);
        line(u"Authority (CA)"_s)->setText(certificates.caPath());
        line(u"Your identity"_s)->setText(certificates.clientFile(u"operator"_s));
    }
    fleet::Profile profile(const QString &name) const
    {
        return {name, QUrl(u"https://127.0.0.1:1"_s), QUrl(u"https://127.0.0.1:2"_s), QUrl(u"https://127.0.0.1:3"_s), certificates.caPath(),
                certificates.caSha256(), {}, certificates.clientFile(u"operator"_s), {}, {}};
    }
    QList<ProfileRow *> rows() const
    {
        QList<ProfileRow *> rows = page.findChildren<ProfileRow *>();
        rows.removeIf([](const ProfileRow *row) { return row->isHidden(); });
        return rows;
    }

    CertificateFactory certificates;
    fleet::MemorySecretStore secrets;
    fleet::ProfileStore profiles;
    fleet::Switchboard switchboard;
    PageWindow<ConnectionsPage> shown;
    ConnectionsPage &page;
};

} // namespace

class TestConnectionsPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void witnessesArePinned();
    void thisConsoleBecomesAWitness();
    void nothingIsSavedBeforeTheFingerprintIsConfirmed();
    void anotherAuthorityTakesTheConfirmationBack();
    void whatCannotBeIsSaid_data();
    void whatCannotBeIsSaid();
    void aChangedPinIsNotReplaced();
    void profilesAreForgottenAfterAQuestion();
    void aRowMayGoWhileItIsClicked();
    void theAbsentLocalPlaneSaysWhy();
};

void TestConnectionsPage::witnessesArePinned()
{
    Connections desk;
    fleet::Profile profile = desk.profile(u"prod-eu"_s);
    profile.logKey = crypto::NoteSigner::make(u"log.example"_s, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519))->verifier().text();
    QVERIFY(desk.profiles.save(desk.profile(u"unpinned"_s)));
    QVERIFY(desk.profiles.save(profile));
    // Without the log's key there is nothing that a witness could confirm.
    QTRY_VERIFY(buttonIn(&desk.page, u"Witnesses of unpinned"_s));
    auto *none = static_cast<kit::Button *>(buttonIn(&desk.page, u"Witnesses of unpinned"_s));
    QVERIFY(none && !none->isEnabled() && !none->reason().isEmpty());
    QTest::mouseClick(buttonIn(&desk.page, u"Witnesses of prod-eu"_s), Qt::LeftButton);
    auto *sheet = visibleChild<WitnessSheet>(&desk.shown.window);
    QVERIFY(sheet);
    const QString key = fleet::newWitnessKey().verifier().text();
    sheet->keys()->setPlainText(key + u'\n' + profile.logKey);
    QVERIFY(!sheet->saveButton()->isEnabled());
    QVERIFY2(sheet->problem().contains(u"line 2"_s) && sheet->problem().contains(u"log's key"_s), qPrintable(sheet->problem()));
    sheet->keys()->setPlainText(key);
    QVERIFY2(sheet->problem().startsWith(u"1 witness"_s), qPrintable(sheet->problem()));
    QVERIFY(sheet->saveButton()->isEnabled());
    desk.shown.window.grab().save(QStringLiteral(PARAPET_BINARY_DIR "/pages/connections-witnesses.png"));
    QTest::mouseClick(sheet->saveButton(), Qt::LeftButton);
    QCOMPARE(desk.profiles.find(u"prod-eu"_s)->witnessKeys, key);
    QTRY_VERIFY(!visibleChild<WitnessSheet>(&desk.shown.window));
    // They are there when it is opened again, and in a new connection's form.
    QTRY_VERIFY(buttonIn(&desk.page, u"Witnesses of prod-eu"_s)); // the row was made anew
    QTest::mouseClick(buttonIn(&desk.page, u"Witnesses of prod-eu"_s), Qt::LeftButton);
    QCOMPARE(visibleChild<WitnessSheet>(&desk.shown.window)->keys()->toPlainText(), key);
}

void TestConnectionsPage::thisConsoleBecomesAWitness()
{
    Connections desk;
    fleet::Profile profile = desk.profile(u"prod-eu"_s);
    profile.logKey = crypto::NoteSigner::make(u"log.example"_s, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519))->verifier().text();
    QVERIFY(desk.profiles.save(profile));
    QTRY_VERIFY(buttonIn(&desk.page, u"Witnesses of prod-eu"_s));
    QTest::mouseClick(buttonIn(&desk.page, u"Witnesses of prod-eu"_s), Qt::LeftButton);
    auto *sheet = visibleChild<WitnessSheet>(&desk.shown.window);
    QVERIFY(!sheet->cosigning()->isChecked());
    QVERIFY(!buttonIn(sheet, u"Copy verifier key"_s));
    sheet->cosigning()->click();
    QTRY_VERIFY(desk.profiles.find(u"prod-eu"_s)->cosigns);
    QTRY_VERIFY(buttonIn(sheet, u"Copy verifier key"_s));
    QCOMPARE(sheet->ownKey(), desk.profiles.find(u"prod-eu"_s)->ownWitness);
    QTest::mouseClick(buttonIn(sheet, u"Copy verifier key"_s), Qt::LeftButton);
    QVERIFY(crypto::NoteVerifier::parse(QGuiApplication::clipboard()->text(), crypto::NoteAlgorithm::Cosignature));
    // What is typed meanwhile is not lost by the switch, nor the switch by saving.
    sheet->keys()->setPlainText(sheet->ownKey());
    QTRY_VERIFY(sheet->cosigning()->isEnabled());
    sheet->cosigning()->click();
    QTRY_VERIFY(!desk.profiles.find(u"prod-eu"_s)->cosigns);
    QTRY_VERIFY(sheet->cosigning()->isEnabled());
    QCOMPARE(sheet->keys()->toPlainText(), sheet->ownKey());
    QTest::mouseClick(sheet->saveButton(), Qt::LeftButton);
    QVERIFY(!desk.profiles.find(u"prod-eu"_s)->cosigns);
    QCOMPARE(desk.profiles.find(u"prod-eu"_s)->witnessKeys, desk.profiles.find(u"prod-eu"_s)->ownWitness);
}

void TestConnectionsPage::nothingIsSavedBeforeTheFingerprintIsConfirmed()
{
    Connections desk;
    QVERIFY(!desk.save()->isEnabled());
    desk.fill();
    QVERIFY2(desk.formText().contains(fleet::FingerprintText(desk.certificates.caSha256()).text()), qPrintable(desk.formText()));
    QVERIFY(!desk.save()->isEnabled());
    QVERIFY(desk.save()->reason().contains(u"fingerprint"_s));
    QTest::mouseClick(desk.save(), Qt::LeftButton);
    QTest::keyClick(desk.line(u"Name"_s), Qt::Key_Return);
    QVERIFY(desk.profiles.profiles().isEmpty());
    desk.compared()->click();
    QVERIFY(desk.save()->isEnabled());
    QTest::mouseClick(desk.save(), Qt::LeftButton);
    QCOMPARE(desk.profiles.profiles().size(), 1);
    const fleet::Profile saved = desk.profiles.profiles().first();
    QCOMPARE(saved.caSha256, desk.certificates.caSha256());
    QCOMPARE(desk.profiles.preferred(), u"prod-eu"_s);
    QVERIFY(desk.switchboard.connection());
    QCOMPARE(desk.switchboard.connection()->profile().name, u"prod-eu"_s);
    QVERIFY(desk.line(u"Name"_s)->text().isEmpty());
    QTRY_COMPARE(desk.rows().size(), 1);
}

void TestConnectionsPage::anotherAuthorityTakesTheConfirmationBack()
{
    Connections desk;
    const CertificateFactory other(u"Another authority"_s);
    desk.fill();
    desk.compared()->click();
    QVERIFY(desk.save()->isEnabled());
    desk.line(u"Authority (CA)"_s)->setText(other.caPath());
    QVERIFY(!desk.compared()->isChecked());
    QVERIFY(!desk.save()->isEnabled());
    QVERIFY(desk.formText().contains(fleet::FingerprintText(other.caSha256()).text()));
}

void TestConnectionsPage::whatCannotBeIsSaid_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    QTest::newRow("no name") << u"Name"_s << u"  "_s << u"name"_s;
    QTest::newRow("plain http") << u"Control plane"_s << u"http://127.0.0.1:1"_s << u"https"_s;
    QTest::newRow("password in the address") << u"Audit store"_s << u"https://me:secret@127.0.0.1:2"_s << u"password"_s;
    QTest::newRow("no authority file") << u"Authority (CA)"_s << u"/no/such/file.pem"_s << u"cannot be read"_s;
    QTest::newRow("a folder") << u"Authority (CA)"_s << QDir::tempPath() << u"This file"_s;
    QTest::newRow("bad log key") << u"Log key"_s << u"nonsense"_s << u"verifier key"_s;
}

void TestConnectionsPage::whatCannotBeIsSaid()
{
    QFETCH(QString, line);
    QFETCH(QString, text);
    QFETCH(QString, says);
    Connections desk;
    desk.fill();
    desk.compared()->click();
    QVERIFY(desk.save()->isEnabled());
    desk.line(line)->setText(text);
    QVERIFY(!desk.save()->isEnabled());
    QVERIFY(!desk.save()->reason().isEmpty());
    QVERIFY2(desk.formText().contains(says), qPrintable(desk.formText()));
    QTest::mouseClick(desk.save(), Qt::LeftButton);
    QVERIFY(desk.profiles.profiles().isEmpty());
}

void TestConnectionsPage::aChangedPinIsNotReplaced()
{
    Connections desk;
    fleet::Profile pinned = desk.profile(u"prod-eu"_s);
    pinned.caSha256 = QString(64, u'a');
    QVERIFY(desk.profiles.save(pinned));
    desk.fill(u"prod-eu"_s);
    desk.compared()->click();
    QTest::mouseClick(desk.save(), Qt::LeftButton);
    QCOMPARE(desk.profiles.find(u"prod-eu"_s)->caSha256, QString(64, u'a'));
    QVERIFY(!desk.switchboard.connection());
    QVERIFY(!desk.line(u"Name"_s)->text().isEmpty()); // nothing typed is lost
}

void TestConnectionsPage::profilesAreForgottenAfterAQuestion()
{
    Connections desk;
    QVERIFY(desk.profiles.save(desk.profile(u"prod-eu"_s)));
    QTRY_COMPARE(desk.rows().size(), 1);
    const auto ask = [&] {
        QTest::mouseClick(buttonIn(desk.rows().first(), u"Forget prod-eu"_s), Qt::LeftButton);
        return visibleChild<kit::Overlay>(&desk.shown.window);
    };
    kit::Overlay *question = ask();
    QVERIFY(question);
    QTest::keyClick(question, Qt::Key_Escape);
    QCOMPARE(desk.profiles.profiles().size(), 1);
    QTRY_VERIFY(!visibleChild<kit::Overlay>(&desk.shown.window));
    question = ask();
    QTest::mouseClick(buttonIn(question, u"Forget"_s), Qt::LeftButton);
    QVERIFY(desk.profiles.profiles().isEmpty());
    QVERIFY(desk.rows().isEmpty());
}

void TestConnectionsPage::aRowMayGoWhileItIsClicked()
{
    Connections desk;
    QVERIFY(desk.profiles.save(desk.profile(u"prod-eu"_s)));
    QTRY_COMPARE(desk.rows().size(), 1);
    // Opening the local plane saves its profile while the row that was clicked still handles the click.
    QObject::connect(&desk.switchboard, &fleet::Switchboard::connectionChanged, &desk.page, [&] {
        if (desk.switchboard.connection())
            QVERIFY(desk.profiles.save(desk.profile(u"another"_s)));
    });
    QAbstractButton *open = buttonIn(desk.rows().first(), u"Open prod-eu"_s);
    QVERIFY(open);
    QTest::mouseClick(open, Qt::LeftButton);
    QTRY_COMPARE(desk.rows().size(), 2);
    QVERIFY(desk.switchboard.connection());
    QAbstractButton *close = nullptr;
    QTRY_VERIFY((close = buttonIn(&desk.page, u"Disconnect prod-eu"_s)));
    QTest::mouseClick(close, Qt::LeftButton);
    QVERIFY(!desk.switchboard.connection());
}

void TestConnectionsPage::theAbsentLocalPlaneSaysWhy()
{
    Connections desk;
    auto *start = static_cast<kit::Button *>(buttonIn(&desk.page, u"Start the local plane"_s));
    QVERIFY(start && !start->isEnabled());
    QVERIFY(!start->reason().isEmpty());
}

QTEST_MAIN(TestConnectionsPage)
#include "tst_connectionspage.moc"
