// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"
#include "models/core/untrusted.h"
#include "ui/kit/theme.h"

#include <QtWidgets/QLabel>

namespace parapet::kit {

/// The one label: always plain text, so that nothing in data is ever taken for markup. Takes text that we wrote or
/// Untrusted text, which it draws inert. Colour and font come from the theme by role.
class PlainLabel : public QLabel
{
    Q_OBJECT

public:
    explicit PlainLabel(QWidget *parent = nullptr);
    explicit PlainLabel(const QString &text, QWidget *parent = nullptr);
    PlainLabel(const QString &text, Type type, Role role, QWidget *parent = nullptr);

    void setText(const QString &text);
    void setText(const Untrusted &text);
    const QString &fullText() const { return m_text; }

    void setType(Type type);
    void setRole(Role role);
    /// ElideNone shows it all. Otherwise the label may shrink, and shows the whole text in its tooltip while it is cut.
    void setElide(Qt::TextElideMode mode);
    /// The person may select and copy the text.
    void setSelectable(bool selectable);

    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

protected:
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool event(QEvent *event) override;

private:
    void restyle();
    bool isCut() const;

    QString m_text;
    Type m_type = Type::Body;
    Role m_role = Role::Text;
    Qt::TextElideMode m_elide = Qt::ElideNone;
    bool m_restyling = false;
};

/// An identifier, hash, address or figure: JetBrains Mono, no ligatures, selectable, elided in the middle.
class MonoLabel : public PlainLabel
{
    Q_OBJECT

public:
    explicit MonoLabel(QWidget *parent = nullptr);
    explicit MonoLabel(const QString &text, QWidget *parent = nullptr);
};

/// A moment in local time with its zone; UTC in the tooltip.
class TimeLabel : public PlainLabel
{
    Q_OBJECT

public:
    enum class Form { Time, DateTime };
    explicit TimeLabel(QWidget *parent = nullptr);
    void setInstant(Instant at, Form form = Form::Time);
    Instant instant() const { return m_at; }

private:
    Instant m_at{};
};

} // namespace parapet::kit
