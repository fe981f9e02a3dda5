// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console.h"

#include "app/console/pages.h"
#include "app/console/passphrasedialog.h"
#include "models/response/actions.h"
#include "ui/kit/notifications.h"
#include "ui/kit/text/format.h"
#include "ui/operation/runwords.h"
#include "ui/pages/workspaces/workspaceprovider.h"
#include "ui/shell/healthmark.h"
#include "ui/shell/statusline.h"

#include "models/crypto/digest.h"
#include "models/crypto/random.h"
#include "ui/kit/overlay.h"

#include <QtCore/QDir>
#include <QtCore/QFile>

namespace parapet::console {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto logAgeStep = 10s; ///< in which the checkpoint's age is told while it is young, then minutes

/// A folder that only this person can read.
void makePrivate(const QString &folder)
{
    QDir().mkpath(folder);
    QFile::setPermissions(folder, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
}

} // namespace

Console::Console(QSettings &settings, kit::Theme &theme, const QString &dataFolder, fleet::SecretStore &secrets,
                 std::unique_ptr<fleet::LocalPlane> local, const Clock &clock, QObject *parent)
    : QObject(parent), m_settings(settings), m_theme(theme), m_clock(clock), m_dataFolder(dataFolder), m_secrets(secrets), m_profiles(settings),
      m_switchboard(m_profiles, secrets, std::move(local), clock), m_context(settings, m_commands, clock), m_log(dataFolder, clock), m_witness(dataFolder, secrets, m_log, clock),
      m_notes(dataFolder, clock), m_certifier(clock)
{
    makePrivate(dataFolder);
    m_context.setLog(&m_log);
    m_context.setNotes(&m_notes);
    const PageParts parts{m_context, m_switchboard, m_theme, m_dataFolder};
    m_window = std::make_unique<shell::MainWindow>(pages(parts), m_commands, settings);
    m_window->statusLine()->setClock(&clock);
    auto *workspaces = new pages::WorkspaceProvider(m_context, this);
    m_window->addPaletteProvider(workspaces);
    addCommands();
    m_commands.setContext(commandContext());
    connect(&m_switchboard, &fleet::Switchboard::closing, this, &Console::dropRunner);
    connect(&m_switchboard, &fleet::Switchboard::connectionChanged, this, &Console::followConnection);
    connect(&m_switchboard, &fleet::Switchboard::localFailed, this, [this](const Error &why) {
        m_window->notifications()->post({Severity::High, tr("The local plane does not run"), why.message, tr("Show"),
                                         [this] { m_window->goTo({u"connections"_s, {}}); }});
        // Whoever looks at rows keeps them, marked as old; only a start that showed nothing yet leads to where it can be mended.
        if (!m_switchboard.connection())
            m_window->goTo({u"connections"_s, {}});
    });
    connect(&m_context, &shell::ConsoleContext::rightsChanged, this, [this] { m_commands.setContext(commandContext()); });
    connect(&m_context, &shell::ConsoleContext::planProposed, this, &Console::propose);
    connect(&m_context, &shell::ConsoleContext::operationRequested, this, &Console::showOperation);
    connect(&m_context, &shell::ConsoleContext::pastOperationRequested, this, &Console::showPastOperation);
    connect(&m_context, &shell::ConsoleContext::locationRequested, m_window.get(), [this](const shell::Location &place) { m_window->goTo(place); });
    connect(m_window.get(), &shell::MainWindow::aboutToClose, this, &Console::askBeforeClosing);
    m_logTimer.setSingleShot(true);
    connect(&m_logTimer, &QTimer::timeout, this, &Console::showLog);
    connect(&m_log, &fleet::LogFollower::changed, this, &Console::showLog);
    connect(&m_log, &fleet::LogFollower::conflictFound, this, &Console::tellConflict);
    connect(m_window->statusLine()->logHead(), &shell::StatusItem::activated, this, [this] { m_window->goTo({u"audit"_s, {}}); });
    connect(&m_profiles, &fleet::ProfileStore::profilesChanged, this, &Console::followWitnesses);
    connect(&m_witness, &fleet::LogWitness::changed, this, [this] {
        if (fleet::Connection *connection = m_switchboard.connection())
            connection->setRemark(m_witness.sentence());
    });
    showHealth();
    showLog();
}

Console::~Console()
{
    m_switchboard.close();
    dropRunner();
    m_window.reset();
}

Status Console::start(const Arguments &arguments)
{
    shell::Location place;
    if (!arguments.page.isEmpty()) {
        const Result<shell::Location> parsed = shell::Location::parse(arguments.page);
        if (!parsed)
            return fail(parsed.error());
        place = *parsed;
    }
    QString profile = arguments.profile;
    if (!profile.isEmpty() && !m_profiles.find(profile)) {
        return fail(Error::Code::NotFound, tr("There is no connection named %1. Start parapet without arguments and add it.").arg(profile));
    }
    if (profile.isEmpty() && !arguments.local)
        profile = m_profiles.preferred();
    const bool known = !profile.isEmpty() && m_profiles.find(profile);
    if (place.isEmpty())
        place.page = arguments.local || known ? u"overview"_s : u"connections"_s;
    // First the connection, whose keys are read beside this thread, then what it is shown in.
    const bool local = arguments.local || (known && m_profiles.find(profile)->isLocal());
    if (known && !local) {
        if (const Status opened = m_switchboard.open(profile); !opened)
            return opened;
    }
    m_window->goTo(place);
    m_window->show();
    if (local)
        m_switchboard.openLocal();
    return {};
}

void Console::followConnection()
{
    fleet::Connection *connection = m_switchboard.connection();
    if (!connection)
        m_log.forget(); // what it knew is kept on disk; nothing of it is shown for another system
    m_context.setConnection(connection);
    m_notes.setSystem(connection ? connection->profile().caSha256 : QString()); // after the pages have saved what was typed
    m_window->setConnectionName(connection ? Untrusted(connection->profile().name).inert(40) : tr("not connected"));
    if (connection) {
        connect(connection, &fleet::Connection::ready, this, &Console::makeRunner);
        connect(connection, &fleet::Connection::aboutToClose, this, &Console::dropRunner);
        connect(connection, &fleet::Connection::stateChanged, this, &Console::showHealth);
        connect(connection, &fleet::Connection::healthChanged, this, &Console::showHealth);
        connect(connection, &fleet::Connection::selfChanged, this, &Console::showSelf);
        connect(connection, &fleet::Connection::passphraseNeeded, this, &Console::askPassphrase);
        connect(connection, &fleet::Connection::passphraseTaken, this, [this](const QString &identityPath) {
            if (PassphraseDialog *dialog = passphraseDialog(identityPath))
                dialog->accept();
        });
        connect(connection, &fleet::Connection::passphraseNotKept, this, [this](const Error &why) {
            m_window->notifications()->post({Severity::Medium, tr("The passphrase was not kept"), why.message, {}, {}});
        });
        connect(connection, &fleet::Connection::stopped, this, [this](const Error &why) {
            if (why.code == Error::Code::Cancelled) {
                m_window->goTo({u"connections"_s, {}}); // it was the person's own wish: the page says what it means
                return;
            }
            m_window->notifications()->post({Severity::Critical, tr("The connection stopped"), why.message, tr("Show"), [this] {
                                                 m_window->goTo({u"connections"_s, {}});
                                             }});
        });
    }
    showHealth();
}

void Console::makeRunner()
{
    fleet::Connection *connection = m_switchboard.connection();
    const System system = connection->system();
    if (m_runner || !system.control)
        return;
    m_actions = response::actionsFor(system);
    operation::Environment environment;
    // Runs belong to one system and one operator: a journal is never taken up against another plane, nor signed by another person.
    const fleet::Profile &profile = connection->profile();
    const QByteArray owner = crypto::sha256Hex((profile.caSha256 + u'\n' + profile.identityPath).toUtf8()).toLatin1().left(16);
    environment.folder = m_dataFolder + u"/operations/"_s + QString::fromLatin1(owner);
    environment.actions = m_actions.get();
    environment.observers = system.observers;
    environment.certifier = &m_certifier;
    environment.starter = [connection = QPointer<fleet::Connection>(connection)]() -> operation::Operator {
        if (!connection || !connection->self())
            return {};
        return {connection->self()->value().id, connection->self()->value().name};
    };
    environment.clock = &m_clock;
    m_runner = std::make_unique<operation::Runner>(environment);
    if (connection->watch())
        m_runner->listen(connection->watch());
    connect(m_runner.get(), &operation::Runner::operationAdded, this, &Console::followOperation);
    followLog();
    m_context.setRunner(m_runner.get());
    loadSigner({});
    showSelf();
    deliver(m_runner.get(), m_runner->unfinished(), [this](const Result<QVector<operation::UnfinishedRun>> &runs) {
        if (!runs || runs->isEmpty())
            return;
        m_window->notifications()->post({Severity::High, tr("%Ln operation(s) did not end", nullptr, int(runs->size())),
                                         tr("This console ended before they did. They go on where they stood when you open them."), tr("Show"),
                                         [this] { m_window->goTo({u"operations"_s, {}}); }});
    });
}

void Console::dropRunner()
{
    m_witness.clearSystem();
    m_log.clearSystem();
    if (!m_runner)
        return;
    delete m_sheet;
    m_context.setRunner(nullptr);
    m_runner.reset();
    m_actions.reset();
    m_certifier.clearOperator();
    crypto::wipe(m_passphrase);
}

void Console::loadSigner(const QByteArray &kept)
{
    const fleet::Connection *connection = m_switchboard.connection();
    if (!connection || !connection->self())
        return;
    // What was typed for the connection waits here until the control plane has said who we are.
    const QByteArray passphrase = kept.isEmpty() ? m_passphrase : kept;
    Result<crypto::Identity> identity = crypto::Identity::load(connection->profile().identityPath, passphrase);
    if (identity) {
        m_certifier.setOperator(connection->self()->value(), std::move(*identity));
        crypto::wipe(m_passphrase);
        return;
    }
    // A key under a passphrase that the keychain keeps: the same entry that the connection uses.
    if (kept.isEmpty()) {
        deliver(this, m_secrets.read(u"identity:"_s + connection->profile().identityPath), [this](const Result<QByteArray> &kept) {
            if (kept && !kept->isEmpty())
                loadSigner(*kept);
        });
    }
}

void Console::showSelf()
{
    const fleet::Connection *connection = m_switchboard.connection();
    m_window->statusLine()->setSessionEnds(connection ? connection->acceptedUntil() : Instant{});
    if (connection && connection->self()) {
        const Principal &self = connection->self()->value();
        m_window->setUser(self.name.inert(40), self.team);
        if (m_certifier.keyName().isEmpty())
            loadSigner({});
    } else {
        m_window->setUser({}, {});
    }
}

void Console::showHealth()
{
    const fleet::Connection *connection = m_switchboard.connection();
    shell::StatusLine *line = m_window->statusLine();
    for (const fleet::PortName port : {fleet::PortName::Control, fleet::PortName::Agent, fleet::PortName::Audit}) {
        shell::StatusItem *item = line->connection(fleet::nameOf(port));
        if (!connection) {
            item->set(StateMark::Stopped, fleet::titleOf(port), tr("not connected"));
            continue;
        }
        const fleet::Health &health = connection->health(port);
        const qint32 median = health.medianLatency();
        QString text = fleet::titleOf(port);
        if (health.state() == fleet::HealthState::Failing)
            text += u' ' + tr("silent since %1").arg(kit::localTime(health.failingSince()));
        else if (median >= 0)
            text += u' ' + tr("%1 ms").arg(median);
        const bool bad = health.state() == fleet::HealthState::Failing || health.state() == fleet::HealthState::Untrusted;
        item->set(shell::markOf(health.state()), text, bad ? health.lastError().message : fleet::titleOf(health.state()), bad ? kit::Role::Medium : kit::Role::Text2);
    }
    m_commands.setContext(commandContext());
}

shell::CommandContext Console::commandContext() const
{
    shell::CommandContext context;
    const fleet::Connection *connection = m_switchboard.connection();
    if (!connection || !connection->system().control)
        context.online = shell::Availability::no(tr("No connection is open."));
    else if (connection->state() == fleet::HealthState::Failing || connection->state() == fleet::HealthState::Untrusted)
        context.online = shell::Availability::no(connection->summary());
    context.may = [this](const QString &right) { return m_context.may(right); };
    return context;
}

PassphraseDialog *Console::passphraseDialog(const QString &identityPath) const
{
    const QList<PassphraseDialog *> open = m_window->findChildren<PassphraseDialog *>();
    const auto found = std::find_if(open.begin(), open.end(), [&](const PassphraseDialog *dialog) {
        return dialog->isPresented() && dialog->identityPath() == identityPath;
    });
    return found == open.end() ? nullptr : *found;
}

void Console::askPassphrase(const QString &identityPath, const QString &why)
{
    if (PassphraseDialog *open = passphraseDialog(identityPath)) {
        crypto::wipe(m_passphrase);
        open->refuse(why);
        return;
    }
    auto *dialog = new PassphraseDialog(identityPath, m_window.get());
    if (!why.isEmpty())
        dialog->refuse(why); // what the keychain kept
    connect(dialog, &PassphraseDialog::given, this, [this, identityPath](const QByteArray &passphrase, bool remember) {
        if (fleet::Connection *connection = m_switchboard.connection()) {
            if (identityPath == connection->profile().identityPath) {
                crypto::wipe(m_passphrase);
                m_passphrase = QByteArray(passphrase.constData(), passphrase.size());
            }
            connection->setPassphrase(identityPath, passphrase, remember);
            loadSigner({});
        }
    });
    connect(dialog, &PassphraseDialog::cancelled, this, [this, identityPath] {
        crypto::wipe(m_passphrase);
        if (fleet::Connection *connection = m_switchboard.connection())
            connection->withholdPassphrase(identityPath);
    });
    // It asks for a connection: with that it goes.
    if (fleet::Connection *connection = m_switchboard.connection()) {
        connect(connection, &fleet::Connection::stopped, dialog, &PassphraseDialog::accept);
        connect(connection, &QObject::destroyed, dialog, &PassphraseDialog::accept);
    }
}

ui::OperationSheet *Console::openSheet()
{
    delete m_sheet;
    m_sheet = new ui::OperationSheet(*m_runner, m_clock, m_window.get());
    connect(m_sheet, &kit::Overlay::dismissed, m_sheet, &QObject::deleteLater);
    return m_sheet;
}

void Console::propose(const QString &title, const shell::ConsoleContext::Planner &planner)
{
    if (m_runner)
        openSheet()->propose(title, planner(m_context.system()));
}

void Console::showOperation(const OperationId &id)
{
    if (operation::Operation *operation = m_runner ? m_runner->find(id) : nullptr)
        openSheet()->showOperation(operation);
}

void Console::showPastOperation(const QString &journal)
{
    if (!m_runner)
        return;
    deliver(m_runner.get(), m_runner->open(journal), [this](const Result<operation::Operation *> &opened) {
        if (!opened) {
            m_window->notifications()->post({Severity::High, tr("The operation cannot be opened"), opened.error().message, {}, {}});
            return;
        }
        ui::OperationSheet *sheet = openSheet();
        sheet->showOperation(*opened);
        // Queued: the parts of the sheet that look at it go first.
        connect(sheet, &QObject::destroyed, m_runner.get(), [runner = m_runner.get(), operation = QPointer(*opened)] {
            if (operation)
                runner->close(operation);
        }, Qt::QueuedConnection);
    });
}

void Console::followOperation(operation::Operation *operation)
{
    connect(operation, &operation::Operation::stateChanged, this, [this, operation](operation::RunState state) {
        const bool seen = m_sheet && m_sheet->operation() == operation;
        if (seen || (state != operation::RunState::Finished && state != operation::RunState::Stopped))
            return;
        const bool finished = state == operation::RunState::Finished;
        m_window->notifications()->post({finished ? Severity::Info : Severity::Critical, operation->plan().title,
                                         ui::runWords(*operation).sentence, tr("Show"),
                                         [this, id = operation->id()] { showOperation(id); }});
    });
}

void Console::askBeforeClosing(bool *veto)
{
    const QVector<operation::Operation *> all = m_runner ? m_runner->operations() : QVector<operation::Operation *>();
    const auto underWay = std::count_if(all.begin(), all.end(), [](const operation::Operation *operation) { return !operation->isOver(); });
    if (underWay == 0 || m_closing)
        return;
    *veto = true;
    kit::ConfirmOverlay::Ask ask;
    ask.title = tr("Close while an operation is under way?");
    ask.text = tr("It stops where it stands (not over: %1). Its journal is kept: when this console opens the connection again, it goes on from there once you open it on the Operations page.").arg(underWay);
    ask.action = tr("Close");
    ask.danger = true;
    auto *overlay = new kit::ConfirmOverlay(m_window.get(), ask);
    connect(overlay, &kit::ConfirmOverlay::accepted, this, [this] {
        m_closing = true;
        m_window->close();
    });
    connect(overlay, &kit::Overlay::dismissed, overlay, &QObject::deleteLater);
    overlay->present();
}

void Console::followLog()
{
    const fleet::Connection *connection = m_switchboard.connection();
    const fleet::Profile &profile = connection->profile();
    m_log.setSystem(connection->system().audit, connection->watch(), profile.caSha256, profile.logKey);
    followWitnesses();
}

void Console::followWitnesses()
{
    const fleet::Connection *connection = m_switchboard.connection();
    if (!connection || !connection->system().audit)
        return;
    // As it stands now: witnesses can be added while the connection is open.
    const fleet::Profile profile = m_profiles.find(connection->profile().name).value_or(connection->profile());
    m_log.setWitnesses(fleet::parseWitnessKeys(profile.witnessKeys).value_or(QVector<crypto::NoteVerifier>()), {profile.witnessLeast, profile.witnessHours});
    const QString own = profile.cosigns ? profile.ownWitness : QString();
    if (own != m_witness.ownKey())
        m_witness.setSystem(connection->system().audit, profile.caSha256, own);
    else
        m_witness.retry();
}

void Console::showLog()
{
    shell::StatusItem *item = m_window->statusLine()->logHead();
    const Instant now = m_clock.now();
    const auto &checkpoint = m_log.checkpoint();
    const QString size = checkpoint ? kit::numberText(checkpoint->size()) : QString();
    const QString details = tr("Signed by %1. Activate for the Audit page.").arg(Untrusted(m_log.keyName()).inert(80));
    m_logTimer.stop();
    switch (m_log.state()) {
    case fleet::LogState::Verified:
        item->set(Proof::Verified, tr("Checkpoint %1 verified %2").arg(size, kit::agoText(checkpoint->at, now)), details);
        // Only while it can be seen: an age that nobody reads needs no timer.
        if (m_window->isVisible())
            m_logTimer.start(now - checkpoint->at < 1min ? Milliseconds(logAgeStep) : Milliseconds(1min));
        break;
    case fleet::LogState::Refused: {
        const fleet::LogConflict &conflict = *m_log.conflict();
        const QString good = checkpoint ? u"  "_s + tr("last good %1 at %2").arg(size, kit::localTime(checkpoint->at)) : QString();
        item->set(Proof::Broken, tr("Log does not verify since %1").arg(kit::localTime(conflict.seen)) + good, conflict.title + u'\n' + conflict.what, kit::Role::Critical);
        break;
    }
    case fleet::LogState::Stale:
        item->set(Proof::Unchecked, tr("Checkpoint %1 not verified since %2").arg(size, kit::localTime(m_log.since())), m_log.reason(), kit::Role::Medium);
        break;
    case fleet::LogState::Waiting:
        item->set(Proof::Pending, m_log.reason().isEmpty() ? tr("Checkpoint is being verified") : tr("Log not verified"), m_log.reason().isEmpty() ? details : m_log.reason(),
                  m_log.reason().isEmpty() ? kit::Role::Text2 : kit::Role::Medium);
        break;
    case fleet::LogState::Off:
        item->set(Proof::Unchecked, tr("Log not followed"), m_log.reason());
        break;
    }
}

void Console::tellConflict(const fleet::LogConflict &conflict)
{
    // The same words each time, so that what goes on is counted in one message; the Audit page has what, where and since when.
    const QString evidence = conflict.bundlePath.isEmpty() ? conflict.bundleError : tr("The evidence is saved on this machine.");
    m_window->notifications()->post({Severity::Critical, conflict.title, evidence, tr("Show"), [this, leaf = conflict.leaf] {
                                         m_window->goTo(shell::Location{u"audit"_s, {}}.with(u"key"_s, leaf >= 0 ? QString::number(leaf) : QString()));
                                     }});
}

void Console::addCommands()
{
    shell::Command local;
    local.id = u"console.start-local"_s;
    local.text = tr("Start the local plane");
    local.icon = kit::Icon::Play;
    local.condition = [this] {
        return m_switchboard.local() ? shell::Availability::yes() : shell::Availability::no(tr("parapet-plane is not installed beside this program."));
    };
    local.run = [this] { m_switchboard.openLocal(); };
    shell::Command disconnect;
    disconnect.id = u"console.disconnect"_s;
    disconnect.text = tr("Disconnect");
    disconnect.icon = kit::Icon::Close;
    disconnect.condition = [this] {
        return m_switchboard.connection() ? shell::Availability::yes() : shell::Availability::no(tr("No connection is open."));
    };
    disconnect.run = [this] { m_switchboard.close(); };
    m_commands.addGlobal(this, {local, disconnect});
}

} // namespace parapet::console
