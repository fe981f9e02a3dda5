// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/settings/settingspage.h"

#include "ui/kit/keepscaled.h"
#include "ui/kit/parts.h"
#include "ui/kit/text/label.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QButtonGroup>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QRadioButton>

namespace parapet::pages {

using namespace Qt::StringLiterals;

namespace {
constexpr int settingsLabelWidth = 148;
}

SettingsPage::SettingsPage(kit::Theme &theme, QSettings &store, const QString &dataFolder, QWidget *parent)
    : Page(tr("Settings"), parent), m_theme(theme), m_look(store)
{
    auto *content = new kit::Ground(kit::Role::Surface, this);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, kit::space::s, 0, kit::space::m);
    column->setSpacing(kit::space::m);
    column->addWidget(new kit::SectionHeader(tr("Look"), content));
    column->addWidget(makeChoices(tr("Theme"),
                                  {{tr("Like the desktop"), int(kit::ThemeChoice::System)},
                                   {tr("Dark"), int(kit::ThemeChoice::Dark)},
                                   {tr("Light"), int(kit::ThemeChoice::Light)},
                                   {tr("High contrast"), int(kit::ThemeChoice::HighContrast)}},
                                  m_look.theme.get(), [this](int choice) {
                                      m_look.theme.set(choice);
                                      m_look.apply(m_theme);
                                  }));
    column->addWidget(makeChoices(tr("Text size"), {{tr("100 %"), 100}, {tr("125 %"), 125}, {tr("150 %"), 150}, {tr("200 %"), 200}},
                                  m_look.textPercent.get(), [this](int percent) {
                                      m_look.textPercent.set(percent);
                                      m_look.apply(m_theme);
                                  }));
    auto *motion = new QCheckBox(tr("No motion: panes appear at once"), content);
    motion->setChecked(m_look.reducedMotion.get());
    connect(motion, &QCheckBox::toggled, this, [this](bool on) {
        m_look.reducedMotion.set(on);
        m_look.apply(m_theme);
    });
    auto *motionRow = new QHBoxLayout;
    motionRow->setContentsMargins(kit::space::page, 0, kit::space::page, 0);
    motionRow->addWidget(motion);
    motionRow->addStretch();
    column->addLayout(motionRow);
    column->addWidget(new kit::Hairline(Qt::Horizontal, content));
    column->addWidget(new kit::SectionHeader(tr("Where things lie"), content));
    const QVector<QPair<QString, QString>> places{{tr("Settings and profiles"), store.fileName()}, {tr("Journals and certificates"), dataFolder}};
    for (const auto &[name, path] : places) {
        auto *row = new QHBoxLayout;
        row->setContentsMargins(kit::space::page, 0, kit::space::page, 0);
        auto *label = new kit::PlainLabel(name, kit::Type::Body, kit::Role::Text2, content);
        kit::keepMinimumWidth(label, settingsLabelWidth);
        row->addWidget(label);
        row->addWidget(new kit::MonoLabel(Untrusted(path).inert(400), content), 1);
        column->addLayout(row);
    }
    column->addStretch();
    setContent(content);
}

QWidget *SettingsPage::makeChoices(const QString &label, const QVector<QPair<QString, int>> &choices, int current, std::function<void(int)> chosen)
{
    auto *box = new QWidget(this);
    auto *row = new QHBoxLayout(box);
    row->setContentsMargins(kit::space::page, 0, kit::space::page, 0);
    row->setSpacing(kit::space::l);
    auto *name = new kit::PlainLabel(label, kit::Type::Body, kit::Role::Text2, box);
    kit::keepMinimumWidth(name, settingsLabelWidth);
    row->addWidget(name);
    auto *group = new QButtonGroup(box);
    for (const auto &[text, value] : choices) {
        auto *button = new QRadioButton(text, box);
        button->setAccessibleName(label + u": "_s + text);
        button->setChecked(value == current);
        group->addButton(button, value);
        row->addWidget(button);
    }
    row->addStretch();
    connect(group, &QButtonGroup::idToggled, this, [chosen = std::move(chosen)](int value, bool on) {
        if (on)
            chosen(value);
    });
    if (!m_first)
        m_first = group;
    return box;
}

QWidget *SettingsPage::firstFocus()
{
    return m_first->checkedButton() ? m_first->checkedButton() : m_first->buttons().value(0);
}

} // namespace parapet::pages
