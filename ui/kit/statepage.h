// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/error.h"
#include "ui/kit/button.h"
#include "ui/kit/paint.h"

#include <QtCore/QTimer>
#include <QtWidgets/QStackedWidget>

#include <functional>

namespace parapet::kit {

/// One way out offered by the Empty and Error states.
struct StateAction {
    QString text;
    std::function<void()> run;
    Button::Kind kind = Button::Kind::Normal;
    Icon icon = Icon::None;
    QString key = {}; ///< "Esc", "F5": shown, and it works while the state page has the focus
};

/// The four states of anything that loads: one widget in the same place, so that nothing jumps when one becomes the
/// other. A skeleton appears only after 200 ms; quick answers never flicker.
class StatePage : public QStackedWidget
{
    Q_OBJECT

public:
    enum class State { Loading, Empty, Error, Ready };
    Q_ENUM(State)

    explicit StatePage(QWidget *content, QWidget *parent = nullptr);

    State state() const { return m_state; }
    QWidget *content() const { return m_content; }

    /// `columns` are the widths and alignments of the skeleton's columns; none: bars over the full width.
    struct SkeletonColumn {
        int x = 0;
        int width = 0;
        Qt::Alignment align = Qt::AlignLeft;
    };
    void setSkeleton(const QVector<SkeletonColumn> &columns);

    /// Shows the content, if it was shown before, for 200 ms more, then the skeleton. A second call while loading
    /// changes only the text.
    void showLoading(const QString &progress = {}, std::function<void()> cancel = {});
    /// `title` says what there is none of; `sentence` why, with strong or mono runs where they help.
    void showEmpty(Icon icon, const QString &title, const QVector<Run> &sentence,
                   const QVector<StateAction> &actions = {});
    /// What happened, since when, what still works.
    void showError(const QString &title, const QVector<Run> &sentence, const QVector<StateAction> &actions = {},
                   Icon icon = Icon::Tree);
    /// The error's own message as the sentence, a Try again action when `retry` is given.
    void showError(const Error &error, std::function<void()> retry);
    void showReady();

Q_SIGNALS:
    void stateChanged(parapet::kit::StatePage::State state);

private:
    void enter(State state, QWidget *page);

    QWidget *m_content;
    class SkeletonView *m_skeleton;
    class MessageView *m_message;
    QTimer m_skeletonTimer;
    State m_state = State::Ready;
};

} // namespace parapet::kit
