// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/icon.h"

#include <QtCore/QCache>
#include <QtCore/QFile>
#include <QtGui/QPainter>
#include <QtSvg/QSvgRenderer>

#include <array>

namespace parapet::kit {

namespace {

constexpr std::array<const char *, IconCount> iconNames{
    "",         "overview",  "bell",         "flag",          "hourglass",    "terminal",   "key",
    "share",    "checklist", "document",     "shield-check",  "stopwatch",    "sliders",    "search",
    "filter",   "columns",   "chevron-down", "chevron-right", "chevron-left", "chevron-up", "close",
    "check",    "plus",      "minus",        "freeze",        "isolate",      "camera",     "pause",
    "stop",     "play",      "ban",          "human",         "robot",        "lease",      "globe",
    "cpu",      "file",      "tree",         "database",      "branch",       "cube",       "nodes",
    "server",   "cloud",     "people",       "box-minus",     "clock",        "lock",       "copy",
    "download", "dots",      "external",     "arrow-left",    "arrow-right",  "arrow-up",   "arrow-down",
    "comment",  "wrench",    "certificate",  "scissors",      "gem",          "history",    "pencil",
    "undo",     "warning",   "info",         "bookmark",   "parapet"};

struct IconKey {
    Icon icon;
    QRgb color;
    int percent; ///< device pixel ratio in hundredths
    int pixels;
    friend bool operator==(const IconKey &, const IconKey &) = default;
    friend size_t qHash(const IconKey &key, size_t seed = 0)
    {
        return qHashMulti(seed, int(key.icon), key.color, key.percent, key.pixels);
    }
};

QPixmap renderIcon(const IconKey &key, const QColor &color)
{
    QFile file(QLatin1String(":/icons/") + QLatin1String(iconName(key.icon)) + QLatin1String(".svg"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QByteArray svg = file.readAll();
    svg.replace("currentColor", color.name(QColor::HexRgb).toLatin1());
    svg.replace("currentAccent", theme(nullptr).color(Role::Accent).name(QColor::HexRgb).toLatin1());
    QSvgRenderer renderer(svg);
    QPixmap pixmap(QSize(key.pixels, key.pixels) * key.percent / 100);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(color.alphaF());
    renderer.render(&painter);
    painter.end();
    pixmap.setDevicePixelRatio(key.percent / 100.0);
    return pixmap;
}

} // namespace

const char *iconName(Icon icon)
{
    return iconNames[size_t(icon)];
}

QPixmap iconPixmap(Icon icon, const QColor &color, qreal devicePixelRatio, int pixels)
{
    if (icon == Icon::None || pixels <= 0)
        return {};
    // Pixmaps belong to the GUI thread, and so does this.
    static QCache<IconKey, QPixmap> cache(1024);
    const IconKey key{icon, color.rgba(), qRound(devicePixelRatio * 100), pixels};
    // The product's mark holds two colours, so it is not kept.
    if (icon == Icon::Parapet)
        return renderIcon(key, color);
    if (const QPixmap *found = cache.object(key))
        return *found;
    auto *made = new QPixmap(renderIcon(key, color));
    const QPixmap result = *made;
    cache.insert(key, made);
    return result;
}

void paintIcon(QPainter &painter, const QRect &rect, Icon icon, const QColor &color, int pixels)
{
    const QPixmap pixmap = iconPixmap(icon, color, painter.device()->devicePixelRatioF(), pixels);
    if (!pixmap.isNull())
        painter.drawPixmap(QPoint(rect.left() + (rect.width() - pixels) / 2, rect.top() + (rect.height() - pixels) / 2),
                           pixmap);
}

} // namespace parapet::kit
