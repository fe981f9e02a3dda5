// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/icon.h"

#include <QtCore/QVector>
#include <QtWidgets/QWidget>

class QLineEdit;
class QListView;

namespace parapet::kit {

/// One condition of a filter as the field draws it.
struct FilterChip {
    QString field;      ///< "team"
    QString op;         ///< ":", "≥", "!"
    QString value;      ///< "payments"
    QString error = {}; ///< why it cannot be; the chip is drawn red and the sentence beside it
};

/// One row of the completion popup.
struct Completion {
    QString insert; ///< what to put
    int from = 0;   ///< in place of these characters of the typed text
    int length = 0;
    QString label; ///< what the row shows; `match` first characters of it are in the accent colour
    int match = 0;
    QString help;          ///< one clause
    QString figure;        ///< "41 values", right-aligned mono
    bool complete = false; ///< the chip is finished with it
};

/// What the field needs to know about a filter language. Stateless but for its fields; called on the GUI thread, must
/// be quick.
class FilterSyntax
{
public:
    virtual ~FilterSyntax() = default;

    /// Splits a whole filter into its chips, in order. What cannot be read comes as a chip with an error.
    virtual QVector<FilterChip> chips(const QString &filter) const = 0;
    /// The chips of one typed text ("team:payments"), checked; empty when the text is blank.
    virtual QVector<FilterChip> parse(const QString &typed) const = 0;
    /// The text that means these chips. Chips with an error are left out.
    virtual QString print(const QVector<FilterChip> &chips) const = 0;
    /// Completions for `typed` with the caret after `position` characters.
    virtual QVector<Completion> complete(const QString &typed, int position) const = 0;
};

/// A filter line: chips, one line edit at the caret, completion popup, number of matches, key hint. By keyboard: Left
/// and Backspace at the start go into the chips, Delete removes one, Enter on one edits it; Esc closes the popup, then
/// clears, then leaves.
class FilterField : public QWidget
{
    Q_OBJECT

public:
    explicit FilterField(QWidget *parent = nullptr);
    ~FilterField() override;

    /// Not owned; may be null (free text then). Lives longer than the field.
    void setSyntax(const FilterSyntax *syntax);
    void setPlaceholder(const QString &text);
    /// "46 match", at the right end.
    void setMatches(const QString &text);
    void setKeyHint(const QString &key);

    /// The filter in force, printed by the syntax.
    QString filter() const;
    void setFilter(const QString &filter);
    const QVector<FilterChip> &chips() const { return m_chips; }
    QString typedText() const;
    QLineEdit *edit() const { return m_edit; }
    /// The rows of the completion popup, a child of the window; visible while there is something to complete.
    QListView *popup() const;
    /// The chip that the keyboard is on; -1 when it is in the line edit.
    int currentChip() const { return m_currentChip; }
    /// Where a chip is drawn, in widget coordinates.
    QRect chipRect(int index) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// A chip came, went or changed: the whole filter as it is now.
    void filterChanged(const QString &filter);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void changeEvent(QEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    bool event(QEvent *event) override;

private:
    void arrange();
    void commitTyped();
    void removeChip(int index);
    void editChip(int index);
    void setCurrentChip(int index);
    void updateCompletion();
    void acceptCompletion();
    bool editKey(QKeyEvent *event);
    bool chipKey(QKeyEvent *event);
    void announce();
    void showPopup(bool show);
    int chipWidth(const FilterChip &chip) const;
    QRect closeRect(int index) const;
    void paintChip(QPainter &painter, int index) const;

    const FilterSyntax *m_syntax = nullptr;
    QVector<FilterChip> m_chips;
    QVector<QRect> m_rects;
    QLineEdit *m_edit;
    class CompletionPopup *m_popup;
    QString m_matches;
    QString m_keyHint;
    int m_currentChip = -1;
    int m_hoverChip = -1;
    bool m_chosen = false; ///< the person moved in the popup: Enter takes the row, not the typed text
    int m_scroll = 0;      ///< how far the chips are shifted to the left
    QString m_announced;   ///< the filter of the last filterChanged()
};

} // namespace parapet::kit
