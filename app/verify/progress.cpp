// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verify/progress.h"

#include <QtCore/QByteArray>

#include <cstdio>
#include <unistd.h>

namespace parapet::verify {

namespace {

constexpr int barWidth = 40;
constexpr qint64 redrawMilliseconds = 100;

} // namespace

Progress::Progress() : m_terminal(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress()
{
    if (m_drawn)
        std::fputs("\r\x1b[K", stderr);
}

void Progress::show(qint64 done, qint64 of)
{
    if (!m_terminal || of <= 0 || (m_drawn && m_since.elapsed() < redrawMilliseconds))
        return;
    m_since.start();
    m_drawn = true;
    const double part = double(done) / double(of);
    const int filled = int(part * barWidth);
    const QByteArray bar = QByteArray(filled, '#') + QByteArray(barWidth - filled, '.');
    std::fprintf(stderr, "\r[%s] %3d %%  %lld / %lld", bar.constData(), int(part * 100), static_cast<long long>(done), static_cast<long long>(of));
    std::fflush(stderr);
}

} // namespace parapet::verify
