// SPDX-License-Identifier: GPL-3.0-or-later
// A key under a passphrase: it is asked for, a wrong one is said, cancelling leaves the connection closed with a sentence, and what
// the keychain did not take is told.
#include "app/console/console.h"
#include "app/console/passphrasedialog.h"

#include "tests/support/scriptedplane.h"
#include "tests/ui/pages/desk.h"
#include "ui/kit/notifications.h"
#include "ui/kit/text/label.h"

#include <QtWidgets/QCheckBox>
#include <QtWidgets/QLineEdit>

using namespace parapet;
using namespace parapet::console;
using namespace parapet::support;
using namespace Qt::StringLiterals;

namespace {

/// A keychain that can be read and that takes nothing.
class FullStore final : public fleet::SecretStore
{
public:
    Reply<QByteArray> read(const QString &) override { return ready<QByteArray>(fail(Error::Code::NotFound, u"It holds none."_s)); }
    Reply<void> write(const QString &, const QByteArray &) override
    {
        ++writes;
        return ready<void>(fail(Error::Code::Storage, u"The keychain cannot be used here. Type the passphrase each time."_s));
    }
    Reply<void> remove(const QString &) override { return ready<void>({}); }
    int writes = 0;
};

/// The console on a scripted plane, with an operator's key under a passphrase.
struct LockedProgram {
    explicit LockedProgram(fleet::SecretStore &secrets, const QByteArray &passphrase = "open sesame")
        : console(settings.store(), testTheme(), folder.filePath(u"data"_s), secrets, nullptr)
    {
        profile = plane.profile();
        profile.name = u"prod"_s;
        profile.localData.clear();
        profile.proberIdentityPath.clear();
        profile.identityPath = plane.factory.clientFile(u"locked"_s, passphrase);
        if (!console.switchboard().profiles().save(profile))
            qFatal("the profile cannot be saved");
        Arguments arguments;
        arguments.profile = profile.name;
        if (!console.start(arguments))
            qFatal("the console does not start");
        console.window().activateWindow();
    }
    PassphraseDialog *dialog() { return visibleChild<PassphraseDialog>(&console.window()); }
    QLineEdit *field() { return dialog()->findChild<QLineEdit *>(); }
    const fleet::Connection *connection() { return console.switchboard().connection(); }
    void type(const QString &passphrase)
    {
        QTest::keyClicks(field(), passphrase);
        QTest::keyClick(field(), Qt::Key_Return);
    }
    QString problem()
    {
        for (const kit::PlainLabel *label : dialog()->findChildren<kit::PlainLabel *>()) {
            if (label->isVisible() && label->fullText().contains(u"does not open"_s))
                return label->fullText();
        }
        return {};
    }

    QTemporaryDir folder;
    TemporarySettings settings;
    ScriptedPlane plane;
    fleet::Profile profile;
    Console console;
};

} // namespace

class TestPassphrase : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aWrongOneIsSaid();
    void cancellingLeavesItClosed_data();
    void cancellingLeavesItClosed();
    void whatIsNotKeptIsTold();
    void aRightOneIsKept();
    void aKeptOneThatIsWrongIsSaid();
    void theDialogKeepsNothing();
};

void TestPassphrase::aWrongOneIsSaid()
{
    fleet::MemorySecretStore secrets;
    LockedProgram program(secrets);
    QVERIFY(waitUntil([&] { return program.dialog() != nullptr; }));
    const QPointer<PassphraseDialog> dialog = program.dialog();
    QVERIFY(QTest::qWaitForWindowActive(&program.console.window()));
    QVERIFY(program.problem().isEmpty());
    program.type(u"open barley"_s);
    QVERIFY(waitUntil([&] { return !program.problem().isEmpty(); }));
    // In the same dialog, with the field ready for the next try, and empty.
    QCOMPARE(program.dialog(), dialog.data());
    QCOMPARE(QApplication::focusWidget(), program.field());
    QVERIFY(program.field()->text().isEmpty() && !program.field()->isReadOnly());
    QVERIFY(program.field()->accessibleDescription().contains(u"does not open"_s));
    QCOMPARE(program.plane.server.connections(), 0);
    program.type(u"open sesame"_s);
    QVERIFY(waitUntil([&] { return dialog.isNull(); }));
    QVERIFY(waitUntil([&] { return program.connection()->self().has_value(); }));
    QVERIFY(!program.connection()->stopReason());
    QCOMPARE(await(secrets.read(u"identity:"_s + program.profile.identityPath)).error().code, Error::Code::NotFound); // nobody asked to keep it
}

void TestPassphrase::cancellingLeavesItClosed_data()
{
    QTest::addColumn<bool>("byKey");
    QTest::newRow("the button") << false;
    QTest::newRow("Esc") << true;
}

void TestPassphrase::cancellingLeavesItClosed()
{
    QFETCH(bool, byKey);
    fleet::MemorySecretStore secrets;
    LockedProgram program(secrets);
    QVERIFY(waitUntil([&] { return program.dialog() != nullptr; }));
    if (byKey)
        QTest::keyClick(program.field(), Qt::Key_Escape);
    else
        buttonIn(program.dialog(), u"Cancel"_s)->click();
    QVERIFY(waitUntil([&] { return program.dialog() == nullptr; }));
    QCOMPARE(program.connection()->state(), fleet::HealthState::Closed);
    QVERIFY(program.connection()->stopReason());
    QVERIFY2(program.connection()->summary().contains(u"stayed locked"_s), qPrintable(program.connection()->summary()));
    QVERIFY(!program.connection()->system().control);
    QCOMPARE(program.console.window().location().page, u"connections"_s);
    const auto *banner = visibleChild<kit::Banner>(program.console.window().currentPage());
    QVERIFY(banner && banner->text().contains(u"stayed locked"_s));
    QCOMPARE(program.plane.server.connections(), 0);
    // It is asked for again when the connection is opened again.
    buttonIn(program.console.window().currentPage(), u"Try again"_s)->click();
    QVERIFY(waitUntil([&] { return program.dialog() != nullptr; }));
    program.type(u"open sesame"_s);
    QVERIFY(waitUntil([&] { return program.connection() && program.connection()->self().has_value(); }));
}

void TestPassphrase::whatIsNotKeptIsTold()
{
    FullStore secrets;
    LockedProgram program(secrets);
    QVERIFY(waitUntil([&] { return program.dialog() != nullptr; }));
    program.dialog()->findChild<QCheckBox *>()->setChecked(true);
    program.type(u"open sesame"_s);
    QVERIFY(waitUntil([&] { return program.connection()->self().has_value(); }));
    QVERIFY(waitUntil([&] { return program.console.window().notifications()->count() > 0; }));
    QCOMPARE(secrets.writes, 1);
    QString told;
    for (const kit::PlainLabel *label : program.console.window().notifications()->findChildren<kit::PlainLabel *>())
        told += label->fullText() + u'\n';
    QVERIFY2(told.contains(u"was not kept"_s) && told.contains(u"Type the passphrase each time"_s), qPrintable(told));
}

void TestPassphrase::aRightOneIsKept()
{
    fleet::MemorySecretStore secrets;
    LockedProgram program(secrets);
    QVERIFY(waitUntil([&] { return program.dialog() != nullptr; }));
    program.dialog()->findChild<QCheckBox *>()->setChecked(true);
    program.type(u"wrong"_s);
    QVERIFY(waitUntil([&] { return !program.problem().isEmpty(); }));
    QVERIFY(!await(secrets.read(u"identity:"_s + program.profile.identityPath))); // a wrong one never
    program.type(u"open sesame"_s);
    QVERIFY(waitUntil([&] { return program.connection()->self().has_value(); }));
    const auto kept = await(secrets.read(u"identity:"_s + program.profile.identityPath));
    QVERIFY2(kept, why(kept));
    QCOMPARE(*kept, QByteArray("open sesame"));
    QCOMPARE(program.console.window().notifications()->count(), 0);
}

void TestPassphrase::aKeptOneThatIsWrongIsSaid()
{
    fleet::MemorySecretStore secrets;
    FullStore none;
    LockedProgram program(none); // asks; the file's path is known now
    const QString key = u"identity:"_s + program.profile.identityPath;
    secrets.write(key, "of another key");
    TemporarySettings settings;
    QTemporaryDir folder;
    Console console(settings.store(), testTheme(), folder.filePath(u"data"_s), secrets, nullptr);
    QVERIFY(console.switchboard().profiles().save(program.profile));
    Arguments arguments;
    arguments.profile = program.profile.name;
    QVERIFY(console.start(arguments));
    const auto says = [&console] {
        const auto *dialog = visibleChild<PassphraseDialog>(&console.window());
        const QList<kit::PlainLabel *> labels = dialog ? dialog->findChildren<kit::PlainLabel *>() : QList<kit::PlainLabel *>();
        return std::any_of(labels.begin(), labels.end(), [](const kit::PlainLabel *label) { return label->isVisible() && label->fullText().contains(u"does not open"_s); });
    };
    QVERIFY(waitUntil(says));
    QVERIFY(waitUntil([&] { return !await(secrets.read(key)); })); // it is of no use
}

void TestPassphrase::theDialogKeepsNothing()
{
    QWidget window;
    window.resize(800, 600);
    window.show();
    const QPointer<PassphraseDialog> dialog = new PassphraseDialog(u"/keys/\u202Ekey.pem"_s, &window);
    auto *field = dialog->findChild<QLineEdit *>();
    QCOMPARE(field->echoMode(), QLineEdit::Password);
    int given = 0;
    connect(dialog, &PassphraseDialog::given, dialog, [&](const QByteArray &passphrase, bool remember) {
        QCOMPARE(passphrase, QByteArray("open sesame"));
        QVERIFY(!remember && passphrase.isDetached()); // nobody shares it: wiping it wipes it
        ++given;
    });
    QTest::keyClicks(field, u"open sesame"_s);
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(given, 1);
    QVERIFY(field->text().isEmpty());
    QVERIFY(!field->isUndoAvailable());
    QVERIFY(field->isReadOnly()); // until the answer
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(given, 1);
    dialog->refuse(u"No."_s);
    QVERIFY(!field->isReadOnly());
    QSignalSpy cancelled(dialog, &PassphraseDialog::cancelled);
    dialog->accept();
    QVERIFY(waitUntil([&] { return dialog.isNull(); }));
    QCOMPARE(cancelled.size(), 0);
}

QTEST_MAIN(TestPassphrase)
#include "tst_passphrase.moc"
