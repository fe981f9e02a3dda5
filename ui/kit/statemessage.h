// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/statepage.h"

namespace parapet::kit {

/// What StatePage shows while loading: bars where the columns will be, progress and a way out.
class SkeletonView : public QWidget
{
    Q_OBJECT

public:
    explicit SkeletonView(QWidget *parent);
    void setColumns(const QVector<StatePage::SkeletonColumn> &columns);
    void setProgress(const QString &progress, std::function<void()> cancel);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void place();

    QVector<StatePage::SkeletonColumn> m_columns;
    QString m_progress;
    std::function<void()> m_cancelRun;
    Button *m_cancel;
};

/// What StatePage shows when it is empty or failed: icon, title, sentence, ways out; centred.
class MessageView : public QWidget
{
    Q_OBJECT

public:
    explicit MessageView(QWidget *parent);
    void setMessage(Icon icon, Role iconRole, const QString &title, const QVector<Run> &sentence,
                    const QVector<StateAction> &actions);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    struct Piece {
        int run;
        QString text;
        QRect rect;
    };
    void arrange();
    int layOutSentence(int width, int top, QVector<Piece> &pieces) const;

    Icon m_icon = Icon::None;
    Role m_iconRole = Role::Text2;
    QString m_title;
    QVector<Run> m_sentence;
    QVector<StateAction> m_actions;
    QVector<Button *> m_buttons;
    QRect m_iconRect, m_titleRect;
    QVector<Piece> m_pieces;
};

} // namespace parapet::kit
