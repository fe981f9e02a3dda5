// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/query/predicate.h"
#include "tests/support/fakeports.h"
#include "tests/support/temporarysettings.h"
#include "tests/support/waiting.h"
#include "ui/kit/button.h"
#include "ui/kit/parts.h"
#include "ui/kit/statepage.h"
#include "ui/kit/text/language.h"
#include "ui/kit/theme.h"
#include "ui/shell/consolecontext.h"
#include "ui/shell/page.h"

#include <QtTest/QtTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QLabel>

namespace parapet::support {

/// The one theme of a test program, dark, at scale 1 and without motion each time it is asked for.
inline kit::Theme &testTheme()
{
    static kit::Theme *theme = nullptr;
    if (!theme) {
        theme = new kit::Theme(kit::ThemeChoice::Dark, qApp);
        theme->install(*qApp);
        kit::installLanguage(*qApp);
    }
    theme->setReducedMotion(true);
    theme->setTextScale(1);
    theme->setChoice(kit::ThemeChoice::Dark);
    return *theme;
}

/// A console's shared parts over a fake system that understands our filters. Nothing is connected before connectSystem().
struct Desk {
    explicit Desk(int workspaces = 0) : theme(testTheme()), system(workspaces)
    {
        system.control.matches = [this](const Workspace &workspace, const QString &filter) {
            const auto predicate = query::predicateFrom<Workspace>(filter);
            return predicate && predicate->matches(workspace, system.world.clock.now());
        };
    }

    void connectSystem()
    {
        watch = system.control.watch();
        context.setSystem(QStringLiteral("fake"), system.system(), watch.get());
    }
    FakeWatch &fakeWatch() { return static_cast<FakeWatch &>(*watch); }
    void dropSystem()
    {
        context.setSystem({}, {}, nullptr);
        watch.reset();
    }
    FakeWorkspace &workspace(const char *id) { return *system.world.find(WorkspaceId(QString::fromLatin1(id))); }

    kit::Theme &theme;
    FakeSystem system;
    TemporarySettings settings;
    shell::CommandRegistry commands;
    std::unique_ptr<Watch> watch;
    shell::ConsoleContext context{settings.store(), commands, system.world.clock};
};

/// One page in a window, as the shell keeps it: its commands in force, its objects reported.
template<class PageType>
struct PageWindow {
    template<class... Arguments>
    explicit PageWindow(shell::CommandRegistry &commands, Arguments &&...arguments) : page(new PageType(std::forward<Arguments>(arguments)..., &window))
    {
        window.resize(1280, 860);
        page->resize(window.size());
        QObject::connect(page, &shell::Page::objectsChanged, &commands, &shell::CommandRegistry::setObjects);
        commands.add(page, page->commands());
        commands.setActive(page);
        window.show();
        page->setActive(true);
    }

    QWidget window;
    PageType *page;
};

/// The visible button of that text or accessible name, or null.
inline QAbstractButton *buttonIn(const QWidget *parent, const QString &text)
{
    for (QAbstractButton *button : parent->findChildren<QAbstractButton *>()) {
        if (button->isVisible() && (button->text() == text || button->accessibleName() == text))
            return button;
    }
    return nullptr;
}

template<class T>
T *visibleChild(const QWidget *parent)
{
    for (T *child : parent->findChildren<T *>()) {
        if (child->isVisible())
            return child;
    }
    return nullptr;
}

inline kit::StatePage::State stateIn(const QWidget *page)
{
    return page->findChild<kit::StatePage *>()->state();
}

inline Error networkError(const QString &message = QStringLiteral("It does not answer."), bool retryable = true)
{
    return Error{Error::Code::Network, message, {}, retryable};
}

} // namespace parapet::support
