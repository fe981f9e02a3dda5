// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QString>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <vector>

namespace parapet::bench {

using Steady = std::chrono::steady_clock;

inline double millisecondsSince(Steady::time_point start)
{
    return std::chrono::duration<double, std::milli>(Steady::now() - start).count();
}

/// Processor time of this thread so far: what other programs on the machine take does not count.
inline double threadMilliseconds()
{
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return double(used.tv_sec) * 1e3 + double(used.tv_nsec) / 1e6;
}

/// The value that `percent` of the samples do not exceed (nearest rank); 50 is the median.
inline double percentile(std::vector<double> samples, double percent)
{
    if (samples.empty())
        return std::nan("");
    std::sort(samples.begin(), samples.end());
    const auto rank = size_t(std::ceil(percent / 100 * double(samples.size())));
    return samples[std::clamp<size_t>(rank, 1, samples.size()) - 1];
}
inline double median(std::vector<double> samples)
{
    return percentile(std::move(samples), 50);
}

/// One figure, one line. `beside`: what else the same run measured, with its unit; may be empty.
inline void print(const char *name, double value, const char *unit, const QString &work, const QString &beside = {})
{
    const QJsonObject line{{QStringLiteral("name"), QLatin1String(name)},
                           {QStringLiteral("value"), std::round(value * 1000) / 1000},
                           {QStringLiteral("unit"), QLatin1String(unit)},
                           {QStringLiteral("work"), work},
                           {QStringLiteral("beside"), beside}};
    std::printf("%s\n", QJsonDocument(line).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
}

} // namespace parapet::bench
