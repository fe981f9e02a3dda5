// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/logsheets.h"

#include "models/fleet/logfollower.h"
#include "models/query/printer.h"
#include "ui/kit/parts.h"
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"
#include "ui/pages/audit/witnesslist.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QScrollArea>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using kit::Role;
using kit::Type;

namespace {

constexpr qint64 gapNeighbours = 3;

struct Sheet {
    QVBoxLayout *lines;
    kit::Button *close;
};

Sheet fill(kit::Overlay *overlay, const QString &title, const QString &sentence)
{
    overlay->setName(title);
    auto *column = new QVBoxLayout(overlay->panel());
    column->setContentsMargins(kit::space::xl, kit::space::l, kit::space::xl, kit::space::l);
    column->setSpacing(kit::space::m);
    column->addWidget(new kit::PlainLabel(title, Type::DialogTitle, Role::Text, overlay->panel()));
    auto *what = new kit::PlainLabel(sentence, Type::Body, Role::Text2, overlay->panel());
    what->setWordWrap(true);
    column->addWidget(what);
    auto *scroll = new QScrollArea(overlay->panel());
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *body = new kit::Ground(Role::Overlay);
    auto *lines = new QVBoxLayout(body);
    lines->setContentsMargins(0, 0, kit::space::s, 0);
    lines->setSpacing(kit::space::m);
    scroll->setWidget(body);
    column->addWidget(scroll, 1);
    auto *close = new kit::Button(kit::Overlay::tr("Close"), overlay->panel());
    auto *foot = new QHBoxLayout;
    foot->addStretch(1);
    foot->addWidget(close);
    column->addLayout(foot);
    QObject::connect(close, &kit::Button::clicked, overlay, &kit::Overlay::dismiss);
    QObject::connect(overlay, &kit::Overlay::dismissed, overlay, &QObject::deleteLater);
    return {lines, close};
}

} // namespace

LimitsSheet::LimitsSheet(QWidget *host) : Overlay(host)
{
    setPanelSize({620, 460});
    const Sheet sheet = fill(this, tr("What this does not prove"), tr("A verified event is, byte for byte, a leaf of the tree that the pinned key signed, and that tree "
                                                                     "begins with every one that this console kept before. It does not prove:"));
    for (const QString &limit : fleet::limitsOfVerification()) {
        auto *line = new kit::PlainLabel(limit, Type::Body, Role::Text, panel());
        line->setWordWrap(true);
        sheet.lines->addWidget(line);
    }
    sheet.lines->addStretch(1);
    present(sheet.close);
}

GapsSheet::GapsSheet(QWidget *host, const fleet::LogGaps &gaps) : Overlay(host)
{
    setPanelSize({620, 420});
    const Sheet sheet = fill(this, tr("Gaps in the sources' own numbers"),
                             tr("Each source numbers its events without a gap. The audit store counts %1 of them missing: an event was lost before the log, or was left out of it. "
                                "The counts are what the audit store says; they are not proven.")
                                 .arg(kit::numberText(gaps.missing())));
    QWidget *first = sheet.close;
    for (const fleet::SequenceGap &gap : gaps.gaps()) {
        auto *link = new kit::LinkButton(fleet::sentenceOf(gap), panel());
        using query::Operator;
        const QString filter = query::term(u"origin"_s, Operator::Is, {gap.origin}) + u' '
            + query::term(u"originSequence"_s, Operator::AtLeast, {QString::number(gap.first - gapNeighbours)}) + u' '
            + query::term(u"originSequence"_s, Operator::AtMost, {QString::number(gap.last + gapNeighbours)});
        connect(link, &kit::LinkButton::clicked, this, [this, filter] {
            Q_EMIT filterRequested(filter);
            dismiss();
        });
        if (first == sheet.close)
            first = link;
        sheet.lines->addWidget(link);
    }
    sheet.lines->addStretch(1);
    present(first);
}

WitnessesSheet::WitnessesSheet(QWidget *host, fleet::LogFollower &log, const Clock &clock) : Overlay(host)
{
    setPanelSize({620, 380});
    const Sheet sheet = fill(this, tr("Who has seen this log"),
                             tr("A witness that is independent of the log and cosigns its checkpoints shows that others are given the same log as this console. "
                                "Its word counts here only when its key is pinned, and when it fits the tree that this console verified."));
    m_list = new WitnessList(panel());
    m_list->setMissing(tr("The log is being asked."));
    auto *pins = new kit::LinkButton(tr("Pin witnesses, or make this console one"), panel());
    sheet.lines->addWidget(m_list);
    sheet.lines->addWidget(pins);
    sheet.lines->addStretch(1);
    connect(pins, &kit::LinkButton::clicked, this, [this] {
        Q_EMIT connectionsRequested();
        dismiss();
    });
    deliver(this, log.witnessesOf(-1), [this, &log, &clock](const Result<QVector<fleet::WitnessStatement>> &statements) {
        if (statements)
            m_list->setStatements(*statements, log, {}, clock.now());
        else
            m_list->setMissing(statements.error().message);
    });
    present(sheet.close);
}

} // namespace parapet::pages
