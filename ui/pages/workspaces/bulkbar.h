// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/count.h"
#include "ui/kit/parts.h"
#include "ui/kit/rowselection.h"
#include "ui/shell/command.h"

namespace parapet::kit {
class Button;
class LinkButton;
class PlainLabel;
}

namespace parapet::pages {

/// Above the bottom edge of the table while rows are checked: how many, "Select all that match", and the commands on them.
class BulkBar : public kit::Ground
{
    Q_OBJECT

public:
    /// `selection` lives longer than the bar.
    BulkBar(kit::RowSelection &selection, shell::CommandRegistry &commands, const QStringList &commandIds, QWidget *parent);

    /// How many match in all.
    void setTotal(const Count &total);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void follow();
    /// Where there is no room for words, the buttons that destroy nothing are their icons; name and tooltip stay.
    void fit();

    kit::RowSelection &m_selection;
    Count m_total;
    QVector<kit::Button *> m_buttons;
    kit::PlainLabel *m_count;
    kit::LinkButton *m_all;
    kit::LinkButton *m_none;
};

} // namespace parapet::pages
