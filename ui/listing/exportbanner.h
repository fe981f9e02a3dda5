// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/count.h"
#include "ui/kit/parts.h"

#include <functional>

namespace parapet::listing {

/// How an export goes, above a page's content: progress with Cancel, then what became of it with Close. Closes itself with the button.
class ExportBanner : public kit::Banner
{
    Q_OBJECT

public:
    ExportBanner(std::function<void()> cancel, QWidget *parent);

    void setProgress(qint64 written, const Count &total);
    /// `error` empty: the file is whole; `path` is offered to be copied.
    void setFinished(qint64 written, const QString &error, const QString &path);
};

} // namespace parapet::listing
