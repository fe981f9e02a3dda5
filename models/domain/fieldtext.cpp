// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/fieldtext.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>

#include <array>
#include <cmath>

namespace parapet {
namespace {

QDateTime fieldTextMoment(Instant at)
{
    return QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count(), Qt::UTC);
}

struct EnumerationLabel {
    const char *name;
    const char *label;
};

constexpr EnumerationLabel enumerationLabels[] = {
    {"human", QT_TRANSLATE_NOOP("enumerations", "Human")},
    {"agent", QT_TRANSLATE_NOOP("enumerations", "AI agent")},
    {"service", QT_TRANSLATE_NOOP("enumerations", "Service")},
    {"success", QT_TRANSLATE_NOOP("enumerations", "Success")},
    {"denied", QT_TRANSLATE_NOOP("enumerations", "Denied")},
    {"failure", QT_TRANSLATE_NOOP("enumerations", "Failure")},
    {"gitToken", QT_TRANSLATE_NOOP("enumerations", "Git token")},
    {"databasePassword", QT_TRANSLATE_NOOP("enumerations", "Database password")},
    {"registryToken", QT_TRANSLATE_NOOP("enumerations", "Registry token")},
    {"cloudRole", QT_TRANSLATE_NOOP("enumerations", "Cloud role")},
    {"active", QT_TRANSLATE_NOOP("enumerations", "Active")},
    {"revoked", QT_TRANSLATE_NOOP("enumerations", "Revoked")},
    {"expired", QT_TRANSLATE_NOOP("enumerations", "Expired")},
    {"open", QT_TRANSLATE_NOOP("enumerations", "Open")},
    {"ended", QT_TRANSLATE_NOOP("enumerations", "Ended")},
    {"starting", QT_TRANSLATE_NOOP("enumerations", "Starting")},
    {"running", QT_TRANSLATE_NOOP("enumerations", "Running")},
    {"frozen", QT_TRANSLATE_NOOP("enumerations", "Frozen")},
    {"stopping", QT_TRANSLATE_NOOP("enumerations", "Stopping")},
    {"stopped", QT_TRANSLATE_NOOP("enumerations", "Stopped")},
    {"observed", QT_TRANSLATE_NOOP("enumerations", "Observed")},
    {"silent", QT_TRANSLATE_NOOP("enumerations", "Silent")},
    {"none", QT_TRANSLATE_NOOP("enumerations", "None")},
    {"sessionToken", QT_TRANSLATE_NOOP("enumerations", "Session token")},
    {"lease", QT_TRANSLATE_NOOP("enumerations", "Lease")},
    {"processTree", QT_TRANSLATE_NOOP("enumerations", "Process tree")},
    {"sandboxNetwork", QT_TRANSLATE_NOOP("enumerations", "Sandbox network")},
    {"networkFlow", QT_TRANSLATE_NOOP("enumerations", "Network flow")},
    {"sessionRecord", QT_TRANSLATE_NOOP("enumerations", "Session record")},
    {"auditEntry", QT_TRANSLATE_NOOP("enumerations", "Audit entry")},
    {"evidence", QT_TRANSLATE_NOOP("enumerations", "Evidence")},
    {"holds", QT_TRANSLATE_NOOP("enumerations", "Holds")},
    {"survives", QT_TRANSLATE_NOOP("enumerations", "Survives")},
    {"unknown", QT_TRANSLATE_NOOP("enumerations", "Unknown")},
};

/// Numbers as a person reads them in `locale`.
QString fieldTextNumber(FieldKind kind, qint64 number, const TextStyle &style)
{
    switch (kind) {
    case FieldKind::Bytes:
        return bytesText(number, style.locale);
    case FieldKind::Duration:
        return durationText(Milliseconds(number));
    case FieldKind::Identifier: // a name made of digits: never grouped
        return QString::number(number);
    default:
        return style.locale.toString(number);
    }
}

} // namespace

QString fieldText(const char *noop)
{
    return QCoreApplication::translate("fields", noop);
}

QString enumerationText(const QString &name)
{
    for (const EnumerationLabel &entry : enumerationLabels) {
        if (name == QLatin1String(entry.name))
            return QCoreApplication::translate("enumerations", entry.label);
    }
    return Untrusted(name).inert(128);
}

QString bytesText(qint64 bytes, const QLocale &locale)
{
    static constexpr std::array units{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    double value = double(bytes);
    size_t unit = 0;
    // 999.5 would be rounded to "1000", so the next unit begins there.
    while (std::abs(value) >= (unit == 0 ? 1000.0 : 999.5) && unit + 1 < units.size()) {
        value /= 1000.0;
        ++unit;
    }
    const double size = std::abs(value);
    const int decimals = unit == 0 ? 0 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
    return locale.toString(value, 'f', decimals) + QChar(0x00a0) + QLatin1String(units[unit]);
}

QString durationText(Milliseconds duration)
{
    const bool negative = duration.count() < 0;
    const quint64 ms = negative ? 0 - quint64(duration.count()) : quint64(duration.count());
    const quint64 seconds = ms / 1000;
    const auto two = [](const QString &pattern, quint64 large, quint64 small) {
        return pattern.arg(large).arg(small, 2, 10, QLatin1Char('0'));
    };
    QString text;
    if (seconds >= 86400)
        text = two(QCoreApplication::translate("durations", "%1 d %2 h"), seconds / 86400, seconds % 86400 / 3600);
    else if (seconds >= 3600)
        text = two(QCoreApplication::translate("durations", "%1 h %2 m"), seconds / 3600, seconds % 3600 / 60);
    else if (seconds >= 60)
        text = two(QCoreApplication::translate("durations", "%1 m %2 s"), seconds / 60, seconds % 60);
    else if (seconds >= 1 || ms == 0)
        text = QCoreApplication::translate("durations", "%1 s").arg(seconds);
    else
        text = QCoreApplication::translate("durations", "%1 ms").arg(ms);
    return negative ? QChar(0x2212) + text : text;
}

QString roughDurationText(Milliseconds duration)
{
    const Milliseconds whole = std::max(Milliseconds(0), duration - duration % std::chrono::seconds(1));
    const bool minutes = whole >= std::chrono::minutes(1) && whole < std::chrono::hours(1);
    return minutes ? QCoreApplication::translate("durations", "%1 min").arg(whole / std::chrono::minutes(1)) : durationText(whole);
}

QString ageText(Instant at, Instant now)
{
    if (!isKnown(at) || !isKnown(now))
        return {};
    const Milliseconds distance = now < at ? at - now : now - at;
    // Ages are drawn in tables that refresh by the second: parts of one would only flicker.
    return durationText(distance - distance % std::chrono::seconds(1));
}

QString timeText(Instant at, const TextStyle &style)
{
    if (!isKnown(at))
        return {};
    const QDateTime local = fieldTextMoment(at).toTimeZone(style.zone);
    const bool today = isKnown(style.now) && fieldTextMoment(style.now).toTimeZone(style.zone).date() == local.date();
    const QString pattern = today ? QStringLiteral("HH:mm:ss") : QStringLiteral("yyyy-MM-dd HH:mm:ss");
    return local.toString(pattern) + QLatin1Char(' ') + style.zone.abbreviation(local);
}

QString utcText(Instant at)
{
    if (!isKnown(at))
        return {};
    return fieldTextMoment(at).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz")) + QStringLiteral(" UTC");
}

QString displayText(FieldKind kind, const FieldValue &value, const TextStyle &style)
{
    struct Visitor {
        FieldKind kind;
        const TextStyle &style;
        QString operator()(std::monostate) const { return {}; }
        QString operator()(const QString &text) const
        {
            return kind == FieldKind::Enumeration ? enumerationText(text) : Untrusted(text).inert();
        }
        QString operator()(const Untrusted &text) const { return text.inert(); }
        QString operator()(qint64 number) const { return fieldTextNumber(kind, number, style); }
        QString operator()(double number) const { return style.locale.toString(number, 'f', 1); }
        QString operator()(bool set) const
        {
            return set ? QCoreApplication::translate("fields", "Yes") : QCoreApplication::translate("fields", "No");
        }
        QString operator()(Instant at) const { return timeText(at, style); }
    };
    return std::visit(Visitor{kind, style}, value);
}

QString exportText(FieldKind, const FieldValue &value)
{
    struct Visitor {
        QString operator()(std::monostate) const { return {}; }
        QString operator()(const QString &text) const { return Untrusted(text).inert(1 << 16); }
        QString operator()(const Untrusted &text) const { return text.inert(1 << 16); }
        QString operator()(qint64 number) const { return QString::number(number); }
        QString operator()(double number) const { return QString::number(number, 'g', QLocale::FloatingPointShortest); }
        QString operator()(bool set) const { return set ? QStringLiteral("true") : QStringLiteral("false"); }
        QString operator()(Instant at) const { return toRfc3339(at); }
    };
    return std::visit(Visitor{}, value);
}

} // namespace parapet
