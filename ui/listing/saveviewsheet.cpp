// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/listing/saveviewsheet.h"

#include "models/core/untrusted.h"
#include "ui/kit/button.h"
#include "ui/kit/overlay.h"
#include "ui/kit/text/label.h"

#include <QtCore/QCoreApplication>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QLineEdit>

namespace parapet::listing {

namespace {

QString saveViewText(const char *text)
{
    return QCoreApplication::translate("listing", text);
}

} // namespace

void openSaveView(QWidget *page, SavedViews &views, const QString &filter, const QString &unfiltered, std::function<void()> changed)
{
    const QString title = saveViewText(QT_TRANSLATE_NOOP("listing", "Save view"));
    auto *overlay = new kit::Overlay(page);
    overlay->setName(title);
    overlay->setPanelSize({420, 168});
    auto *column = new QVBoxLayout(overlay->panel());
    column->setContentsMargins(kit::space::xl, kit::space::l, kit::space::xl, kit::space::l);
    column->setSpacing(kit::space::m);
    auto *what = new kit::PlainLabel(filter.isEmpty() ? unfiltered : Untrusted(filter).inert(200), kit::Type::Mono, kit::Role::Text3, overlay->panel());
    what->setElide(Qt::ElideRight);
    auto *name = new QLineEdit(overlay->panel());
    name->setAccessibleName(saveViewText(QT_TRANSLATE_NOOP("listing", "Name of the view")));
    name->setPlaceholderText(name->accessibleName());
    name->setMaxLength(60);
    auto *save = new kit::Button(saveViewText(QT_TRANSLATE_NOOP("listing", "Save")), kit::Icon::Check, kit::Button::Kind::Primary, overlay->panel());
    auto *cancel = new kit::Button(saveViewText(QT_TRANSLATE_NOOP("listing", "Cancel")), overlay->panel());
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(save);
    column->addWidget(new kit::PlainLabel(title, kit::Type::DialogTitle, kit::Role::Text, overlay->panel()));
    column->addWidget(what);
    column->addWidget(name);
    column->addLayout(buttons);
    const auto done = [overlay, changed] {
        overlay->dismiss();
        changed();
    };
    const int current = views.indexOf(filter);
    if (current >= 0 && !views.views()[current].builtIn) {
        const QString existing = views.views()[current].name;
        name->setText(existing);
        auto *remove = new kit::Button(saveViewText(QT_TRANSLATE_NOOP("listing", "Remove")), kit::Icon::Close, kit::Button::Kind::DangerOutline, overlay->panel());
        buttons->insertWidget(0, remove);
        QObject::connect(remove, &kit::Button::clicked, page, [&views, existing, done] {
            views.remove(existing);
            done();
        });
    }
    const auto judge = [save, name] {
        save->setAvailable(!name->text().trimmed().isEmpty(), saveViewText(QT_TRANSLATE_NOOP("listing", "Type a name first.")));
    };
    QObject::connect(name, &QLineEdit::textChanged, save, judge);
    judge();
    QObject::connect(save, &kit::Button::clicked, page, [&views, name, what, filter, done] {
        if (views.save(name->text(), filter))
            return done();
        what->setRole(kit::Role::Critical);
        what->setText(saveViewText(QT_TRANSLATE_NOOP("listing", "This name is taken by a built-in view, or there are already 50 saved views.")));
    });
    QObject::connect(name, &QLineEdit::returnPressed, save, [save] {
        if (save->isEnabled())
            save->click();
    });
    QObject::connect(cancel, &kit::Button::clicked, overlay, &kit::Overlay::dismiss);
    QObject::connect(overlay, &kit::Overlay::dismissed, overlay, &QObject::deleteLater);
    overlay->present(name);
}

} // namespace parapet::listing
