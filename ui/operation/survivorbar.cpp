// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operation/survivorbar.h"

#include "ui/kit/button.h"
#include "ui/kit/parts.h"
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"
#include "ui/kit/tooltip.h"

#include <QtGui/QAccessible>
#include <QtGui/QPainter>
#include <QtWidgets/QBoxLayout>

namespace parapet::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int barMargin = 16;

/// The first probe that survives, else -1.
int firstSurvivor(const operation::Run &run)
{
    for (int i = 0; i < run.probes.size(); ++i) {
        if (run.probes[i].verdict == Verdict::Survives)
            return i;
    }
    return -1;
}

QString whenText(const operation::ProbeRun &probe, Instant now)
{
    const QString tries = SurvivorBar::tr("try %1").arg(probe.tries);
    if (probe.running)
        return tries + u" · "_s + SurvivorBar::tr("trying now");
    if (!isKnown(probe.nextTry))
        return tries;
    return tries + u" · "_s + SurvivorBar::tr("retry in %1").arg(kit::durationText(std::max(Milliseconds(0), probe.nextTry - now)));
}

} // namespace

SurvivorBar::SurvivorBar(QWidget *parent)
    : QWidget(parent), m_line(new kit::RunLine(this)), m_when(new kit::PlainLabel({}, kit::Type::Small, kit::Role::Text2, this)),
      m_retry(new kit::Button(tr("Retry now"), this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(barMargin + kit::space::m, kit::space::s, barMargin + kit::space::s, kit::space::s);
    row->setSpacing(kit::space::m);
    m_line->setMark(Proof::Broken);
    row->addWidget(m_line, 1);
    row->addWidget(m_when);
    row->addWidget(m_retry);
    connect(m_retry, &kit::Button::clicked, this, &SurvivorBar::retryRequested);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    hide();
}

void SurvivorBar::show(const operation::Run &run, Instant now)
{
    const int first = firstSurvivor(run);
    if (first < 0) {
        hide();
        return;
    }
    const auto count = std::count_if(run.probes.cbegin(), run.probes.cend(), [](const operation::ProbeRun &probe) { return probe.verdict == Verdict::Survives; });
    QString sentence = operation::describe(run.plan.probes[first], run.probes[first]);
    QVector<kit::Run> runs{{sentence, kit::Type::Body, kit::Role::Text, 600}};
    if (count > 1) {
        const QString more = tr(" and %n more", nullptr, int(count - 1));
        runs << kit::Run{more, kit::Type::Body, kit::Role::Text2, 0};
        sentence += more;
    }
    const bool isNews = isHidden() || accessibleName() != sentence;
    m_line->setRuns(runs);
    m_line->setToolTip(kit::plainToolTip(operation::survivors(run).join(u'\n')));
    m_when->setText(whenText(run.probes[first], now));
    setAccessibleName(sentence);
    QWidget::show();
    if (isNews) {
        QAccessibleEvent alert(this, QAccessible::Alert);
        QAccessible::updateAccessibility(&alert);
    }
}

QString SurvivorBar::text() const
{
    return m_line->text();
}

void SurvivorBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const kit::Theme &theme = kit::theme(this);
    kit::paintBox(painter, rect().adjusted(barMargin, 0, -barMargin, 0), kit::radius::control, theme.color(kit::Role::CriticalSoft), theme.color(kit::Role::Critical));
}

} // namespace parapet::ui
