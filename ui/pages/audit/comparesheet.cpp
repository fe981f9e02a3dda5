// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/comparesheet.h"

#include "models/domain/auditevent.h"
#include "models/domain/fieldtext.h"
#include "models/query/chips.h"
#include "models/query/printer.h"
#include "ui/kit/parts.h"
#include "ui/kit/statepage.h"
#include "ui/kit/tableview.h"
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"
#include "ui/listing/textexporter.h"
#include "ui/pages/audit/periodbars.h"
#include "ui/pages/audit/timefilter.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtGui/QKeyEvent>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using kit::Role;
using kit::Type;

namespace {

constexpr const char *comparedFields[] = {"action", "actorName", "actorKind", "workspace", "target", "outcome", "source", "origin"};

QString compareLabel(const QString &field)
{
    const Field<AuditEvent> *found = findField<AuditEvent>(field);
    return found ? labelOf(*found) : field;
}

} // namespace

/// The answers of one count, of both periods.
struct CompareSheet::Round {
    Period period[2];
    Reply<QVector<Bucket>> counts[2];
    Reply<parapet::Page<AuditEvent>> totals[2];
    Reply<QVector<ActivitySlice>> slices[2];
    std::optional<Result<QVector<Bucket>>> gotCounts[2];
    std::optional<Result<parapet::Page<AuditEvent>>> gotTotals[2];
    std::optional<Result<QVector<ActivitySlice>>> gotSlices[2];

    bool isWhole() const { return gotCounts[0] && gotCounts[1] && gotTotals[0] && gotTotals[1]; }
    void cancel()
    {
        for (int i = 0; i < 2; ++i) {
            counts[i].cancel();
            totals[i].cancel();
            slices[i].cancel();
        }
    }
};

CompareSheet::CompareSheet(QWidget *host, shell::ConsoleContext &context, const QString &filter)
    : Overlay(host), m_context(context), m_filter(withoutTime(filter)), m_field(u"action"_s), m_a(periodOf(filter, context.clock().now())), m_b(m_a.before()),
      m_model(new CompareModel(this))
{
    setName(tr("Compare periods"));
    setPanelSize({940, 760});
    auto *column = new QVBoxLayout(panel());
    column->setContentsMargins(0, kit::space::l, 0, kit::space::m);
    column->setSpacing(kit::space::s);
    column->addWidget(makeHead());
    column->addWidget(makePeriods());
    m_bars = new PeriodBars(panel());
    column->addWidget(m_bars);
    m_table = new kit::TableView(panel());
    m_table->setAccessibleName(tr("Values and their counts in both periods"));
    m_table->setModel(m_model);
    m_table->installEventFilter(this);
    m_states = new kit::StatePage(m_table, panel());
    column->addWidget(m_states, 1);
    column->addWidget(makeFoot());
    connect(m_table, &kit::TableView::rowActivated, this, [this](const QModelIndex &index) { goToRows(index.column() == CompareModel::CountB); });
    connect(this, &Overlay::dismissed, this, &QObject::deleteLater);
    connect(&context, &shell::ConsoleContext::systemGone, this, &Overlay::dismiss);
    if (Watch *watch = context.watch())
        connect(watch, &Watch::changed, this, &CompareSheet::hear);
    showPeriods();
    ask();
    present(m_edits[0]);
}

CompareSheet::~CompareSheet()
{
    giveUp();
}

QWidget *CompareSheet::makeHead()
{
    auto *head = new QWidget(panel());
    auto *lines = new QVBoxLayout(head);
    lines->setContentsMargins(kit::space::xl, 0, kit::space::m, 0);
    lines->setSpacing(kit::space::xs);
    auto *first = new QHBoxLayout;
    auto *close = new kit::Button(tr("Close"), kit::Icon::Close, kit::Button::Kind::Ghost, head);
    close->setIconOnly(true);
    m_by = new kit::Button({}, kit::Icon::ChevronDown, kit::Button::Kind::Normal, head);
    first->addWidget(new kit::PlainLabel(tr("Compare periods"), Type::DialogTitle, Role::Text, head), 1);
    first->addWidget(m_by);
    first->addWidget(close);
    auto *what = new kit::PlainLabel(m_filter.isEmpty() ? tr("of all events") : Untrusted(m_filter).inert(200), Type::Mono, Role::Text3, head);
    what->setElide(Qt::ElideRight);
    lines->addLayout(first);
    lines->addWidget(what);
    connect(close, &kit::Button::clicked, this, &Overlay::dismiss);
    connect(m_by, &kit::Button::clicked, this, [this] { chooseField(m_by->mapToGlobal(QPoint(0, m_by->height() + 2))); });
    return head;
}

QWidget *CompareSheet::makePeriods()
{
    auto *frame = new QWidget(panel());
    auto *grid = new QGridLayout(frame);
    grid->setContentsMargins(kit::space::xl, 0, kit::space::xl, 0);
    grid->setHorizontalSpacing(kit::space::s);
    grid->setVerticalSpacing(kit::space::s);
    for (int i = 0; i < 2; ++i) {
        const QString name = i == 0 ? tr("A") : tr("B");
        grid->addWidget(new kit::PlainLabel(name, Type::BodyStrong, Role::Text, frame), i, 0);
        for (int end = 0; end < 2; ++end) {
            auto *edit = new QLineEdit(frame);
            edit->setAccessibleName(end ? tr("Period %1 until").arg(name) : tr("Period %1 from").arg(name));
            edit->setFont(kit::theme(this).font(Type::Mono));
            edit->setPlaceholderText(end ? tr("2026-03-02, 8h or now") : tr("2026-03-01 or 24h"));
            edit->setToolTip(tr("A time in UTC as filters write it, an age such as 24h, or now"));
            edit->setMaxLength(40);
            connect(edit, &QLineEdit::editingFinished, this, [this, i] { readPeriods(i == 1); });
            m_edits[2 * i + end] = edit;
            grid->addWidget(edit, i, 1 + 2 * end);
        }
        grid->addWidget(new kit::PlainLabel(tr("to"), Type::Small, Role::Text3, frame), i, 2);
        m_spoken[i] = new kit::PlainLabel({}, Type::Small, Role::Text2, frame);
        m_spoken[i]->setElide(Qt::ElideRight);
        grid->addWidget(m_spoken[i], i, 4);
    }
    grid->setColumnStretch(1, 2);
    grid->setColumnStretch(3, 2);
    grid->setColumnStretch(4, 3);
    m_follow = new kit::Button(tr("The one before A"), kit::Icon::Undo, kit::Button::Kind::Ghost, frame);
    grid->addWidget(m_follow, 1, 5);
    connect(m_follow, &kit::Button::clicked, this, [this] {
        m_bFollows = true;
        m_b = m_a.before();
        showPeriods();
        ask();
    });
    m_problem = new kit::PlainLabel({}, Type::Small, Role::Critical, frame);
    m_problem->hide();
    grid->addWidget(m_problem, 2, 1, 1, 5);
    auto *line = new QHBoxLayout;
    m_totals = new kit::RunLine(frame);
    m_age = new kit::RunLine(frame);
    m_again = new kit::Button(tr("Count again"), kit::Icon::History, kit::Button::Kind::Ghost, frame);
    line->addWidget(m_totals, 3);
    line->addWidget(m_age, 2);
    line->addWidget(m_again);
    grid->addLayout(line, 3, 0, 1, 6);
    connect(m_again, &kit::Button::clicked, this, &CompareSheet::ask);
    return frame;
}

QWidget *CompareSheet::makeFoot()
{
    auto *foot = new QWidget(panel());
    auto *row = new QHBoxLayout(foot);
    row->setContentsMargins(kit::space::xl, 0, kit::space::xl, 0);
    row->setSpacing(kit::space::s);
    m_told = new kit::RunLine(foot);
    auto *copy = new kit::Button(tr("Copy as CSV"), kit::Icon::Copy, kit::Button::Kind::Normal, foot);
    auto *save = new kit::Button(tr("Export…"), kit::Icon::Download, kit::Button::Kind::Normal, foot);
    m_rowsB = new kit::Button(tr("Events of B"), kit::Icon::Filter, kit::Button::Kind::Normal, foot);
    m_rowsB->setKeyHint(tr("Shift ⏎"));
    m_rowsA = new kit::Button(tr("Events of A"), kit::Icon::Filter, kit::Button::Kind::Normal, foot);
    m_rowsA->setKeyHint(u"⏎"_s);
    row->addWidget(m_told, 1);
    for (QWidget *button : std::initializer_list<QWidget *>{copy, save, m_rowsB, m_rowsA})
        row->addWidget(button);
    connect(copy, &kit::Button::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(QString::fromUtf8(m_model->csvHeader() + m_model->csvRows()));
        m_told->setRuns({{tr("Copied: %1").arg(kit::numberText(m_model->rowCount())), Type::Small, Role::Text2}});
    });
    connect(save, &kit::Button::clicked, this, &CompareSheet::exportCsv);
    connect(m_rowsA, &kit::Button::clicked, this, [this] { goToRows(false); });
    connect(m_rowsB, &kit::Button::clicked, this, [this] { goToRows(true); });
    return foot;
}

void CompareSheet::showPeriods()
{
    const Period *periods[] = {&m_a, &m_b};
    for (int i = 0; i < 2; ++i) {
        m_edits[2 * i]->setText(momentText(periods[i]->from));
        m_edits[2 * i + 1]->setText(momentText(periods[i]->to));
        m_spoken[i]->setText(spokenText(*periods[i]));
    }
    m_follow->setVisible(!m_bFollows);
    m_problem->hide();
}

void CompareSheet::readPeriods(bool ofB)
{
    const Instant now = m_context.clock().now();
    const auto from = momentFrom(edit(ofB, false)->text(), false, now);
    const auto to = momentFrom(edit(ofB, true)->text(), true, now);
    QString problem;
    if (!from || !to)
        problem = tr("Write a time (2026-03-01, 2026-03-01T14:00), an age (30m, 8h, 2d) or now.");
    else if (*from >= *to)
        problem = tr("The period ends before it begins.");
    if (!problem.isEmpty()) {
        m_problem->setText((ofB ? tr("B") : tr("A")) + u": "_s + problem);
        m_problem->show();
        return;
    }
    const Period wanted{*from, *to};
    Period &period = ofB ? m_b : m_a;
    if (wanted == period) {
        m_problem->hide();
        return;
    }
    period = wanted;
    m_bFollows = ofB ? false : m_bFollows;
    if (m_bFollows)
        m_b = m_a.before();
    showPeriods();
    ask();
}

void CompareSheet::setField(const QString &field)
{
    m_field = field;
    ask();
}

void CompareSheet::chooseField(const QPoint &at)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const char *name : comparedFields)
        menu->addAction(compareLabel(QLatin1String(name)), this, [this, name] { setField(QLatin1String(name)); });
    menu->popup(at);
}

void CompareSheet::giveUp()
{
    if (m_round)
        m_round->cancel();
    m_round.reset();
}

void CompareSheet::ask()
{
    giveUp();
    const QString label = compareLabel(m_field);
    m_by->setText(tr("By %1").arg(label));
    m_table->setColumns({{u"value"_s, label, kit::CellKind::Text, 300, true, false, false, true},
                         {u"a"_s, tr("A"), kit::CellKind::Figure, 110},
                         {u"b"_s, tr("B"), kit::CellKind::Figure, 110},
                         {u"difference"_s, tr("Difference"), kit::CellKind::Figure, 120},
                         {u"ratio"_s, tr("Ratio A to B"), kit::CellKind::Figure, 110},
                         {u"change"_s, tr("Change"), kit::CellKind::State, 150}});
    AuditStore *audit = m_context.system().audit;
    if (!audit) {
        m_states->showEmpty(kit::Icon::Server, tr("No connection is open"), {{tr("Open a connection to count its events."), Type::Body, Role::Text2}});
        return;
    }
    m_grown = false;
    m_states->showLoading(tr("Asking the audit store"), [this] { dismiss(); });
    auto round = std::make_shared<Round>();
    m_round = round;
    round->period[0] = m_a;
    round->period[1] = m_b;
    for (int i = 0; i < 2; ++i) {
        const Period &period = round->period[i];
        const QString filter = withTime(m_filter, period.from, period.to);
        PageRequest one;
        one.limit = 1;
        one.query.filter = filter;
        const auto slice = std::max<Milliseconds>(1s, std::chrono::ceil<std::chrono::seconds>(period.length() / PeriodBars::slices));
        round->counts[i] = audit->countEvents(filter, m_field);
        round->totals[i] = audit->events(one);
        round->slices[i] = audit->activityOf(m_filter, period.from, period.from + slice * PeriodBars::slices, slice);
    }
    const auto take = [this, round](const auto &reply, auto *slot) {
        deliver(this, reply, [this, round, slot](const auto &answer) {
            if (round != m_round)
                return;
            slot->emplace(answer);
            answered(round);
        });
    };
    for (int i = 0; i < 2; ++i) {
        take(round->counts[i], &round->gotCounts[i]);
        take(round->totals[i], &round->gotTotals[i]);
        take(round->slices[i], &round->gotSlices[i]);
    }
}

void CompareSheet::answered(const std::shared_ptr<Round> &round)
{
    if (round->gotSlices[0] && round->gotSlices[1])
        showBars(*round);
    if (!round->isWhole())
        return;
    for (int i = 0; i < 2; ++i) {
        const Error *error = !*round->gotCounts[i] ? &round->gotCounts[i]->error() : !*round->gotTotals[i] ? &round->gotTotals[i]->error() : nullptr;
        if (error) {
            m_totals->setRuns({});
            m_age->setRuns({});
            m_states->showError(*error, [this] { ask(); });
            return;
        }
    }
    showCounts(*round);
}

void CompareSheet::showBars(const Round &round)
{
    QVector<qint64> counts[2];
    for (int i = 0; i < 2; ++i) {
        if (!*round.gotSlices[i])
            return m_bars->setMissing(round.gotSlices[i]->error().message);
        for (const ActivitySlice &slice : **round.gotSlices[i])
            counts[i] << slice.people + slice.agents + slice.services;
    }
    m_bars->setData(round.period[0], counts[0], round.period[1], counts[1]);
}

void CompareSheet::showCounts(const Round &round)
{
    const QVector<Bucket> &a = **round.gotCounts[0];
    const QVector<Bucket> &b = **round.gotCounts[1];
    const parapet::Page<AuditEvent> &pageA = **round.gotTotals[0];
    const parapet::Page<AuditEvent> &pageB = **round.gotTotals[1];
    m_asOf = std::min(pageA.asOf, pageB.asOf);
    const bool known = m_model->rowCount() > 0 && m_table->hasFocus();
    m_model->setValues(m_field, compared(a, b));
    QVector<kit::Run> totals{{tr("A"), Type::Body, Role::Text2}, {u' ' + pageA.total.text(), Type::Mono, Role::Text, 600},
                             {u"   "_s + tr("B"), Type::Body, Role::Text2}, {u' ' + pageB.total.text(), Type::Mono, Role::Text, 600}};
    if (a.size() >= mostCounted || b.size() >= mostCounted)
        totals << kit::Run{u"   "_s + tr("only the top %1 values of a period are counted").arg(mostCounted), Type::Small, Role::Medium};
    else if (m_a.length() != m_b.length())
        totals << kit::Run{u"   "_s + tr("the periods differ in length, and are counted as they are"), Type::Small, Role::Medium};
    m_totals->setRuns(totals);
    showAge();
    if (m_model->rowCount() == 0) {
        m_states->showEmpty(kit::Icon::Filter, tr("No event matches"), {{tr("Neither period holds one. Choose others above."), Type::Body, Role::Text2}});
        return;
    }
    m_states->showReady();
    m_table->setCurrentIndex(m_model->index(0, 0));
    if (known)
        m_table->setFocus();
}

void CompareSheet::showAge()
{
    QVector<kit::Run> runs{{tr("as of %1").arg(kit::localTime(m_asOf)), Type::Small, Role::Text3}};
    if (m_grown)
        runs << kit::Run{u". "_s + tr("The log has grown since."), Type::Small, Role::Medium};
    m_age->setRuns(runs);
    m_again->setVisible(m_grown);
}

void CompareSheet::hear(const QVector<ChangeEvent> &changes)
{
    // What this sheet itself reads is logged too, and counted by nobody before the next time.
    const auto counts = [this](const ChangeEvent &change) {
        if (change.kind != "event"_L1 || isReadAction(change.object.value("action"_L1).toString()))
            return false;
        const auto at = fromRfc3339(change.object.value("time"_L1).toString());
        return at && (m_a.holds(*at) || m_b.holds(*at));
    };
    if (m_grown || !isKnown(m_asOf) || !std::any_of(changes.begin(), changes.end(), counts))
        return;
    m_grown = true;
    showAge();
}

void CompareSheet::goToRows(bool ofB)
{
    const int row = m_table->currentIndex().row();
    if (row < 0 || row >= m_model->rowCount())
        return;
    const ComparedValue &value = m_model->values().at(row);
    const Period &period = ofB ? m_b : m_a;
    Q_EMIT rowsRequested(query::bothFilters(withTime(m_filter, period.from, period.to), query::term(m_field, query::Operator::Is, {value.key})));
    dismiss();
}

void CompareSheet::exportCsv()
{
    listing::TextExporter::ask(this, tr("Export the comparison"), u"periods.csv"_s, m_model->csvHeader(), m_model->csvRows(), m_model->rowCount(),
                               [this](const QString &sentence, bool whole) { m_told->setRuns({{sentence, Type::Small, whole ? Role::Text2 : Role::Critical}}); });
}

QString CompareSheet::summary() const
{
    return m_totals->text() + u'\n' + m_age->text() + (m_problem->isHidden() ? QString() : u'\n' + m_problem->fullText());
}

bool CompareSheet::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if ((key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) && key->modifiers() & Qt::ShiftModifier) {
            goToRows(true);
            return true;
        }
    }
    return Overlay::eventFilter(watched, event);
}

} // namespace parapet::pages
