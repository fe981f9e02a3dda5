// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/recordings/recordingpane.h"

#include "models/domain/fieldtext.h"
#include "models/items/auditmodel.h"
#include "models/query/chips.h"
#include "models/query/printer.h"
#include "ui/kit/statepage.h"
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"
#include "ui/pages/recordings/castfile.h"
#include "ui/terminal/playerview.h"

#include <QtCore/QFileInfo>
#include <QtGui/QKeyEvent>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QFileDialog>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using kit::Role;
using kit::Type;
using terminal::Player;

namespace {

constexpr int mostMarks = 500;
constexpr Milliseconds markReach{1000}; ///< what follows the last output within that belongs to it

QHBoxLayout *recordingRow()
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(kit::space::pane, 0, kit::space::pane, 0);
    row->setSpacing(kit::space::s);
    return row;
}

QString markText(const AuditEvent &event)
{
    QString text = Untrusted(event.action).inert(80);
    if (!event.target.isEmpty())
        text += u' ' + event.target.inert(80);
    if (event.outcome != Outcome::Success)
        text += u" · "_s + enumerationText(nameOf(event.outcome));
    return text + u" · "_s + kit::localClock(event.time);
}

} // namespace

RecordingPane::RecordingPane(shell::ConsoleContext &context, QWidget *parent) : Ground(Role::Raised, parent, Qt::LeftEdge), m_context(context)
{
    setAccessibleName(tr("The recording"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, kit::space::m, 0, 0);
    column->setSpacing(kit::space::s);
    makeHead(column);
    m_player = new terminal::PlayerView(this);
    m_gate = new kit::StatePage(m_player, this);
    column->addWidget(m_gate, 1);
    makeFoot(column);
    connect(&m_proof, &RecordingProof::changed, this, &RecordingPane::showProof);
    connect(&m_player->player(), &Player::stateChanged, this, &RecordingPane::playerChanged);
    follow();
    showProof();
}

RecordingPane::~RecordingPane() = default;

void RecordingPane::makeHead(QVBoxLayout *column)
{
    auto *head = recordingRow();
    m_name = new kit::MonoLabel(this);
    m_fullButton = new kit::Button(tr("Full width"), kit::Icon::ChevronLeft, kit::Button::Kind::Ghost, this);
    m_fullButton->setIconOnly(true);
    auto *close = new kit::Button(tr("Close detail"), kit::Icon::Close, kit::Button::Kind::Ghost, this);
    close->setIconOnly(true);
    head->addWidget(m_name, 1);
    head->addWidget(m_fullButton);
    head->addWidget(close);
    column->addLayout(head);
    auto *proof = recordingRow();
    m_proofLine = new kit::RunLine(this);
    m_event = new kit::LinkButton(tr("Show the event"), this);
    proof->addWidget(m_proofLine, 1);
    proof->addWidget(m_event);
    column->addLayout(proof);
    for (kit::RunLine **line : {&m_proofDetail, &m_facts, &m_remark}) {
        auto *row = recordingRow();
        *line = new kit::RunLine(this);
        row->addWidget(*line, 1);
        column->addLayout(row);
    }
    column->addWidget(new kit::Hairline(Qt::Horizontal, this));
    connect(m_fullButton, &kit::Button::clicked, this, [this] { Q_EMIT fullRequested(!m_full); });
    connect(close, &kit::Button::clicked, this, &RecordingPane::closeRequested);
    connect(m_event, &kit::LinkButton::clicked, this, [this] { Q_EMIT eventsRequested(eventsFilter(), m_recording.event); });
}

void RecordingPane::makeFoot(QVBoxLayout *column)
{
    auto *foot = new kit::Ground(Role::Raised, this, Qt::TopEdge);
    auto *row = new QHBoxLayout(foot);
    row->setContentsMargins(kit::space::pane, kit::space::s, kit::space::pane, kit::space::s);
    row->setSpacing(kit::space::s);
    m_saved = new kit::RunLine(foot);
    m_events = new kit::Button(tr("Events of this session"), kit::Icon::Document, kit::Button::Kind::Normal, foot);
    m_save = new kit::Button(tr("Save…"), kit::Icon::Download, kit::Button::Kind::Normal, foot);
    row->addWidget(m_saved, 1);
    row->addWidget(m_events);
    row->addWidget(m_save);
    column->addWidget(foot);
    connect(m_events, &kit::Button::clicked, this, [this] { Q_EMIT eventsRequested(eventsFilter(), -1); });
    connect(m_save, &kit::Button::clicked, this, &RecordingPane::save);
}

void RecordingPane::follow()
{
    ++m_generation;
    m_proof.setSystem(m_context.system().audit, m_context.log());
    if (m_context.system().audit && !isEmpty() && m_file.isEmpty())
        askFile();
}

void RecordingPane::clear()
{
    ++m_generation;
    m_recording = {};
    m_file.clear();
    m_fileError.clear();
    m_player->player().close();
    m_proof.setRecording(std::nullopt);
    showFacts();
    showGate();
}

void RecordingPane::setRecording(const Recording &recording)
{
    const bool another = recording.id != m_recording.id;
    const bool ended = another || recording.state != m_recording.state;
    m_recording = recording;
    if (another) {
        m_shownAnyway = false;
        m_wanted = -1;
        m_saved->setRuns({});
    }
    m_proof.setRecording(recording);
    if (ended) {
        ++m_generation;
        m_file.clear();
        m_player->player().close();
        askFile();
    }
    showFacts();
    showProof();
}

void RecordingPane::seekTo(qint64 position)
{
    m_wanted = position;
    if (m_player->player().state() == Player::State::Ready)
        m_player->player().seek(std::exchange(m_wanted, -1));
}

void RecordingPane::askFile()
{
    m_fileError.clear();
    AuditStore *audit = m_context.system().audit;
    if (!audit || m_recording.state == RecordingState::Running)
        return showGate();
    showGate();
    deliver(this, audit->recordingFile(m_recording.id), [this, generation = m_generation](const Result<QByteArray> &file) {
        if (generation != m_generation)
            return;
        if (!file) {
            m_fileError = file.error().message;
            m_retryable = file.error().code != Error::Code::Forbidden;
            return showGate();
        }
        m_file = *file;
        m_player->player().open(m_file);
    });
    askMarks();
}

QString RecordingPane::eventsFilter() const
{
    using query::Operator;
    // A recorder that knew no session: what this actor did there meanwhile.
    const QString whose = !m_recording.session.value.isEmpty()
        ? query::term(u"session"_s, Operator::Is, {m_recording.session.value})
        : query::term(u"actor"_s, Operator::Is, {m_recording.actor.value}) + u' ' + query::term(u"workspace"_s, Operator::Is, {m_recording.workspace.value});
    return whose;
}

void RecordingPane::askMarks()
{
    using query::Operator;
    AuditStore *audit = m_context.system().audit;
    if (!audit || !isKnown(m_recording.started))
        return;
    PageRequest request;
    request.limit = mostMarks;
    const Instant end = m_recording.started + Milliseconds(m_recording.duration) + markReach;
    request.query.filter = eventsFilter() + u' ' + query::term(u"time"_s, Operator::AtLeast, {toRfc3339(m_recording.started)}) + u' '
        + query::term(u"time"_s, Operator::AtMost, {toRfc3339(end)}) + u' ' + withoutReads();
    request.query.sort = u"time"_s;
    deliver(this, audit->events(request), [this, end, generation = m_generation](const Result<Page<AuditEvent>> &events) {
        if (generation != m_generation || !events)
            return;
        QVector<terminal::Timeline::Mark> marks;
        for (const AuditEvent &event : events->items) {
            if (event.time < m_recording.started || event.time > end)
                continue;
            marks.append({(event.time - m_recording.started).count() * 1000, severityOf(event.outcome), markText(event), QString::number(event.index)});
        }
        std::stable_sort(marks.begin(), marks.end(), [](const auto &a, const auto &b) { return a.at < b.at; });
        m_player->setMarks(marks);
    });
}

void RecordingPane::playerChanged()
{
    const Player &player = m_player->player();
    if (!player.sha256().isEmpty())
        m_proof.setFileDigest(player.sha256());
    if (player.state() == Player::State::Ready && m_wanted >= 0)
        m_player->player().seek(std::exchange(m_wanted, -1));
    showFacts();
    showGate();
}

void RecordingPane::showFacts()
{
    m_name->setText(Untrusted(m_recording.id).inert(80));
    QVector<kit::Run> facts;
    if (!isEmpty()) {
        facts << kit::Run{m_recording.actorName.inert(60), Type::Small, Role::Text, 600};
        facts << kit::Run{u"  "_s + Untrusted(m_recording.workspace.value).inert(40), Type::MonoSmall, Role::Text2};
        facts << kit::Run{u"  "_s + kit::localDateTime(m_recording.started) + u"  "_s + durationText(Milliseconds(m_recording.duration)) + u"  "_s
                              + bytesText(m_recording.bytes),
                          Type::Small, Role::Text2};
    }
    m_facts->setGlyph(m_recording.actorKind == ActorKind::Agent ? kit::Icon::Robot : m_recording.actorKind == ActorKind::Service ? kit::Icon::Server : kit::Icon::Human);
    m_facts->setRuns(facts);
    m_facts->setToolTip(m_facts->text().isEmpty() ? QString() : m_facts->text());
    QStringList remarks;
    if (!m_recording.remark.isEmpty())
        remarks << Untrusted(m_recording.remark).inert(200);
    if (const formats::Asciicast *cast = m_player->player().cast())
        remarks << cast->remarks;
    m_remark->setRuns({{remarks.join(u' '), Type::Small, Role::Medium}});
    m_remark->setVisible(!remarks.isEmpty());
    m_save->setAvailable(!m_file.isEmpty(), tr("There is no file to save yet."));
}

void RecordingPane::showProof()
{
    using State = RecordingProof::State;
    Role role = Role::Text2;
    Proof mark = Proof::Unchecked;
    switch (m_proof.state()) {
    case State::Verified:
        mark = Proof::Verified;
        role = Role::Ok;
        break;
    case State::NotCovered:
    case State::Running:
    case State::Asking:
        mark = Proof::Pending;
        break;
    case State::Mismatch:
    case State::BrokenEvent:
        mark = Proof::Broken;
        role = Role::Critical;
        break;
    case State::None:
        mark = Proof::None;
        break;
    case State::Unproven:
    case State::NoEvent:
        role = Role::Medium;
        break;
    }
    m_proofLine->setMark(mark);
    m_proofLine->setRuns({{m_proof.sentence(), Type::Body, role, m_proof.isAlarm() ? 600 : 0}});
    m_proofDetail->setRuns({{m_proof.detail(), Type::Small, Role::Critical}});
    m_proofDetail->setVisible(!m_proof.detail().isEmpty());
    m_event->setVisible(m_recording.event >= 0);
    showGate();
}

/// What stands where the player is: nothing is drawn of a file before it is known whether it is the right one.
void RecordingPane::showGate()
{
    const auto say = [](const QString &text) { return QVector<kit::Run>{{text, Type::Body, Role::Text2}}; };
    if (isEmpty())
        return m_gate->showEmpty(kit::Icon::Terminal, tr("No recording is open"), say(tr("Choose one in the list.")));
    if (m_recording.state == RecordingState::Running)
        return m_gate->showEmpty(kit::Icon::Hourglass, tr("It still runs"), say(tr("It can be played when it has ended and the log states its digest.")));
    if (!m_fileError.isEmpty()) {
        QVector<kit::StateAction> actions;
        if (m_retryable)
            actions << kit::StateAction{tr("Try again"), [this] { askFile(); }};
        return m_gate->showError(tr("The file cannot be had"), say(m_fileError), actions, kit::Icon::Terminal);
    }
    if (m_proof.isAlarm() && !m_shownAnyway) {
        m_player->player().pause();
        return m_gate->showError(tr("What you would see is not what was recorded, or cannot be shown to be"),
                                 say(m_proof.sentence() + u' ' + m_proof.detail() + u' ' + tr("It can be looked at nevertheless; it reaches nothing but this player.")),
                                 {{tr("Show anyway"), [this] {
                                       m_shownAnyway = true;
                                       showGate();
                                   }, kit::Button::Kind::DangerOutline}},
                                 kit::Icon::Warning);
    }
    if (m_file.isEmpty() || m_proof.state() == RecordingProof::State::Asking)
        return m_gate->showLoading(m_context.system().audit ? tr("Getting the recording") : tr("No system is connected"));
    m_gate->showReady();
}

void RecordingPane::setFull(bool full)
{
    m_full = full;
    m_fullButton->setText(full ? tr("Beside the list") : tr("Full width"));
    m_fullButton->setGlyph(full ? kit::Icon::ChevronRight : kit::Icon::ChevronLeft);
    m_fullButton->setIconOnly(true);
}

void RecordingPane::save()
{
    if (m_file.isEmpty())
        return;
    auto *dialog = new QFileDialog(this, tr("Save the recording"), {}, tr("Terminal recordings (*.cast)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"cast"_s);
    dialog->selectFile(safeCastName(m_recording.id));
    connect(dialog, &QFileDialog::fileSelected, this, &RecordingPane::saveTo);
    dialog->open();
}

void RecordingPane::saveTo(const QString &path)
{
    if (m_file.isEmpty())
        return;
    m_saved->setRuns({{tr("Saving…"), Type::Small, Role::Text2}});
    deliver(this, writeCast(path, m_file), [this, path](const Result<QString> &digest) {
        const QString name = Untrusted(QFileInfo(path).fileName()).inert(80);
        if (digest)
            m_saved->setRuns({{tr("Saved %1, and its digest beside it").arg(name), Type::Small, Role::Text2}});
        else
            m_saved->setRuns({{digest.error().message, Type::Small, Role::Critical}});
        m_saved->setToolTip(m_saved->text());
    });
}

void RecordingPane::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        if (m_full)
            Q_EMIT fullRequested(false);
        else
            Q_EMIT closeRequested();
        return;
    }
    Ground::keyPressEvent(event);
}

} // namespace parapet::pages
