// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/tooltip.h"

#include <QtGui/QTextDocument>

namespace parapet::kit {

QString plainToolTip(const QString &text)
{
    if (!Qt::mightBeRichText(text))
        return text;
    return QLatin1String("<qt>") + text.toHtmlEscaped().replace(u'\n', QLatin1String("<br>")) + QLatin1String("</qt>");
}

} // namespace parapet::kit
