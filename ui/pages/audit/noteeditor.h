// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/eventnotes.h"

#include <QtWidgets/QWidget>

class QPlainTextEdit;

namespace parapet::kit {
class Button;
class PlainLabel;
class SectionHeader;
}

namespace parapet::pages {

/// This desk's bookmark and note on one event. What is typed is saved when the field is left, and can be undone while it is not.
class NoteEditor : public QWidget
{
    Q_OBJECT

public:
    /// `notes` may be null: then it is not to be seen. Not owned, lives longer.
    NoteEditor(fleet::EventNotes *notes, QWidget *parent = nullptr);
    ~NoteEditor() override;

    void setEvent(const AuditEvent &event);
    /// Saves what was typed, if anything was.
    void save();
    QPlainTextEdit *edit() const { return m_edit; }
    /// What is said below the field: privacy, or what is wrong.
    QString remark() const;

Q_SIGNALS:
    /// The person wants the bookmark the other way round.
    void bookmarkToggled();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void load();
    void showNote();
    void fit();

    fleet::EventNotes *m_notes;
    AuditEvent m_event;
    QString m_refusal; ///< why the last save failed
    kit::SectionHeader *m_header;
    kit::Button *m_bookmark;
    QPlainTextEdit *m_edit;
    kit::PlainLabel *m_other;
    kit::PlainLabel *m_remark;
};

} // namespace parapet::pages
