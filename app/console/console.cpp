// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console.h"

#include "app/console/pages.h"
#include "app/console/passphrasedialog.h"
#include "models/response/actions.h"
#include "ui/kit/notifications.h"
#include "ui/kit/text/format.h"
#include "ui/pages/workspaces/workspaceprovider.h"
#include "ui/shell/statusline.h"

#include "models/crypto/digest.h"
#include "ui/kit/overlay.h"

#include <QtCore/QDir>
#include <QtCore/QFile>

namespace parapet::console {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto logPause = 10s; ///< the least time between two looks at the size of the log

StateMark markOfHealth(fleet::HealthState state)
{
    switch (state) {
    case fleet::HealthState::Healthy: return StateMark::Observed;
    case fleet::HealthState::Slow: return StateMark::Isolated;
    case fleet::HealthState::Connecting: return StateMark::Starting;
    case fleet::HealthState::Failing: return StateMark::Stale;
    case fleet::HealthState::Untrusted: return StateMark::Survives;
    case fleet::HealthState::Closed: break;
    }
    return StateMark::Stopped;
}

void wipe(QByteArray &secret)
{
    secret.fill('\0');
    secret.clear();
}

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
      m_switchboard(m_profiles, secrets, std::move(local), clock), m_context(settings, m_commands, clock), m_certifier(clock)
{
    makePrivate(dataFolder);
    const PageParts parts{m_context, m_switchboard, m_theme, m_dataFolder};
    m_window = std::make_unique<shell::MainWindow>(pages(parts), m_commands, settings);
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
    connect(&m_context, &shell::ConsoleContext::planProposed, this, &Console::propose);
    connect(&m_context, &shell::ConsoleContext::operationRequested, this, &Console::showOperation);
    connect(&m_context, &shell::ConsoleContext::locationRequested, m_window.get(), [this](const shell::Location &place) { m_window->goTo(place); });
    connect(m_window.get(), &shell::MainWindow::aboutToClose, this, &Console::askBeforeClosing);
    m_logTimer.setSingleShot(true);
    connect(&m_logTimer, &QTimer::timeout, this, &Console::askLogHead);
    showHealth();
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
    m_window->goTo(place);
    m_window->show();
    if (arguments.local || (known && m_profiles.find(profile)->isLocal())) {
        m_switchboard.openLocal();
        return {};
    }
    return known ? m_switchboard.open(profile) : Status();
}

void Console::followConnection()
{
    fleet::Connection *connection = m_switchboard.connection();
    m_context.setConnection(connection);
    m_window->setConnectionName(connection ? Untrusted(connection->profile().name).inert(40) : tr("not connected"));
    if (connection) {
        connect(connection, &fleet::Connection::ready, this, &Console::makeRunner);
        connect(connection, &fleet::Connection::aboutToClose, this, &Console::dropRunner);
        connect(connection, &fleet::Connection::stateChanged, this, &Console::showHealth);
        connect(connection, &fleet::Connection::healthChanged, this, &Console::showHealth);
        connect(connection, &fleet::Connection::selfChanged, this, &Console::showSelf);
        connect(connection, &fleet::Connection::passphraseNeeded, this, &Console::askPassphrase);
        connect(connection, &fleet::Connection::stopped, this, [this](const Error &why) {
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
        m_window->notifications()->post({Severity::High, tr("%1 operations did not end").arg(runs->size()),
                                         tr("This console ended before they did. They go on where they stood when you open them."), tr("Show"),
                                         [this] { m_window->goTo({u"operations"_s, {}}); }});
    });
}

void Console::dropRunner()
{
    if (!m_runner)
        return;
    delete m_sheet;
    m_context.setRunner(nullptr);
    m_runner.reset();
    m_actions.reset();
    m_certifier.clearOperator();
    wipe(m_passphrase);
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
        wipe(m_passphrase);
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
        item->set(markOfHealth(health.state()), text, bad ? health.lastError().message : fleet::titleOf(health.state()), bad ? kit::Role::Medium : kit::Role::Text2);
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
    return context;
}

void Console::askPassphrase(const QString &identityPath)
{
    auto *dialog = new PassphraseDialog(identityPath, m_window.get());
    connect(dialog, &PassphraseDialog::given, this, [this, identityPath](const QByteArray &passphrase, bool remember) {
        if (fleet::Connection *connection = m_switchboard.connection()) {
            connection->setPassphrase(identityPath, passphrase, remember);
            if (identityPath == connection->profile().identityPath) {
                m_passphrase = passphrase;
                m_passphrase.detach();
                loadSigner({});
            }
        }
    });
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

void Console::followOperation(operation::Operation *operation)
{
    connect(operation, &operation::Operation::stateChanged, this, [this, operation](operation::RunState state) {
        const bool seen = m_sheet && m_sheet->operation() == operation;
        if (seen || (state != operation::RunState::Finished && state != operation::RunState::Stopped))
            return;
        const bool finished = state == operation::RunState::Finished;
        m_window->notifications()->post({finished ? Severity::Info : Severity::Critical, operation->plan().title,
                                         finished ? tr("Everything was observed.") : tr("A step failed and waits for you."), tr("Show"),
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
    fleet::Connection *connection = m_switchboard.connection();
    if (!connection->watch())
        return;
    connect(connection->watch(), &Watch::changed, this, [this](const QVector<ChangeEvent> &changes) {
        // Reads are events too; to follow those would be to ask for ever.
        const auto tells = [](const ChangeEvent &change) {
            return change.kind == "event"_L1 && !isReadAction(change.object.value("action"_L1).toString());
        };
        if (!m_logTimer.isActive() && std::any_of(changes.begin(), changes.end(), tells))
            m_logTimer.start(logPause);
    });
    askLogHead();
}

void Console::askLogHead()
{
    AuditStore *audit = m_context.system().audit;
    if (!audit)
        return;
    deliver(this, audit->head(), [this](const Result<LogHead> &head) {
        shell::StatusItem *item = m_window->statusLine()->logHead();
        if (head)
            item->set(Proof::Unchecked, tr("Log %1 events, not verified").arg(kit::numberText(head->size)),
                      tr("The audit store states this size. This console does not check the log's proofs."));
        else
            item->set(Proof::Unchecked, tr("Log not read"), head.error().message, kit::Role::Medium);
    });
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
