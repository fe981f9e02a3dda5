// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/overlay.h"

class QListView;

namespace parapet::ui {

/// The entries of an operation's journal as they lie on the disk, one line each. Read on another thread, drawn inert.
class JournalView : public kit::Overlay
{
    Q_OBJECT

public:
    JournalView(const QString &journalPath, QWidget *host);
    QListView *list() const { return m_list; }

private:
    QListView *m_list;
};

} // namespace parapet::ui
