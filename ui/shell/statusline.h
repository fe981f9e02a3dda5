// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"
#include "ui/kit/marks.h"

#include <QtCore/QTimer>
#include <QtWidgets/QWidget>

class QHBoxLayout;

namespace parapet::shell {

/// One item of the status line: a mark and a sentence, with details in the tooltip; activated by click or Enter.
class StatusItem : public QWidget
{
    Q_OBJECT

public:
    explicit StatusItem(QWidget *parent = nullptr);
    void set(StateMark mark, const QString &text, const QString &details = {}, kit::Role role = kit::Role::Text2);
    void set(Proof proof, const QString &text, const QString &details = {}, kit::Role role = kit::Role::Text2);
    QString text() const { return m_text; }
    kit::Role role() const { return m_role; }
    QSize sizeHint() const override;

Q_SIGNALS:
    void activated();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void set(const QString &text, const QString &details, kit::Role role);
    int markWidth() const;

    StateMark m_state = StateMark::None;
    Proof m_proof = Proof::None;
    QString m_text;
    kit::Role m_role = kit::Role::Text2;
};

/// The line of 26 px at the bottom: connection health, log head, until when the identity is accepted, clock. It wakes once a minute, and
/// only while it is visible.
class StatusLine : public QWidget
{
    Q_OBJECT

public:
    explicit StatusLine(QWidget *parent = nullptr);

    /// The item `id`, made on first use, in the order of making: "control", "agents", "audit".
    StatusItem *connection(const QString &id);
    /// Verified checkpoint or log head.
    StatusItem *logHead();
    /// When the system stops to accept the console's own identity; unknown hides it. Shows the time left beside the wall clock's
    /// time, amber below half an hour.
    void setSessionEnds(Instant at);
    StatusItem *session() const { return m_session; }
    /// Injected, not owned; the machine's clock at first.
    void setClock(const Clock *clock);

protected:
    void paintEvent(QPaintEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void tick();
    StatusItem *make(const QString &name);

    const Clock *m_clock;
    QTimer m_minute;
    QHBoxLayout *m_left;
    QHash<QString, StatusItem *> m_items;
    StatusItem *m_logHead = nullptr;
    StatusItem *m_session;
    StatusItem *m_time;
    Instant m_sessionEnds{};
};

} // namespace parapet::shell
