// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/tour.h"

#include "models/items/roles.h"
#include "models/items/auditmodel.h"
#include "models/items/recordingmodel.h"
#include "ui/kit/button.h"
#include "ui/kit/proofpath.h"
#include "ui/kit/statepage.h"
#include "ui/kit/tableview.h"
#include "ui/operation/startform.h"
#include "ui/pages/audit/auditpage.h"
#include "ui/pages/audit/eventpane.h"
#include "ui/pages/recordings/recordingpane.h"
#include "ui/pages/recordings/recordingspage.h"
#include "ui/pages/workspaces/detailpane.h"
#include "ui/pages/workspaces/workspacespage.h"
#include "ui/shell/palette.h"
#include "ui/terminal/playerview.h"

#include <QtCore/QDir>
#include <QtCore/QSaveFile>
#include <QtWidgets/QApplication>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListView>

namespace parapet::console {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr QSize tourSize{1440, 900};
constexpr auto lookEvery = 50ms;   ///< how often a step asks whether what it waits for is shown
constexpr auto settleTime = 400ms; ///< for what slides and fades
constexpr auto themeTime = 150ms;  ///< for a theme to reach every widget
constexpr auto patience = 60s;

} // namespace

Tour::Tour(Console &console, kit::Theme &theme, QString folder, QObject *parent)
    : QObject(parent), m_console(console), m_theme(theme), m_folder(std::move(folder))
{
    m_look.setInterval(lookEvery);
    for (QTimer *timer : {&m_patience, &m_settle})
        timer->setSingleShot(true);
    connect(&m_look, &QTimer::timeout, this, &Tour::look);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        const QString &name = m_steps[m_at].name;
        if (!m_steps[m_at].without.isEmpty()) {
            qInfo("%s", qPrintable(m_steps[m_at].without));
            m_look.stop();
            return next();
        }
        end(name.isEmpty() ? tr("The tour waited in vain for a live connection with running workspaces: look at the Connections page.")
                           : tr("The tour waited in vain for %1.").arg(name));
    });
    connect(&m_settle, &QTimer::timeout, this, &Tour::shoot);
}

/// One picture a turn of the event loop: a theme reaches its widgets by events.
void Tour::shoot()
{
    const Step &step = m_steps[m_at];
    if (step.name.isEmpty())
        return next();
    if (!m_themes.isEmpty() && m_theme.choice() == m_themes.first()) {
        if (!save(step.name))
            return end(tr("The picture %1 cannot be saved in %2.").arg(step.name, m_folder));
        m_themes.removeFirst();
    }
    if (m_themes.isEmpty())
        return next();
    m_theme.setChoice(m_themes.first());
    m_settle.start(themeTime);
}

void Tour::start()
{
    QDir().mkpath(m_folder);
    m_console.window().resize(tourSize);
    const auto live = [this] {
        const fleet::Connection *connection = m_console.switchboard().connection();
        return connection && connection->self() && connection->watch() && connection->watch()->state() == Watch::State::Live;
    };
    m_steps << Step{{}, {}, live, false};
    addWorkspaces();
    addPages();
    addRevocation();
    addAudit();
    addRecording();
    addTampering();
    next();
}

void Tour::addPages()
{
    for (const shell::PageInfo &info : m_console.window().pages()) {
        const QString id = info.id;
        if (id == "workspaces"_L1 || id == "operations"_L1 || id == "audit"_L1)
            continue; // shown with rows of their own
        m_steps << Step{id, [this, id] { m_console.window().goTo({id, {}}); }, [this] {
                            for (const kit::StatePage *page : m_console.window().currentPage()->findChildren<kit::StatePage *>()) {
                                if (page->state() == kit::StatePage::State::Loading)
                                    return false;
                            }
                            return true;
                        }};
    }
}

void Tour::addWorkspaces()
{
    const auto page = [this] { return qobject_cast<pages::WorkspacesPage *>(m_console.window().page(u"workspaces"_s)); };
    const auto hasRunning = [page] {
        const QAbstractItemModel *model = page() ? page()->table()->model() : nullptr;
        return model && model->rowCount() > 0 && model->index(0, 0).data(LoadStateRole).toInt() == int(LoadState::Loaded);
    };
    // The plane starts its workspaces one after the other: the tour begins when a dozen run.
    auto asked = std::make_shared<bool>(false);
    auto running = std::make_shared<qint64>(0);
    m_steps << Step{{}, [this] { m_console.window().goTo({u"workspaces"_s, {}}); },
                    [this, asked, running] {
                        if (!*asked && m_console.context().system().control) {
                            *asked = true;
                            PageRequest one;
                            one.limit = 1;
                            one.query.filter = u"state:running simulated:false"_s;
                            deliver(this, m_console.context().system().control->workspaces(one), [asked, running](const Result<Page<Workspace>> &answer) {
                                *running = answer ? answer->total.value() : 0;
                                *asked = false;
                            });
                        }
                        return *running >= 10;
                    },
                    false};
    m_steps << Step{u"workspaces"_s, [this] { m_console.window().goTo({u"workspaces"_s, {{u"sort"_s, u"state"_s}}}); }, hasRunning};
    m_steps << Step{u"workspaces-detail"_s,
                    [this, page] {
                        m_console.window().goTo({u"workspaces"_s, {{u"filter"_s, u"state:running agents>=1"_s}}});
                    },
                    [page, hasRunning] {
                        if (!hasRunning())
                            return false;
                        kit::TableView *table = page()->table();
                        if (!page()->detail()->isVisible()) {
                            table->setCurrentIndex(table->model()->index(0, 1));
                            Q_EMIT table->rowActivated(table->currentIndex());
                            page()->selection()->setChecked(table->currentKey(), true);
                        }
                        return page()->detail()->list()->model()->rowCount() > 12;
                    }};
    m_steps << Step{u"workspaces-empty"_s, [this] { m_console.window().goTo({u"workspaces"_s, {{u"filter"_s, u"region:nowhere"_s}}}); },
                    [page] {
                        const auto *state = page()->findChild<kit::StatePage *>();
                        return state && state->state() == kit::StatePage::State::Empty;
                    }};
    m_steps << Step{u"palette"_s,
                    [this, page] {
                        m_console.window().goTo({u"workspaces"_s, {}});
                        m_console.window().openPalette(u"pay"_s);
                    },
                    [this] { return !m_console.window().palettePanel()->isSearching() && m_console.window().palettePanel()->list()->model()->rowCount() > 2; }};
    m_steps << Step{{}, [this] { m_console.window().palettePanel()->dismiss(); }, [] { return true; }, false};
}

void Tour::addRevocation()
{
    const auto page = [this] { return qobject_cast<pages::WorkspacesPage *>(m_console.window().page(u"workspaces"_s)); };
    m_steps << Step{u"revoke-plan"_s,
                    [this, page] {
                        page()->selection()->clear();
                        m_console.window().goTo({u"workspaces"_s, {{u"filter"_s, u"state:running simulated:false agents>=1"_s}}});
                    },
                    [this, page] {
                        kit::TableView *table = page()->table();
                        if (!m_console.sheet() && table->model()->rowCount() > 0 && table->model()->index(0, 0).data(LoadStateRole).toInt() == int(LoadState::Loaded)) {
                            table->setCurrentIndex(table->model()->index(0, 1));
                            m_console.context().commands().trigger(u"workspace.revoke"_s);
                        }
                        return m_console.sheet() && m_console.sheet()->plan();
                    }};
    m_steps << Step{u"revoke-proven"_s,
                    [this] {
                        m_console.sheet()->startForm()->reasonEdit()->setText(tr("INC-0147, credential misuse"));
                        m_console.sheet()->startButton()->click();
                    },
                    [this] {
                        const operation::Operation *operation = m_console.sheet() ? m_console.sheet()->operation() : nullptr;
                        return operation && operation->isOver() && operation->run().certificate;
                    }};
    m_steps << Step{u"operations"_s,
                    [this] {
                        m_console.sheet()->dismiss();
                        m_console.window().goTo({u"operations"_s, {}});
                    },
                    [] { return true; }};
}

void Tour::addAudit()
{
    const auto page = [this] { return qobject_cast<pages::AuditPage *>(m_console.window().page(u"audit"_s)); };
    // After the revocation, so that there is something to see: rows that are proven, and the way of one of them to the root.
    const auto proven = [page](int rows) {
        const AuditModel *model = page() ? page()->model() : nullptr;
        for (int row = 0; model && row < std::min(rows, model->rowCount()); ++row) {
            if (model->index(row, 0).data(ProofRole).toInt() != int(Proof::Verified))
                return false;
        }
        return model && model->rowCount() > 0;
    };
    m_steps << Step{u"audit"_s, [this] { m_console.window().goTo({u"audit"_s, {{u"filter"_s, withoutReads()}}}); },
                    [page, proven] { return proven(20) && page()->histogram()->sliceCount() > 0; }};
    m_steps << Step{u"audit-event"_s,
                    [this] {
                        m_console.window().goTo({u"audit"_s, {{u"filter"_s, u"actorKind:human "_s + withoutReads()}}});
                    },
                    [page, proven] {
                        if (!proven(10))
                            return false;
                        kit::TableView *table = page()->table();
                        if (!page()->detail()->isVisible()) {
                            table->setCurrentIndex(table->model()->index(std::min(4, table->model()->rowCount() - 1), 1));
                            Q_EMIT table->rowActivated(table->currentIndex());
                        }
                        return page()->detail()->path()->isVisible() && page()->detail()->path()->path().holds();
                    }};
}

void Tour::addRecording()
{
    const auto page = [this] { return qobject_cast<pages::RecordingsPage *>(m_console.window().page(u"recordings"_s)); };
    // In the middle of it, so that there is something on the screen.
    auto sought = std::make_shared<bool>(false);
    m_steps << Step{u"recording"_s,
                    [this] { m_console.window().goTo({u"recordings"_s, {{u"filter"_s, u"state:ended"_s}}}); },
                    [page, sought] {
                        if (!page() || page()->model()->rowCount() == 0 || !page()->model()->rowAt(0))
                            return false;
                        const pages::RecordingPane *pane = page()->pane();
                        if (!pane->isVisible()) {
                            page()->table()->setCurrentIndex(page()->model()->index(0, 0));
                            Q_EMIT page()->table()->rowActivated(page()->table()->currentIndex());
                            return false;
                        }
                        terminal::Player &player = pane->player()->player();
                        if (player.state() != terminal::Player::State::Ready || pane->proof().state() != pages::RecordingProof::State::Verified)
                            return false;
                        if (!std::exchange(*sought, true))
                            player.seek(player.duration() * 2 / 3);
                        return player.pace().shownAt(player.framePosition()) == player.pace().shownAt(player.position());
                    },
                    true, tr("The tour goes on without a picture of a recording: none has ended and is proven yet.")};
}

/// Last, because it leaves the plane of the tour: a log that was proven here is rolled back, really, and the console says so.
void Tour::addTampering()
{
    const fleet::LogFollower *log = m_console.context().log();
    const QString program = fleet::LocalPlane::findProgram();
    if (!log || program.isEmpty())
        return;
    auto size = std::make_shared<qint64>(0);
    const auto verified = [this, log, size] {
        if (!m_drill->failure().isEmpty()) {
            end(m_drill->failure());
            return false;
        }
        return m_drill->isOpen() && log->state() == fleet::LogState::Verified && log->checkpoint() && log->checkpoint()->size() > *size;
    };
    const QString name = u"audit-tampered"_s;
    m_steps << Step{{}, [this, program] {
                        m_drill = std::make_unique<TamperDrill>(program, m_console.switchboard());
                        m_drill->begin();
                    }, verified, false};
    m_steps << Step{{}, [this, log, size] {
                        *size = log->checkpoint()->size();
                        m_drill->keepCopy();
                    }, verified, false};
    m_steps << Step{{}, [this] { m_console.window().goTo({u"audit"_s, {{u"filter"_s, withoutReads()}}}); },
                    [log] { return !log->isBusy() && log->state() == fleet::LogState::Verified; }, false};
    m_steps << Step{name, [this] { m_drill->rollBack(); },
                    [this, log] {
                        const auto *page = qobject_cast<pages::AuditPage *>(m_console.window().page(u"audit"_s));
                        return m_drill->isOpen() && log->conflict() && !log->conflict()->bundlePath.isEmpty() && page->model()->rowCount() > 0
                            && page->model()->index(0, 0).data(LoadStateRole).toInt() == int(LoadState::Loaded);
                    }};
    m_steps << Step{{}, [this, log] {
                        QFile::remove(log->conflict()->bundlePath); // the drill's, in the user's folder
                        m_drill.reset();
                    }, [] { return true; }, false};
}

void Tour::next()
{
    if (++m_at >= m_steps.size())
        return end({});
    m_patience.start(patience);
    if (m_steps[m_at].begin)
        m_steps[m_at].begin();
    m_look.start();
}

void Tour::look()
{
    if (!m_steps[m_at].isReady())
        return;
    m_look.stop();
    m_patience.stop();
    m_themes = {kit::ThemeChoice::Light, kit::ThemeChoice::Dark};
    if (!m_steps[m_at].bothThemes)
        m_themes.removeFirst();
    m_settle.start(settleTime);
}

bool Tour::save(const QString &name)
{
    const QString path = u"%1/%2-%3.png"_s.arg(m_folder, name, m_theme.choice() == kit::ThemeChoice::Dark ? u"dark"_s : u"light"_s);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !m_console.window().grab().save(&file, "PNG") || !file.commit())
        return false;
    ++m_pictures;
    return true;
}

void Tour::end(const QString &error)
{
    m_look.stop();
    m_patience.stop();
    Q_EMIT finished(m_pictures, error);
}

} // namespace parapet::console
