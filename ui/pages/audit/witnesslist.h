// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/logfollower.h"

#include <QtWidgets/QWidget>

class QVBoxLayout;

namespace parapet::kit {
class PlainLabel;
class RunLine;
}

namespace parapet::pages {

/// Who has cosigned, a line each: what it is worth by shape and word, what they saw and when; pinned witnesses that said nothing;
/// and whether that is what was asked for.
class WitnessList : public QWidget
{
    Q_OBJECT

public:
    explicit WitnessList(QWidget *parent = nullptr);

    /// One sentence in place of the list.
    void setMissing(const QString &sentence);
    /// `happened`: of the event they are about; unknown: of the log as a whole.
    void setStatements(const QVector<fleet::WitnessStatement> &statements, const fleet::LogFollower &log, Instant happened, Instant now);
    QString text() const;

private:
    kit::RunLine *lineAt(int place);

    QVBoxLayout *m_lines;
    QVector<kit::RunLine *> m_rows;
    kit::PlainLabel *m_verdict;
};

} // namespace parapet::pages
