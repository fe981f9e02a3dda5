// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/overlay.h"

namespace parapet::kit {
class TableView;
}

namespace parapet::ui {

/// The entries of an operation's journal as they lie on the disk, one row each (journalmodel.h). Ctrl+C takes an entry whole.
class JournalView : public kit::Overlay
{
    Q_OBJECT

public:
    JournalView(const QString &journalPath, QWidget *host);
    kit::TableView *table() const { return m_table; }

private:
    kit::TableView *m_table;
};

} // namespace parapet::ui
