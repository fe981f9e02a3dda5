// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/listing/textexporter.h"

#include "models/core/untrusted.h"
#include "ui/kit/text/format.h"

#include <QtCore/QFileInfo>
#include <QtWidgets/QFileDialog>

namespace parapet::listing {

using namespace Qt::StringLiterals;

void TextExporter::ask(QWidget *parent, const QString &title, const QString &fileName, const QByteArray &header, const QByteArray &body, qint64 rows, Told told)
{
    const QString suffix = QFileInfo(fileName).suffix();
    auto *dialog = new QFileDialog(parent, title, {}, suffix == "csv"_L1 ? tr("CSV files (*.csv)") : tr("JSON lines (*.jsonl)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(fileName);
    connect(dialog, &QFileDialog::fileSelected, parent, [parent, header, body, rows, told](const QString &path) {
        auto *exporter = new TextExporter(header, body, rows, parent);
        connect(exporter, &Exporter::finished, parent, [exporter, path, told](qint64 written, const QString &error) {
            exporter->deleteLater();
            told(error.isEmpty() ? tr("%1 written to %2").arg(kit::numberText(written), Untrusted(path).inert(200)) : error, error.isEmpty());
        });
        exporter->start(path);
    });
    dialog->open();
}

} // namespace parapet::listing
