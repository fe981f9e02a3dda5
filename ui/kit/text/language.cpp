// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/text/language.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QLocale>
#include <QtCore/QTranslator>

namespace parapet::kit {

void installLanguage(QCoreApplication &application)
{
    if (application.findChild<QTranslator *>(QStringLiteral("parapet"), Qt::FindDirectChildrenOnly))
        return;
    // English lies below: what another language does not have yet is still right in its plural.
    for (const QLocale &locale : {QLocale(QLocale::English), QLocale()}) {
        auto *translator = new QTranslator(&application);
        translator->setObjectName(QStringLiteral("parapet"));
        if (translator->load(locale, QStringLiteral("parapet"), QStringLiteral("_"), QStringLiteral(":/i18n")))
            QCoreApplication::installTranslator(translator);
        if (locale.language() == QLocale().language())
            break;
    }
}

} // namespace parapet::kit
