// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QVariantAnimation>
#include <QtWidgets/QSplitter>

namespace parapet::kit {

/// A content widget and a detail pane beside it that slides in and out in 120 ms. The handle is 1 px wide and 7 px to
/// grab.
class DetailSplitter : public QSplitter
{
    Q_OBJECT

public:
    DetailSplitter(QWidget *content, QWidget *detail, QWidget *parent = nullptr);

    bool isOpen() const { return m_open; }
    void setOpen(bool open);
    int paneWidth() const { return m_paneWidth; }
    void setPaneWidth(int width);
    QWidget *detail() const { return m_detail; }

Q_SIGNALS:
    void openChanged(bool open);
    void paneWidthChanged(int width);

protected:
    QSplitterHandle *createHandle() override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void place(int width);

    QWidget *m_detail;
    QVariantAnimation m_slide;
    int m_paneWidth;
    bool m_open = false;
};

} // namespace parapet::kit
