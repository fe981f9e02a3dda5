// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/icon.h"

#include <QtGui/QKeySequence>
#include <QtWidgets/QAbstractButton>

namespace parapet::kit {

/// A push button of the look: 28 px, icon, text and a key hint. The style paints focus as a ring 1 px off the control.
/// A disabled button says why in its tooltip and accessible description.
class Button : public QAbstractButton
{
    Q_OBJECT

public:
    enum class Kind { Normal, Primary, Danger, DangerOutline, Ghost };

    explicit Button(const QString &text, QWidget *parent = nullptr);
    Button(const QString &text, Icon icon, Kind kind = Kind::Normal, QWidget *parent = nullptr);

    Kind kind() const { return m_kind; }
    void setKind(Kind kind);
    /// Icon-only buttons keep their text as accessible name and tooltip.
    void setIconOnly(bool only);
    void setGlyph(Icon icon);
    Icon glyph() const { return m_icon; }

    /// The key shown in a cap beside the text; a hint alone, the command owns the shortcut.
    void setKeyHint(const QString &key);
    const QString &keyHint() const { return m_keyHint; }

    /// Enables, or disables with the reason in a sentence.
    void setAvailable(bool available, const QString &reason = {});
    const QString &reason() const { return m_reason; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void describe();

    Icon m_icon = Icon::None;
    Kind m_kind = Kind::Normal;
    QString m_keyHint;
    QString m_reason;
    bool m_iconOnly = false;
};

/// Text that acts: accent colour, no frame.
class LinkButton : public QAbstractButton
{
    Q_OBJECT

public:
    explicit LinkButton(const QString &text, QWidget *parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
};

} // namespace parapet::kit
