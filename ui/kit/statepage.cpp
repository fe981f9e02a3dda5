// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/statepage.h"

#include "ui/kit/statemessage.h"

#include <QtGui/QAccessible>

namespace parapet::kit {

StatePage::StatePage(QWidget *content, QWidget *parent)
    : QStackedWidget(parent), m_content(content), m_skeleton(new SkeletonView(this)), m_message(new MessageView(this))
{
    addWidget(content);
    addWidget(m_skeleton);
    addWidget(m_message);
    setCurrentWidget(content);
    m_skeletonTimer.setSingleShot(true);
    connect(&m_skeletonTimer, &QTimer::timeout, this, [this] {
        if (m_state == State::Loading)
            setCurrentWidget(m_skeleton);
    });
}

void StatePage::setSkeleton(const QVector<SkeletonColumn> &columns)
{
    m_skeleton->setColumns(columns);
}

void StatePage::enter(State state, QWidget *page)
{
    if (state != State::Loading)
        m_skeletonTimer.stop();
    if (page)
        setCurrentWidget(page);
    if (state == m_state)
        return;
    m_state = state;
    Q_EMIT stateChanged(state);
}

void StatePage::showLoading(const QString &progress, std::function<void()> cancel)
{
    m_skeleton->setProgress(progress, std::move(cancel));
    if (m_state == State::Loading)
        return;
    enter(State::Loading, nullptr);
    m_skeletonTimer.start(motion::skeletonAfter);
}

void StatePage::showEmpty(Icon icon, const QString &title, const QVector<Run> &sentence,
                          const QVector<StateAction> &actions)
{
    m_message->setMessage(icon, Role::Text2, title, sentence, actions);
    enter(State::Empty, m_message);
}

void StatePage::showError(const QString &title, const QVector<Run> &sentence, const QVector<StateAction> &actions,
                          Icon icon)
{
    m_message->setMessage(icon, Role::Critical, title, sentence, actions);
    enter(State::Error, m_message);
    QAccessibleEvent announcement(m_message, QAccessible::Alert);
    QAccessible::updateAccessibility(&announcement);
}

void StatePage::showError(const parapet::Error &error, std::function<void()> retry)
{
    QString title = tr("This could not be loaded");
    Icon icon = Icon::Warning;
    switch (error.code) {
    case parapet::Error::Code::Network:
        title = tr("No answer");
        icon = Icon::Tree;
        break;
    case parapet::Error::Code::Tls:
        title = tr("The other side is not who it must be");
        icon = Icon::Lock;
        break;
    case parapet::Error::Code::Unauthorized:
    case parapet::Error::Code::Forbidden:
        title = tr("You may not see this");
        icon = Icon::Lock;
        break;
    case parapet::Error::Code::NotFound:
        title = tr("It is not there");
        icon = Icon::Search;
        break;
    default:
        break;
    }
    QVector<StateAction> actions;
    if (retry)
        actions.append({tr("Try again"), std::move(retry), Button::Kind::Primary, Icon::Undo, QStringLiteral("F5")});
    showError(title, {{error.message, Type::Body, Role::Text2}}, actions, icon);
}

void StatePage::showReady()
{
    enter(State::Ready, m_content);
}

} // namespace parapet::kit
