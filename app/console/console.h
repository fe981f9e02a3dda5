// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/console/arguments.h"
#include "app/console/keychainstore.h"
#include "models/fleet/logwitness.h"
#include "models/fleet/switchboard.h"
#include "models/response/revocationcertifier.h"
#include "ui/operation/operationsheet.h"
#include "ui/shell/consolecontext.h"
#include "ui/shell/mainwindow.h"

namespace parapet::console {

class PassphraseDialog;

/// The console, put together. Everything is made here and handed on; nothing is reached for.
///
/// A connection comes: its ports make the actions, the actions and observers make the runner, the operator's identity makes the
/// certifier. It goes: the runner goes first, with its operations journaled; they are unfinished runs of the next one.
class Console : public QObject
{
    Q_OBJECT

public:
    /// `settings` and `theme` live longer. `dataFolder` is made when it is missing (0700).
    Console(QSettings &settings, kit::Theme &theme, const QString &dataFolder, fleet::SecretStore &secrets,
            std::unique_ptr<fleet::LocalPlane> local, const Clock &clock = Clock::system(), QObject *parent = nullptr);
    ~Console() override;

    /// Shows the window and does what the command line asks. The error is for stderr; the window is then not shown.
    Status start(const Arguments &arguments);

    shell::MainWindow &window() { return *m_window; }
    shell::ConsoleContext &context() { return m_context; }
    fleet::Switchboard &switchboard() { return m_switchboard; }
    /// The sheet that is open, or null.
    ui::OperationSheet *sheet() const { return m_sheet; }

private:
    void followConnection();
    void makeRunner();
    void dropRunner();
    void loadSigner(const QByteArray &kept);
    void askBeforeClosing(bool *veto);
    void followLog();
    void followWitnesses();
    void showLog();
    void tellConflict(const fleet::LogConflict &conflict);
    void showHealth();
    void showSelf();
    void askPassphrase(const QString &identityPath, const QString &why);
    PassphraseDialog *passphraseDialog(const QString &identityPath) const;
    void propose(const QString &title, const shell::ConsoleContext::Planner &planner);
    void showOperation(const OperationId &id);
    void showPastOperation(const QString &journal);
    ui::OperationSheet *openSheet();
    void followOperation(operation::Operation *operation);
    shell::CommandContext commandContext() const;
    void addCommands();

    QSettings &m_settings;
    kit::Theme &m_theme;
    const Clock &m_clock;
    QString m_dataFolder;
    fleet::SecretStore &m_secrets;
    shell::CommandRegistry m_commands;
    fleet::ProfileStore m_profiles;
    fleet::Switchboard m_switchboard;
    shell::ConsoleContext m_context;
    fleet::LogFollower m_log;
    fleet::LogWitness m_witness;
    fleet::EventNotes m_notes;
    response::RevocationCertifier m_certifier;
    std::unique_ptr<operation::ActionSet> m_actions;
    std::unique_ptr<operation::Runner> m_runner;
    std::unique_ptr<shell::MainWindow> m_window;
    QVector<shell::PaletteProvider *> m_providers;
    QPointer<ui::OperationSheet> m_sheet;
    QByteArray m_passphrase; ///< typed, until the signer has its key; wiped then
    QTimer m_logTimer;
    bool m_closing = false;
};

} // namespace parapet::console
