// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/button.h"
#include "ui/kit/paint.h"

#include <QtWidgets/QWidget>

#include <functional>

class QHBoxLayout;

namespace parapet::kit {

class PlainLabel;

/// A 1 px line in the `line` colour.
class Hairline : public QWidget
{
    Q_OBJECT

public:
    explicit Hairline(Qt::Orientation orientation = Qt::Horizontal, QWidget *parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Qt::Orientation m_orientation;
};

/// A plain ground in a role's colour, with a hairline at any of its edges.
class Ground : public QWidget
{
    Q_OBJECT

public:
    explicit Ground(Role role, QWidget *parent = nullptr, Qt::Edges lines = {});

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Role m_role;
    Qt::Edges m_lines;
};

/// "Needs a human now 8 … sorted by time left": strong title, mono figure, note or widgets at the right.
class SectionHeader : public QWidget
{
    Q_OBJECT

public:
    explicit SectionHeader(const QString &title, QWidget *parent = nullptr);
    void setTitle(const QString &title);
    void setFigure(const QString &figure);
    void setNote(const QString &note, Role role = Role::Text3);
    /// Adds at the right end.
    void addWidget(QWidget *widget);

private:
    PlainLabel *m_title;
    PlainLabel *m_figure;
    PlainLabel *m_note;
    QHBoxLayout *m_row;
};

/// One line of text runs with an optional mark or icon before it; elides the end. Accessible as its plain text.
class RunLine : public QWidget
{
    Q_OBJECT

public:
    explicit RunLine(QWidget *parent = nullptr);
    void setRuns(const QVector<Run> &runs);
    void setMark(Severity severity);
    void setMark(StateMark state);
    void setMark(Proof proof);
    void setGlyph(Icon icon, Role role = Role::Text2);
    QString text() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    /// What is cut short is whole in the tooltip, unless it has one of its own.
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    enum class Mark { None, Severity, State, Proof, Glyph };
    int markWidth() const;
    void changedMark(Mark mark);

    QVector<Run> m_runs;
    Mark m_mark = Mark::None;
    Severity m_severity = Severity::None;
    StateMark m_state = StateMark::None;
    Proof m_proof = Proof::None;
    Icon m_icon = Icon::None;
    Role m_iconRole = Role::Text2;
};

/// Mark and text of a state as a widget: "Running", "Isolate requested", "Survives: 1 lease".
class StatePill : public QWidget
{
    Q_OBJECT

public:
    explicit StatePill(QWidget *parent = nullptr);
    void setState(StateMark mark, const QString &text);
    StateMark mark() const { return m_mark; }
    const QString &text() const { return m_text; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    StateMark m_mark = StateMark::None;
    QString m_text;
};

/// An outlined tag: "signed", "drift".
class Tag : public QWidget
{
    Q_OBJECT

public:
    explicit Tag(const QString &text = {}, Role role = Role::Text2, bool filled = false, QWidget *parent = nullptr);
    void setTag(const QString &text, Role role, bool filled = false);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_text;
    Role m_role;
    bool m_filled;
};

/// A key in its cap.
class KeyCap : public QWidget
{
    Q_OBJECT

public:
    explicit KeyCap(const QString &key, QWidget *parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_key;
};

/// A sentence across the page that nobody misses: stale data, a broken proof, a lost connection; with buttons at the
/// right.
class Banner : public QWidget
{
    Q_OBJECT

public:
    enum class Kind { Stale, Warning, Critical, Info };
    explicit Banner(QWidget *parent = nullptr);

    /// Also announced to assistive technology when it appears.
    void setMessage(Kind kind, const QVector<Run> &text);
    QString text() const;
    /// Adds a button at the right end.
    Button *addAction(const QString &text, std::function<void()> run);
    void clearActions();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Kind m_kind = Kind::Info;
    RunLine *m_line;
    QHBoxLayout *m_row;
    QVector<Button *> m_actions;
};

} // namespace parapet::kit
