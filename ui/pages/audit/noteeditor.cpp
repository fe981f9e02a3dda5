// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/noteeditor.h"

#include "models/transparency/eventleaf.h"
#include "models/transparency/hash.h"
#include "ui/kit/parts.h"
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QPlainTextEdit>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using kit::Role;
using kit::Type;

namespace {

constexpr int noteLines = 3;

} // namespace

NoteEditor::NoteEditor(fleet::EventNotes *notes, QWidget *parent) : QWidget(parent), m_notes(notes)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kit::space::s);
    m_header = new kit::SectionHeader(tr("Note"), this);
    m_bookmark = new kit::Button(tr("Bookmark"), kit::Icon::Bookmark, kit::Button::Kind::Ghost, this);
    m_bookmark->setKeyHint(u"B"_s);
    m_header->addWidget(m_bookmark);
    column->addWidget(m_header);
    auto *body = new QVBoxLayout;
    body->setContentsMargins(kit::space::pane, 0, kit::space::pane, 0);
    body->setSpacing(kit::space::xs);
    m_other = new kit::PlainLabel({}, Type::Small, Role::Critical, this);
    m_other->setWordWrap(true);
    m_edit = new QPlainTextEdit(this);
    m_edit->setAccessibleName(tr("Note on this event"));
    m_edit->setPlaceholderText(tr("What you want to remember of this event"));
    m_edit->setTabChangesFocus(true);
    m_edit->installEventFilter(this);
    m_remark = new kit::PlainLabel({}, Type::Small, Role::Text3, this);
    m_remark->setWordWrap(true);
    body->addWidget(m_other);
    body->addWidget(m_edit);
    body->addWidget(m_remark);
    column->addLayout(body);
    setVisible(notes != nullptr);
    connect(m_bookmark, &kit::Button::clicked, this, &NoteEditor::bookmarkToggled);
    connect(m_edit, &QPlainTextEdit::textChanged, this, &NoteEditor::showNote);
    if (notes) {
        connect(notes, &fleet::EventNotes::changed, this, [this](qint64 index) {
            if (index < 0) // of another system
                m_edit->document()->setModified(false);
            if (index < 0 || index == m_event.index)
                load();
        });
        connect(notes, &fleet::EventNotes::problemChanged, this, &NoteEditor::showNote);
    }
    fit();
    showNote();
}

NoteEditor::~NoteEditor()
{
    save();
}

void NoteEditor::fit()
{
    // An empty one takes no room from the proof below it.
    const bool open = m_edit->hasFocus() || !m_edit->toPlainText().isEmpty();
    m_edit->setFixedHeight(kit::theme(this).lineHeight(Type::Body) * (open ? noteLines : 1) + 14);
}

QString NoteEditor::remark() const
{
    return m_remark->fullText() + (m_other->isHidden() ? QString() : u'\n' + m_other->fullText());
}

void NoteEditor::setEvent(const AuditEvent &event)
{
    const bool another = event.index != m_event.index;
    if (another)
        save();
    m_event = event;
    if (another) {
        m_refusal.clear();
        m_edit->document()->setModified(false);
    }
    load();
}

void NoteEditor::load()
{
    // What a person is typing is theirs until they leave it.
    if (!m_edit->document()->isModified()) {
        const fleet::EventNote *note = m_notes ? m_notes->find(m_event.index) : nullptr;
        const QString text = note ? note->text : QString();
        if (m_edit->toPlainText() != text)
            m_edit->setPlainText(text);
        m_edit->document()->setModified(false);
    }
    showNote();
}

void NoteEditor::save()
{
    if (!m_notes || m_event.index < 0 || !m_edit->document()->isModified())
        return;
    const Status saved = m_notes->setText(m_event, m_edit->toPlainText());
    m_refusal = saved ? QString() : saved.error().message;
    if (saved)
        m_edit->document()->setModified(false);
    showNote();
}

void NoteEditor::showNote()
{
    const fleet::EventNote *note = m_notes ? m_notes->find(m_event.index) : nullptr;
    m_bookmark->setText(note && note->bookmarked ? tr("Remove bookmark") : tr("Bookmark"));
    const QString obstacle = m_notes ? m_notes->obstacle() : QString();
    m_bookmark->setAvailable(obstacle.isEmpty(), obstacle);
    m_edit->setReadOnly(!obstacle.isEmpty());
    const bool other = note && !note->isOf(m_event);
    m_other->setVisible(other);
    if (other) {
        const QByteArray leaf = transparency::toBytes(transparency::leafHash(transparency::leafOf(m_event)));
        m_other->setText(tr("This was remarked on another event in this place: its leaf was %1…, the one shown is %2….")
                             .arg(QString::fromLatin1(note->leaf.toHex().left(16)), QString::fromLatin1(leaf.toHex().left(16))));
    }
    const qsizetype length = m_edit->toPlainText().size();
    QString sentence = tr("Private to this desk: it is not in the log, and is no evidence.");
    Role role = Role::Text3;
    if (length > fleet::EventNote::longestText) {
        sentence = tr("%1 of %2 characters: shorten it to have it saved.").arg(kit::numberText(length), kit::numberText(fleet::EventNote::longestText));
        role = Role::Critical;
    } else if (!m_refusal.isEmpty()) {
        sentence = m_refusal;
        role = Role::Critical;
    } else if (m_notes && !m_notes->problem().isEmpty()) {
        sentence = m_notes->problem();
        role = Role::Medium;
    }
    fit();
    m_remark->setRole(role);
    m_remark->setText(sentence);
}

bool NoteEditor::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_edit && event->type() == QEvent::FocusOut)
        save();
    if (watched == m_edit && (event->type() == QEvent::FocusOut || event->type() == QEvent::FocusIn))
        QMetaObject::invokeMethod(this, &NoteEditor::fit, Qt::QueuedConnection); // once it has it, or has it not any more
    return QWidget::eventFilter(watched, event);
}

void NoteEditor::hideEvent(QHideEvent *event)
{
    save();
    QWidget::hideEvent(event);
}

void NoteEditor::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fit();
}

} // namespace parapet::pages
