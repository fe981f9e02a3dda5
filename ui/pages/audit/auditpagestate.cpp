// SPDX-License-Identifier: GPL-3.0-or-later
// How the log and the table stand, as the Audit page says it.
#include "models/items/auditmodel.h"
#include "ui/kit/filterfield.h"
#include "ui/kit/statepage.h"
#include "ui/kit/tableview.h"
#include "ui/kit/text/format.h"
#include "ui/pages/audit/auditpage.h"
#include "ui/pages/audit/logbanner.h"

namespace parapet::pages {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// "1,284 events exist. "; empty while it is not known.
QString wholeText(const std::optional<Count> &whole)
{
    if (!whole)
        return {};
    return (whole->isExact() ? AuditPage::tr("%Ln event(s) exist.", nullptr, kit::numerus(*whole)) : AuditPage::tr("%1 events exist.").arg(whole->text())) + u' ';
}

} // namespace

void AuditPage::showLog()
{
    const fleet::LogFollower *log = m_context.log();
    m_log->showLog(log, m_gaps);
    Instant alarm{};
    if (log && log->conflict() && log->conflict()->leaf >= 0) {
        if (const AuditEvent *row = m_model->rowAt(m_model->positionOf(QString::number(log->conflict()->leaf))))
            alarm = row->time;
    }
    m_brush->setAlarm(alarm);
    // Marks of all rows depend on how the log stands.
    if (m_model->rowCount() > 0)
        m_table->viewport()->update();
    showFigures();
    if (log && log->state() == fleet::LogState::Verified && isActive()) {
        constexpr auto gapsPause = 60s;
        if (!isKnown(m_gapsAt) || m_context.clock().now() - m_gapsAt > gapsPause) {
            m_gapsAt = m_context.clock().now();
            m_gaps.search();
        }
    }
}

void AuditPage::verifyAgain()
{
    m_context.retryNow();
    m_gapsAt = m_context.clock().now();
    m_gaps.search();
    m_model->refresh();
    if (fleet::LogFollower *log = m_context.log()) {
        log->refresh();
        m_model->checkHeld();
    }
}

void AuditPage::askWhole()
{
    AuditStore *audit = m_context.system().audit;
    if (!audit || !isActive())
        return;
    PageRequest one;
    one.limit = 1;
    deliver(this, audit->events(one), [this](const Result<parapet::Page<AuditEvent>> &answer) {
        if (!answer)
            return;
        m_whole = answer->total;
        showFigures();
    });
}

void AuditPage::showFigures()
{
    using kit::Role;
    using kit::Type;
    QVector<kit::Run> figures{{m_model->total().text(), Type::Body, Role::Text, 600}};
    if (m_whole && m_whole->value() > m_model->total().value())
        figures << kit::Run{tr(" of %1").arg(m_whole->text()), Type::Body, Role::Text};
    const fleet::LogFollower *log = m_context.log();
    if (log && log->conflict()) {
        figures << kit::Run{u"    "_s + tr("the log does not verify"), Type::Body, Role::Critical, 600};
        setFigures(figures);
        return;
    }
    const Watch *watch = m_context.watch();
    const bool live = watch && watch->state() == Watch::State::Live && !m_model->isStale();
    const Instant heard = live ? std::max(watch->lastHeard(), m_model->lastGood()) : m_model->lastGood();
    if (isKnown(heard)) {
        figures << kit::Run{u"    "_s + (live ? tr("live, updated %1") : tr("not live, last answer %1")).arg(kit::agoText(heard, m_context.clock().now())), Type::Body,
                            live ? Role::Text3 : Role::Medium};
    }
    setFigures(figures);
}

void AuditPage::showState()
{
    const bool stale = m_model->isStale();
    const bool any = m_model->rowCount() > 0;
    if (!m_context.isConnected() && !any) {
        m_banner->hide();
        m_states->showEmpty(kit::Icon::Server, tr("No system is connected"), {{tr("Open a connection to see its audit log."), kit::Type::Body, kit::Role::Text2, 0}},
                            {{tr("Connections"), [this] { Q_EMIT locationRequested({u"connections"_s, {}}); }, kit::Button::Kind::Primary, kit::Icon::Server, {}}});
        showFigures();
        return;
    }
    const auto retry = [this] { verifyAgain(); };
    if (any) {
        m_states->showReady();
        if (std::exchange(m_focusWaits, false) && isActive())
            m_table->setFocus();
        if (stale) {
            const QString why = m_model->error() ? m_model->error()->message : m_context.summary();
            m_banner->setMessage(kit::Banner::Kind::Stale, {{why + u' ', kit::Type::Body, kit::Role::Text, 0},
                                                            {tr("Rows are as they were at %1.").arg(kit::localTime(m_model->lastGood())), kit::Type::Body, kit::Role::Text2, 0}});
            m_banner->clearActions();
            m_banner->addAction(tr("Try again"), retry);
        }
        m_banner->setVisible(stale);
    } else if (m_model->state() == PagedModelBase::State::Failed || (stale && m_context.isFailing())) {
        m_banner->hide();
        m_states->showError(m_model->error().value_or(Error{Error::Code::Network, m_context.summary(), {}, true}), retry);
    } else if (m_model->state() == PagedModelBase::State::Ready) {
        m_banner->hide();
        const QString filter = m_model->query().filter;
        if (filter.isEmpty()) {
            m_states->showEmpty(kit::Icon::Document, tr("No event exists"), {{tr("The audit store answered, and its log is empty."), kit::Type::Body, kit::Role::Text2, 0}});
        } else {
            m_states->showEmpty(kit::Icon::Filter, tr("No event matches"),
                                {{wholeText(m_whole), kit::Type::Body, kit::Role::Text2, 0},
                                 {Untrusted(filter).inert(200), kit::Type::Mono, kit::Role::Text2, 0},
                                 {u' ' + tr("leaves none."), kit::Type::Body, kit::Role::Text2, 0}},
                                {{tr("Clear filter"), [this] { applyFilter({}); }, kit::Button::Kind::Normal, kit::Icon::None, u"Esc"_s}});
        }
    } else {
        m_banner->hide();
        m_states->showLoading(tr("Asking the audit store"));
    }
    showFigures();
}

} // namespace parapet::pages
