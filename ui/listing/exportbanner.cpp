// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/listing/exportbanner.h"

#include "ui/kit/text/format.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>

namespace parapet::listing {

ExportBanner::ExportBanner(std::function<void()> cancel, QWidget *parent) : Banner(parent)
{
    setMessage(Kind::Info, {{tr("Exporting…"), kit::Type::Body, kit::Role::Text, 0}});
    addAction(tr("Cancel"), std::move(cancel));
}

void ExportBanner::setProgress(qint64 written, const Count &total)
{
    setMessage(Kind::Info, {{tr("Exporting: %1 of %2").arg(kit::numberText(written), total.text()), kit::Type::Body, kit::Role::Text, 0}});
}

void ExportBanner::setFinished(qint64 written, const QString &error, const QString &path)
{
    setMessage(error.isEmpty() ? Kind::Info : Kind::Warning,
               {{error.isEmpty() ? tr("%1 written to %2").arg(kit::numberText(written), Untrusted(path).inert(200)) : error, kit::Type::Body, kit::Role::Text, 0}});
    clearActions();
    if (error.isEmpty())
        addAction(tr("Copy path"), [path] { QGuiApplication::clipboard()->setText(path); });
    addAction(tr("Close"), [this] { deleteLater(); });
}

} // namespace parapet::listing
