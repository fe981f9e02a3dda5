// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QWidget>

#include <QtCore/QPointer>

class QBoxLayout;

namespace parapet::kit {

/// A dialog inside its window: a frameless panel over a scrim, not a window of its own. Focus stays inside until it
/// closes and then goes back to where it was; Esc asks to close. Delete it, or call dismiss(), to close it.
class Overlay : public QWidget
{
    Q_OBJECT

public:
    /// Covers `host`'s window wholly. Nothing is shown until present().
    explicit Overlay(QWidget *host);
    ~Overlay() override;

    /// The panel to fill: `overlay` ground, `line-strong` border, radius 8.
    QWidget *panel() const { return m_panel; }
    void setName(const QString &accessibleName);
    /// The size that the panel wants; it is never larger than the window less 32 px on each side.
    void setPanelSize(const QSize &size);
    /// From the top of the window; -1 centres.
    void setPanelTop(int top);

    void present(QWidget *firstFocus = nullptr);
    bool isPresented() const { return isVisible(); }
    /// False: Esc and a click beside the panel do nothing (the panel has a button that closes).
    void setEscCloses(bool closes) { m_escCloses = closes; }

public Q_SLOTS:
    /// Closes: hides, gives the focus back, emits dismissed().
    void dismiss();

Q_SIGNALS:
    void dismissed();

protected:
    bool event(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void place();

    QWidget *m_panel;
    QPointer<QWidget> m_formerFocus;
    QSize m_wanted{640, 400};
    int m_top = -1;
    bool m_escCloses = true;
};

/// A question with its consequence in a sentence: title, text, optional typed reason, two buttons. Presents itself, and
/// deletes itself when it closes; accepted() comes once at most.
class ConfirmOverlay : public Overlay
{
    Q_OBJECT

public:
    struct Ask {
        QString title;
        QString text;
        QString action; ///< the button's verb: "Revoke…"
        bool danger = false;
        bool needsReason = false; ///< the action stays disabled until something is typed
        QString reasonLabel;
    };
    ConfirmOverlay(QWidget *host, const Ask &ask);

Q_SIGNALS:
    void accepted(const QString &reason);
};

} // namespace parapet::kit
