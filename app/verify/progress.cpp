// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verify/progress.h"

#include <QtCore/QByteArray>

#include <cstdio>
#include <unistd.h>

namespace parapet::verify {

namespace {

constexpr int barWidth = 40;
constexpr qint64 redrawMilliseconds = 100;
constexpr qint64 lineMilliseconds = 10'000;

} // namespace

Progress::Progress() : m_terminal(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress()
{
    if (m_drawn)
        std::fputs("\r\x1b[K", stderr);
}

void Progress::show(qint64 done, qint64 of)
{
    if (of <= 0 || (m_since.isValid() && m_since.elapsed() < (m_terminal ? redrawMilliseconds : lineMilliseconds)))
        return;
    const bool first = !m_since.isValid();
    m_since.start();
    if (!m_terminal) {
        // What is over at once needs no line.
        if (!first)
            std::fprintf(stderr, "parapet-verify: %lld of %lld entries\n", static_cast<long long>(done), static_cast<long long>(of));
        return;
    }
    m_drawn = true;
    const double part = double(done) / double(of);
    const int filled = int(part * barWidth);
    const QByteArray bar = QByteArray(filled, '#') + QByteArray(barWidth - filled, '.');
    std::fprintf(stderr, "\r[%s] %3d %%  %lld / %lld", bar.constData(), int(part * 100), static_cast<long long>(done), static_cast<long long>(of));
    std::fflush(stderr);
}

} // namespace parapet::verify
