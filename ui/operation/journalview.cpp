// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operation/journalview.h"

#include "models/core/appendfile.h"
#include "models/core/json.h"
#include "models/core/reply.h"
#include "models/core/untrusted.h"
#include "ui/kit/button.h"
#include "ui/kit/text/label.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>
#include <QtCore/QStringListModel>
#include <QtCore/QThreadPool>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QListView>

namespace parapet::ui {

namespace {

constexpr int shownEntry = 2000;

/// "2026-03-17T13:41:31.250Z  requested  isolate.ws-1  …": time and type first, the rest as it lies on the disk.
QString entryLine(QJsonObject entry)
{
    const QString at = entry.take(QStringLiteral("at")).toString();
    const QString type = entry.take(QStringLiteral("type")).toString();
    const QString step = entry.take(QStringLiteral("step")).toString();
    return QStringLiteral("%1  %2  %3 %4").arg(at.leftJustified(24), type.leftJustified(11), step, QString::fromUtf8(canonicalJson(entry)));
}

Reply<QStringList> readJournal(const QString &path)
{
    auto promise = std::make_shared<QPromise<Result<QStringList>>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, path] {
        const Result<QVector<QByteArray>> records = AppendFile::read(path);
        if (!records) {
            promise->addResult(Result<QStringList>(fail(records.error())));
        } else {
            QStringList lines;
            for (const QByteArray &record : *records) {
                const Result<QJsonValue> entries = parseJson(record, {AppendFile::longestRecord, 64});
                if (!entries || !entries->isArray()) {
                    lines << Untrusted(QString::fromUtf8(record)).inert(shownEntry);
                    continue;
                }
                for (const QJsonValue &entry : entries->toArray())
                    lines << Untrusted(entryLine(entry.toObject())).inert(shownEntry);
            }
            promise->addResult(Result<QStringList>(std::move(lines)));
        }
        promise->finish();
    });
    return promise->future();
}

} // namespace

JournalView::JournalView(const QString &journalPath, QWidget *host) : Overlay(host), m_list(new QListView(panel()))
{
    setName(tr("Journal"));
    setPanelSize({1040, 620});
    auto *column = new QVBoxLayout(panel());
    column->setContentsMargins(kit::space::l, kit::space::m, kit::space::l, kit::space::l);
    column->setSpacing(kit::space::s);
    auto *head = new QHBoxLayout;
    auto *path = new kit::MonoLabel(Untrusted(journalPath).inert(400), panel());
    auto *close = new kit::Button(tr("Close"), panel());
    close->setKeyHint(QStringLiteral("Esc"));
    head->addWidget(new kit::PlainLabel(tr("Journal"), kit::Type::DialogTitle, kit::Role::Text, panel()));
    head->addWidget(path, 1);
    head->addWidget(close);
    auto *note = new kit::PlainLabel(tr("Reading…"), kit::Type::Small, kit::Role::Text3, panel());
    auto *model = new QStringListModel(m_list);
    m_list->setModel(model);
    m_list->setUniformItemSizes(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setFont(kit::theme(this).font(kit::Type::MonoSmall));
    m_list->setAccessibleName(tr("Entries of the journal"));
    column->addLayout(head);
    column->addWidget(note);
    column->addWidget(m_list, 1);
    connect(close, &kit::Button::clicked, this, &Overlay::dismiss);
    connect(this, &Overlay::dismissed, this, &QObject::deleteLater);
    deliver(this, readJournal(journalPath), [model, note](const Result<QStringList> &lines) {
        if (!lines) {
            note->setRole(kit::Role::Critical);
            note->setText(lines.error().message);
            return;
        }
        note->setText(JournalView::tr("%1 entries, hash-chained and checked").arg(lines->size()));
        model->setStringList(*lines);
    });
}

} // namespace parapet::ui
