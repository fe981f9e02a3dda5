// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/count.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QLocale>

namespace parapet {

QString Count::text() const
{
    const QString number = QLocale().toString(m_value);
    return m_exact ? number : QCoreApplication::translate("Count", "at least %1").arg(number);
}

} // namespace parapet
