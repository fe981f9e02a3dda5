// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/marks.h"

#include "ui/kit/paint.h"

#include <QtCore/QCache>
#include <QtCore/QCoreApplication>
#include <QtGui/QPainter>
#include <QtGui/QPainterPath>
#include <QtGui/QPixmap>

#include <cmath>

namespace parapet::kit {

namespace {

enum class MarkFamily : quint8 { Severity, State, Proof };

struct MarkKey {
    MarkFamily family;
    int shape;
    QRgb color;
    QRgb ground;
    int pixels;
    int percent;
    friend bool operator==(const MarkKey &, const MarkKey &) = default;
    friend size_t qHash(const MarkKey &key, size_t seed = 0)
    {
        return qHashMulti(seed, int(key.family), key.shape, key.color, key.ground, key.pixels, key.percent);
    }
};

/// Shapes are drawn in a box of 12 units.
void drawSeverity(QPainter &p, Severity severity, const QColor &color, const QColor &ground)
{
    p.setPen(Qt::NoPen);
    p.setBrush(color);
    switch (severity) {
    case Severity::Critical: {
        constexpr qreal cut = 3.6;
        p.drawPolygon(QPolygonF{{cut, 0.2},
                                {12 - cut, 0.2},
                                {11.8, cut},
                                {11.8, 12 - cut},
                                {12 - cut, 11.8},
                                {cut, 11.8},
                                {0.2, 12 - cut},
                                {0.2, cut}});
        p.setBrush(ground);
        p.drawRoundedRect(QRectF(5.2, 2.7, 1.6, 4.2), 0.6, 0.6);
        p.drawEllipse(QPointF(6, 8.7), 0.95, 0.95);
        break;
    }
    case Severity::High:
        p.setPen(QPen(color, 1, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        p.drawPolygon(QPolygonF{{6, 1.1}, {11.5, 11}, {0.5, 11}});
        break;
    case Severity::Medium:
        p.drawPolygon(QPolygonF{{6, 0.4}, {11.6, 6}, {6, 11.6}, {0.4, 6}});
        break;
    case Severity::Low:
        p.setPen(QPen(color, 1.5, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        p.setBrush(Qt::NoBrush);
        p.drawRect(QRectF(1.5, 1.5, 9, 9));
        break;
    case Severity::Info:
        p.setPen(QPen(color, 1.5));
        p.setBrush(Qt::NoBrush);
        p.drawEllipse(QRectF(1.2, 1.2, 9.6, 9.6));
        break;
    case Severity::None:
        break;
    }
}

/// In a box of 10 units.
void drawState(QPainter &p, StateMark mark, const QColor &color)
{
    p.setPen(Qt::NoPen);
    p.setBrush(color);
    const QPen line(color, 1.3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    switch (mark) {
    case StateMark::Observed:
    case StateMark::Running:
        p.drawEllipse(QPointF(5, 5), 3.5, 3.5);
        break;
    case StateMark::Requested:
    case StateMark::Starting: {
        QPen dashed(color, 1.6, Qt::CustomDashLine, Qt::FlatCap);
        dashed.setDashPattern({1.45, 1.1});
        p.setPen(dashed);
        p.setBrush(Qt::NoBrush);
        p.drawEllipse(QPointF(5, 5), 3.4, 3.4);
        break;
    }
    case StateMark::Waiting: {
        QPen dotted(color, 1.3, Qt::CustomDashLine, Qt::FlatCap);
        dotted.setDashPattern({1.1, 1.35});
        p.setPen(dotted);
        p.setBrush(Qt::NoBrush);
        p.drawEllipse(QPointF(5, 5), 3.6, 3.6);
        break;
    }
    case StateMark::Survives:
        p.setPen(QPen(color, 2.1, Qt::SolidLine, Qt::FlatCap));
        p.drawLine(QPointF(1.4, 1.4), QPointF(8.6, 8.6));
        p.drawLine(QPointF(8.6, 1.4), QPointF(1.4, 8.6));
        break;
    case StateMark::Stale:
        p.setPen(QPen(color, 1.2));
        p.setBrush(Qt::NoBrush);
        p.drawEllipse(QPointF(5, 5), 4.1, 4.1);
        p.drawPolyline(QPolygonF{{5, 2.7}, {5, 5.2}, {6.7, 5.9}});
        break;
    case StateMark::Frozen:
        p.drawRect(QRectF(1.8, 1.2, 2.1, 7.6));
        p.drawRect(QRectF(6.1, 1.2, 2.1, 7.6));
        break;
    case StateMark::Isolated:
        p.drawPolygon(QPolygonF{{5, 0.8}, {9.6, 9}, {0.4, 9}});
        break;
    case StateMark::Stopped:
        p.setPen(line);
        p.setBrush(Qt::NoBrush);
        p.drawEllipse(QPointF(5, 5), 3.2, 3.2);
        break;
    case StateMark::Step:
        p.drawPolygon(QPolygonF{{1.6, 1}, {9, 5}, {1.6, 9}});
        break;
    case StateMark::None:
        break;
    }
}

/// In a box of 14 units.
void drawProof(QPainter &p, Proof proof, const QColor &color, const QColor &ground)
{
    p.setBrush(Qt::NoBrush);
    p.setPen(QPen(color, 1.3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QRectF ring(1.2, 1.2, 11.6, 11.6);
    switch (proof) {
    case Proof::Verified:
        p.drawEllipse(ring);
        p.setPen(QPen(color, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        p.drawPolyline(QPolygonF{{4.2, 7.2}, {6.3, 9.2}, {9.8, 5}});
        break;
    case Proof::Pending: {
        QPen dashed(color, 1.3, Qt::CustomDashLine, Qt::FlatCap);
        dashed.setDashPattern({2.1, 1.4});
        p.setPen(dashed);
        p.drawEllipse(ring);
        break;
    }
    case Proof::Unchecked:
        p.drawEllipse(ring);
        p.setPen(Qt::NoPen);
        p.setBrush(color);
        p.drawPie(ring, -90 * 16, 180 * 16);
        break;
    case Proof::Broken:
        p.setPen(Qt::NoPen);
        p.setBrush(color);
        p.drawRoundedRect(QRectF(1, 1, 12, 12), 1, 1);
        p.setPen(QPen(ground, 1.7, Qt::SolidLine, Qt::RoundCap));
        p.drawLine(QPointF(4.6, 4.6), QPointF(9.4, 9.4));
        p.drawLine(QPointF(9.4, 4.6), QPointF(4.6, 9.4));
        break;
    case Proof::Gap:
        p.setPen(QPen(color, 1.7, Qt::SolidLine, Qt::FlatCap));
        p.drawLine(QPointF(0.6, 7), QPointF(4, 7));
        p.drawLine(QPointF(10, 7), QPointF(13.4, 7));
        p.setPen(QPen(color, 1.3, Qt::SolidLine, Qt::FlatCap));
        p.drawLine(QPointF(4.6, 10.2), QPointF(6.2, 3.8));
        p.drawLine(QPointF(7.8, 10.2), QPointF(9.4, 3.8));
        break;
    case Proof::None:
        break;
    }
}

void paintMark(QPainter &painter, const QRect &rect, MarkFamily family, int shape, const QColor &color,
               const QColor &ground, int pixels, qreal units)
{
    if (shape == 0)
        return;
    static QCache<MarkKey, QPixmap> cache(512);
    const qreal ratio = painter.device()->devicePixelRatioF();
    const MarkKey key{family, shape, color.rgba(), ground.rgba(), pixels, qRound(ratio * 100)};
    QPixmap *pixmap = cache.object(key);
    if (!pixmap) {
        pixmap = new QPixmap(QSize(pixels, pixels) * key.percent / 100);
        pixmap->fill(Qt::transparent);
        QPainter p(pixmap);
        p.setRenderHint(QPainter::Antialiasing);
        p.scale(pixmap->width() / units, pixmap->height() / units);
        switch (family) {
        case MarkFamily::Severity:
            drawSeverity(p, Severity(shape), color, ground);
            break;
        case MarkFamily::State:
            drawState(p, StateMark(shape), color);
            break;
        case MarkFamily::Proof:
            drawProof(p, Proof(shape), color, ground);
            break;
        }
        p.end();
        pixmap->setDevicePixelRatio(ratio);
        cache.insert(key, pixmap);
    }
    painter.drawPixmap(QPoint(rect.left() + (rect.width() - pixels) / 2, rect.top() + (rect.height() - pixels) / 2),
                       *pixmap);
}

bool isPill(StateMark mark)
{
    return mark == StateMark::Requested || mark == StateMark::Survives || mark == StateMark::Stale;
}

Role pillTextRole(StateMark mark)
{
    switch (mark) {
    case StateMark::Observed:
        return Role::Ok;
    case StateMark::Requested:
        return Role::Requested;
    case StateMark::Survives:
        return Role::Critical;
    case StateMark::Stale:
        return Role::Text3;
    case StateMark::Isolated:
        return Role::Medium;
    case StateMark::Step:
        return Role::Accent;
    case StateMark::Starting:
    case StateMark::Stopped:
    case StateMark::Waiting:
        return Role::Text2;
    case StateMark::None:
    case StateMark::Running:
    case StateMark::Frozen:
        break;
    }
    return Role::Text;
}

int pillWeight(StateMark mark)
{
    return mark == StateMark::Survives ? 600 : 0;
}

} // namespace

QString severityText(Severity severity)
{
    switch (severity) {
    case Severity::Critical:
        return QCoreApplication::translate("kit", "Critical");
    case Severity::High:
        return QCoreApplication::translate("kit", "High");
    case Severity::Medium:
        return QCoreApplication::translate("kit", "Medium");
    case Severity::Low:
        return QCoreApplication::translate("kit", "Low");
    case Severity::Info:
        return QCoreApplication::translate("kit", "Info");
    case Severity::None:
        break;
    }
    return {};
}

QString proofText(Proof proof)
{
    switch (proof) {
    case Proof::Verified:
        return QCoreApplication::translate("kit", "Verified");
    case Proof::Pending:
        return QCoreApplication::translate("kit", "Pending");
    case Proof::Unchecked:
        return QCoreApplication::translate("kit", "Unchecked");
    case Proof::Broken:
        return QCoreApplication::translate("kit", "Broken");
    case Proof::Gap:
        return QCoreApplication::translate("kit", "Gap");
    case Proof::None:
        break;
    }
    return {};
}

Role severityRole(Severity severity)
{
    switch (severity) {
    case Severity::Critical:
        return Role::Critical;
    case Severity::High:
        return Role::High;
    case Severity::Medium:
        return Role::Medium;
    case Severity::Low:
        return Role::Low;
    case Severity::Info:
        return Role::Info;
    case Severity::None:
        break;
    }
    return Role::Text2;
}

Role severitySoftRole(Severity severity)
{
    switch (severity) {
    case Severity::Critical:
        return Role::CriticalSoft;
    case Severity::High:
        return Role::HighSoft;
    case Severity::Medium:
        return Role::MediumSoft;
    case Severity::Low:
        return Role::LowSoft;
    case Severity::Info:
    case Severity::None:
        break;
    }
    return Role::InfoSoft;
}

Role stateRole(StateMark mark)
{
    switch (mark) {
    case StateMark::Observed:
    case StateMark::Running:
        return Role::Ok;
    case StateMark::Requested:
    case StateMark::Starting:
        return Role::Requested;
    case StateMark::Survives:
        return Role::Critical;
    case StateMark::Stale:
        return Role::Stale;
    case StateMark::Frozen:
        return Role::Low;
    case StateMark::Isolated:
        return Role::Medium;
    case StateMark::Step:
        return Role::Accent;
    case StateMark::Stopped:
    case StateMark::Waiting:
    case StateMark::None:
        break;
    }
    return Role::Text3;
}

void paintSeverity(QPainter &painter, const QRect &rect, Severity severity, const Theme &theme, int pixels, bool grey)
{
    paintMark(painter, rect, MarkFamily::Severity, int(severity),
              theme.color(grey ? Role::Text2 : severityRole(severity)), theme.color(Role::Surface),
              theme.scaled(pixels), 12);
}

void paintState(QPainter &painter, const QRect &rect, StateMark mark, const Theme &theme)
{
    paintMark(painter, rect, MarkFamily::State, int(mark), theme.color(stateRole(mark)), {},
              theme.scaled(size::stateDot), 10);
}

void paintProof(QPainter &painter, const QRect &rect, Proof proof, const Theme &theme)
{
    const Role role = proof == Proof::Verified ? Role::Ok
                      : proof == Proof::Broken ? Role::CriticalFill
                      : proof == Proof::Gap    ? Role::Medium
                                               : Role::Text3;
    paintMark(painter, rect, MarkFamily::Proof, int(proof), theme.color(role), theme.color(Role::OnAccent),
              theme.scaled(size::proofMark), 14);
}

int statePillWidth(StateMark mark, const QString &text, const Theme &theme)
{
    const int inner = textWidth(text, theme, Type::Table, pillWeight(mark)) +
                      (mark == StateMark::None ? 0 : theme.scaled(size::stateDot) + 5);
    return isPill(mark) ? inner + 14 : inner;
}

int paintStatePill(QPainter &painter, const QRect &rect, StateMark mark, const QString &text, const Theme &theme)
{
    const int width = std::min(statePillWidth(mark, text, theme), rect.width());
    const int height = theme.scaled(size::pill);
    QRect pill(rect.left(), rect.top() + (rect.height() - height) / 2, width, height);
    if (mark == StateMark::Requested) {
        paintBox(painter, pill, radius::chip, {}, theme.color(Role::Requested), Qt::DashLine);
    } else if (mark == StateMark::Survives) {
        paintBox(painter, pill, radius::chip, theme.color(Role::CriticalSoft), theme.color(Role::Critical));
    } else if (mark == StateMark::Stale) {
        paintHatching(painter, pill.adjusted(1, 1, -1, -1), theme);
        paintBox(painter, pill, radius::chip, {}, theme.color(Role::LineStrong));
    }
    if (isPill(mark))
        pill.adjust(7, 0, -7, 0);
    if (mark != StateMark::None) {
        const int dot = theme.scaled(size::stateDot);
        paintState(painter, QRect(pill.left(), pill.top(), dot, pill.height()), mark, theme);
        pill.setLeft(pill.left() + dot + 5);
    }
    paintText(painter, pill, text, theme, Type::Table, pillTextRole(mark), Qt::AlignLeft, Qt::ElideRight,
              pillWeight(mark));
    return width;
}

} // namespace parapet::kit
