// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QElapsedTimer>

namespace parapet::verify {

/// A bar on standard error when that is a terminal; otherwise a line now and then.
class Progress
{
public:
    Progress();
    ~Progress();
    Q_DISABLE_COPY_MOVE(Progress)

    void show(qint64 done, qint64 of);

private:
    const bool m_terminal;
    bool m_drawn = false;
    QElapsedTimer m_since; ///< the last drawing
};

} // namespace parapet::verify
