// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/witnesslist.h"

#include "ui/kit/parts.h"
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"

#include <QtWidgets/QBoxLayout>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using kit::Role;
using kit::Run;
using kit::Type;

WitnessList::WitnessList(QWidget *parent) : QWidget(parent), m_lines(new QVBoxLayout(this)), m_verdict(new kit::PlainLabel({}, Type::Small, Role::Text2, this))
{
    m_lines->setContentsMargins(0, 0, 0, 0);
    m_lines->setSpacing(kit::space::xs);
    m_verdict->setWordWrap(true);
    m_lines->addWidget(m_verdict);
}

kit::RunLine *WitnessList::lineAt(int place)
{
    while (m_rows.size() <= place) {
        auto *line = new kit::RunLine(this);
        m_lines->insertWidget(int(m_rows.size()), line);
        m_rows << line;
    }
    m_rows.at(place)->show();
    return m_rows.at(place);
}

void WitnessList::setMissing(const QString &sentence)
{
    for (kit::RunLine *line : std::as_const(m_rows))
        line->hide();
    m_verdict->setRole(Role::Text2);
    m_verdict->setText(sentence);
    m_verdict->show();
}

void WitnessList::setStatements(const QVector<fleet::WitnessStatement> &statements, const fleet::LogFollower &log, Instant happened, Instant now)
{
    int place = 0;
    const auto add = [&](Proof mark, const QString &name, const QString &words, Role role) {
        kit::RunLine *line = lineAt(place++);
        line->setMark(mark);
        line->setRuns({{Untrusted(name).inert(60), Type::MonoSmall, Role::Text}, {u"  "_s + words, Type::Small, role}});
    };
    using fleet::WitnessWorth;
    for (const fleet::WitnessStatement &one : statements) {
        const QString size = kit::numberText(one.size);
        switch (one.worth) {
        case WitnessWorth::Verified:
            add(Proof::Verified, one.witness, tr("saw %1 events, %2").arg(size, kit::localDateTime(one.at)), Role::Ok);
            break;
        case WitnessWorth::Unknown:
            add(Proof::Unchecked, one.witness, tr("unknown witness: proves nothing here"), Role::Text3);
            break;
        case WitnessWorth::Wrong:
            add(Proof::Broken, one.witness, tr("not the signature of this witness"), Role::Critical);
            break;
        case WitnessWorth::OtherHistory:
            add(Proof::Broken, one.witness, tr("saw another history of %1 events, %2").arg(size, kit::localDateTime(one.at)), Role::Critical);
            break;
        }
    }
    for (const crypto::NoteVerifier &pinned : log.witnesses()) {
        const bool told = std::any_of(statements.begin(), statements.end(), [&](const fleet::WitnessStatement &one) {
            return one.witness == pinned.name && one.keyHash == pinned.keyHash();
        });
        if (!told)
            add(Proof::Pending, pinned.name, isKnown(happened) ? tr("has not cosigned it") : tr("has cosigned nothing"), Role::Text2);
    }
    for (int i = place; i < m_rows.size(); ++i)
        m_rows.at(i)->hide();
    const fleet::PolicyVerdict verdict = fleet::judgePolicy(log.witnessPolicy(), statements, int(log.witnesses().size()), happened, now);
    QString sentence = verdict.sentence;
    if (log.witnesses().isEmpty())
        sentence = tr("No witness is pinned: enter their keys on the Connections page.");
    m_verdict->setRole(verdict.holds ? Role::Text2 : Role::Medium);
    m_verdict->setText(sentence);
    m_verdict->setVisible(!sentence.isEmpty());
}

QString WitnessList::text() const
{
    QStringList lines;
    for (const kit::RunLine *line : m_rows) {
        if (!line->isHidden())
            lines << line->text();
    }
    if (!m_verdict->isHidden())
        lines << m_verdict->fullText();
    return lines.join(u'\n');
}

} // namespace parapet::pages
