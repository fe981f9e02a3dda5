// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/count.h"
#include "models/core/reply.h"
#include "ui/kit/icon.h"
#include "ui/shell/command.h"

#include <QtCore/QObject>

namespace parapet::shell {

/// One row of the palette. All text is ours or inert.
struct PaletteItem {
    kit::Icon icon = kit::Icon::None;
    QString text; ///< what the needle matched; matched parts are drawn strong
    bool mono = false;
    QString note;
    QString key; ///< a key cap at the right end
    Availability available;
    std::function<void()> run;
    /// What Tab shows: the commands on this object; null: none.
    std::function<QVector<PaletteItem>()> commands;
};

struct PaletteAnswer {
    QVector<PaletteItem> items; ///< best first; the palette shows the first few
    Count total;                ///< how many there are
};

/// A source of rows. The palette cancels the reply when the needle changes, so late answers are never shown.
class PaletteProvider : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// The heading of its rows: "Objects", "Places".
    virtual QString heading() const = 0;
    /// u'>', u'@', u'#': asked alone when the needle begins with it; 0: only without a prefix.
    virtual QChar prefix() const { return {}; }
    /// True: asked also when the needle has no prefix.
    virtual bool isGeneral() const { return true; }
    /// `needle` is trimmed and without its prefix; it may be empty.
    virtual Reply<PaletteAnswer> search(const QString &needle) = 0;
};

/// Rank of `text` for `needle`: every word of the needle must occur, in order; earlier, at word starts and shorter is
/// better. Higher is better, negative: no match. Case-blind.
int matchRank(const QString &text, const QString &needle);
/// The matched ranges of text, for drawing.
QVector<QPair<int, int>> matchRanges(const QString &text, const QString &needle);

} // namespace parapet::shell
