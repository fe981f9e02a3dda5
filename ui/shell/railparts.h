// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/icon.h"

#include <QtWidgets/QAbstractButton>

namespace parapet::shell {

/// A thing in the rail that is pressed: product and palette field, person, connection. They share focus and hover, each
/// paints itself.
class RailButton : public QAbstractButton
{
    Q_OBJECT

public:
    explicit RailButton(QWidget *parent);
    void setCollapsed(bool collapsed);
    bool isCollapsed() const { return m_collapsed; }

protected:
    bool isHovered() const { return underMouse(); }
    bool m_collapsed = false;
};

/// "Go to or do…": looks like a field, opens the palette.
class RailSearch : public RailButton
{
    Q_OBJECT

public:
    explicit RailSearch(QWidget *parent);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
};

/// Mark and name of the product; pressing it folds the rail.
class RailHead : public RailButton
{
    Q_OBJECT

public:
    explicit RailHead(QWidget *parent);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
};

class RailUser : public RailButton
{
    Q_OBJECT

public:
    explicit RailUser(QWidget *parent);
    void setUser(const QString &name, const QString &role);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_name, m_role;
};

class RailConnection : public RailButton
{
    Q_OBJECT

public:
    explicit RailConnection(QWidget *parent);
    void setName(const QString &name);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_name;
};

} // namespace parapet::shell
