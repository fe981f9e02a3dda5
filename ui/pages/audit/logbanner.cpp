// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/logbanner.h"

#include "ui/kit/text/format.h"

#include <QtGui/QAccessible>
#include <QtGui/QPainter>
#include <QtWidgets/QBoxLayout>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using kit::Role;
using kit::Run;
using kit::Type;

LogBanner::LogBanner(QWidget *parent)
    : QWidget(parent), m_title(new kit::RunLine(this)), m_what(new kit::RunLine(this)), m_where(new kit::RunLine(this)), m_gaps(new kit::LinkButton({}, this)),
      m_witnesses(new kit::LinkButton(tr("Who has seen it"), this)), m_limits(new kit::LinkButton(tr("What this does not prove"), this)), m_copy(new kit::Button(tr("Copy bundle's path"), kit::Icon::Copy, kit::Button::Kind::Normal, this)),
      m_retry(new kit::Button(tr("Try again"), this)), m_acknowledge(new kit::Button(tr("Acknowledge"), kit::Icon::Check, kit::Button::Kind::Normal, this))
{
    setAccessibleName(tr("The log"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(kit::space::page, 9, kit::space::page, 9);
    row->setSpacing(kit::space::m);
    auto *lines = new QVBoxLayout;
    lines->setSpacing(2);
    for (kit::RunLine *line : {m_title, m_what, m_where})
        lines->addWidget(line);
    row->addLayout(lines, 1);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_gaps, m_witnesses, m_limits, m_copy, m_retry, m_acknowledge})
        row->addWidget(widget);
    connect(m_gaps, &kit::LinkButton::clicked, this, &LogBanner::gapsRequested);
    connect(m_witnesses, &kit::LinkButton::clicked, this, &LogBanner::witnessesRequested);
    connect(m_limits, &kit::LinkButton::clicked, this, &LogBanner::limitsRequested);
    connect(m_copy, &kit::Button::clicked, this, &LogBanner::bundleRequested);
    connect(m_retry, &kit::Button::clicked, this, &LogBanner::refreshRequested);
    connect(m_acknowledge, &kit::Button::clicked, this, &LogBanner::acknowledged);
}

QString LogBanner::text() const
{
    QStringList lines;
    for (const kit::RunLine *line : {m_title, m_what, m_where}) {
        if (!line->isHidden())
            lines << line->text();
    }
    return lines.join(u'\n');
}

void LogBanner::enter(Look look)
{
    const bool another = look != m_look;
    m_look = look;
    const bool refused = look == Look::Refused;
    m_what->setVisible(refused);
    m_where->setVisible(refused);
    m_copy->setVisible(refused);
    m_limits->setVisible(!refused);
    m_witnesses->setVisible(look == Look::Verified);
    m_retry->setVisible(look == Look::Stale);
    m_acknowledge->setVisible(refused);
    setAccessibleDescription(text());
    update();
    if (another && look != Look::Quiet) {
        QAccessibleEvent event(this, QAccessible::Alert);
        QAccessible::updateAccessibility(&event);
    }
}

void LogBanner::showGood(const fleet::LogFollower &follower)
{
    const fleet::GoodCheckpoint &good = *follower.checkpoint();
    m_title->setMark(Proof::Verified);
    QVector<Run> runs{{tr("Verified here"), Type::Body, Role::Ok, 600},
                      {u"   "_s + tr("checkpoint") + u' ', Type::Body, Role::Text2},
                      {kit::numberText(good.size()), Type::Mono, Role::Text, 600},
                      {u' ' + tr("at %1, signed by the pinned key").arg(kit::localTime(good.at)) + u' ', Type::Body, Role::Text2},
                      {Untrusted(follower.keyName()).inert(80), Type::Mono, Role::Text2}};
    if (good.consistentWith >= 0) {
        runs << Run{u", "_s + tr("consistent with") + u' ', Type::Body, Role::Text2} << Run{kit::numberText(good.consistentWith), Type::Mono, Role::Text2};
    } else {
        runs << Run{u", "_s + tr("the first one that this console kept"), Type::Body, Role::Text2};
    }
    if (!follower.reason().isEmpty())
        runs << Run{u". "_s + follower.reason(), Type::Body, Role::Medium};
    m_title->setRuns(runs);
    enter(Look::Verified);
}

void LogBanner::showConflict(const fleet::LogFollower &follower)
{
    const fleet::LogConflict &conflict = *follower.conflict();
    m_title->setGlyph(kit::Icon::Warning, Role::OnAccent);
    m_title->setRuns({{conflict.title, Type::DialogTitle, Role::OnAccent, 600}});
    const auto plain = [](const QString &text) { return Run{text, Type::Body, Role::OnAccent}; };
    const auto mono = [](const QString &text) { return Run{text, Type::Mono, Role::OnAccent}; };
    QVector<Run> what{plain(tr("What:") + u' '), plain(conflict.what)};
    what << plain(u". "_s + tr("Where:") + u' ') << mono(conflict.where);
    what << plain(u". "_s + (isKnown(conflict.lastGood) ? tr("Since: after %1, seen %2.").arg(kit::localTime(conflict.lastGood), kit::localTime(conflict.seen))
                                                      : tr("Seen %1.").arg(kit::localTime(conflict.seen))));
    if (conflict.leaf >= 0 && follower.failedRows() > 1)
        what << plain(u' ' + tr("%Ln other event(s) do not verify either.", nullptr, follower.failedRows() - 1));
    m_what->setRuns(what);
    QVector<Run> where;
    if (!conflict.bundlePath.isEmpty()) {
        where << plain(tr("Conflict bundle saved:") + u' ') << mono(Untrusted(conflict.bundlePath).inert(240)) << plain(u", "_s + kit::bytesText(conflict.bundleBytes) + u'.');
    } else if (!conflict.bundleError.isEmpty()) {
        where << plain(tr("The conflict bundle could not be saved: %1").arg(conflict.bundleError));
    } else {
        where << plain(tr("The conflict bundle is being saved."));
    }
    if (follower.isGoodAgain())
        where << plain(u' ' + tr("Checkpoint %1 was consistent again at %2.").arg(kit::numberText(follower.checkpoint()->size()), kit::localTime(follower.checkpoint()->at)));
    else
        where << plain(u' ' + tr("Nothing is deleted from this console."));
    m_where->setRuns(where);
    m_copy->setAvailable(!conflict.bundlePath.isEmpty(), tr("There is no bundle to copy the path of."));
    m_acknowledge->setAvailable(follower.isGoodAgain(), tr("The log does not verify again yet."));
    enter(Look::Refused);
}

void LogBanner::showReason(const fleet::LogFollower *follower)
{
    const bool stale = follower && follower->state() == fleet::LogState::Stale;
    const bool troubled = stale || (follower && follower->state() == fleet::LogState::Waiting && !follower->reason().isEmpty());
    m_title->setMark(Proof::Unchecked);
    QVector<Run> runs;
    if (!follower) {
        runs << Run{tr("Not verified."), Type::Body, Role::Text2, 600} << Run{u' ' + tr("This console does not follow the log."), Type::Body, Role::Text2};
    } else if (stale) {
        runs << Run{tr("Not verified since %1.").arg(kit::localTime(follower->since())), Type::Body, Role::Medium, 600} << Run{u' ' + follower->reason(), Type::Body, Role::Text};
        if (follower->checkpoint()) {
            runs << Run{u' ' + tr("Last good: checkpoint %1 at %2.").arg(kit::numberText(follower->checkpoint()->size()), kit::localTime(follower->checkpoint()->at)), Type::Body,
                        Role::Text2};
        }
    } else if (follower->state() == fleet::LogState::Waiting) {
        if (follower->reason().isEmpty())
            runs << Run{tr("The log's checkpoint is being verified."), Type::Body, Role::Text2};
        else
            runs << Run{tr("Not verified since %1.").arg(kit::localTime(follower->since())), Type::Body, Role::Medium, 600} << Run{u' ' + follower->reason(), Type::Body, Role::Text};
    } else {
        runs << Run{tr("Not verified."), Type::Body, Role::Text2, 600} << Run{u' ' + follower->reason(), Type::Body, Role::Text2};
    }
    m_title->setRuns(runs);
    enter(troubled ? Look::Stale : Look::Quiet);
}

void LogBanner::showGaps(const fleet::LogGaps &gaps)
{
    const bool any = gaps.isKnown() && !gaps.gaps().isEmpty();
    m_gaps->setVisible(any && m_look != Look::Refused);
    if (any)
        m_gaps->setText(tr("%Ln gap(s)", nullptr, int(gaps.gaps().size())) + u' ' + tr("in %Ln source(s)", nullptr, gaps.sources()));
}

void LogBanner::showLog(const fleet::LogFollower *follower, const fleet::LogGaps &gaps)
{
    if (follower && follower->conflict())
        showConflict(*follower);
    else if (follower && follower->state() == fleet::LogState::Verified && follower->checkpoint())
        showGood(*follower);
    else
        showReason(follower);
    showGaps(gaps);
}

void LogBanner::paintEvent(QPaintEvent *)
{
    const kit::Theme &look = kit::theme(this);
    QPainter painter(this);
    const Role ground = m_look == Look::Verified ? Role::OkSoft : m_look == Look::Refused ? Role::CriticalFill : m_look == Look::Stale ? Role::MediumSoft : Role::InfoSoft;
    painter.fillRect(rect(), look.color(ground));
    if (m_look != Look::Refused)
        painter.fillRect(QRect(0, height() - 1, width(), 1), look.color(Role::Line));
}

} // namespace parapet::pages
