// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/paint.h"

#include <QtCore/QByteArray>
#include <QtWidgets/QWidget>

namespace parapet::kit {

/// An inclusion path (RFC 6962 §2.1.1) drawn from the leaf, at the bottom, to the root: each node that was computed here, and
/// beside it the node of the log that it was hashed with. Levels in the middle are folded when there are many; a click or Enter
/// unfolds them. By keyboard: Up and Down go through the nodes, Ctrl+C copies the whole hash.
class ProofPath : public QWidget
{
    Q_OBJECT

public:
    /// One hashing: `node` is what came out on that level.
    struct Step {
        int level = 0; ///< of `node`, 1 above the leaves
        QByteArray node;
        QByteArray sibling; ///< what the level below was hashed with
        bool siblingIsLeft = false;
    };
    struct Path {
        QByteArray leaf;
        QVector<Step> steps;   ///< from the leaf up; the last node is the root that was computed
        QByteArray signedRoot; ///< the root that the checkpoint states
        bool holds() const { return !signedRoot.isEmpty() && (steps.isEmpty() ? leaf : steps.last().node) == signedRoot; }
    };

    explicit ProofPath(QWidget *parent = nullptr);

    void setPath(const Path &path);
    void clear();
    const Path &path() const { return m_path; }
    bool isFolded() const { return m_folded; }
    void setFolded(bool folded);
    /// How many rows are drawn, and where; the root is row 0.
    int rowCount() const { return int(m_rows.size()); }
    QRect rowRect(int row) const;
    int currentRow() const { return m_current; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Row {
        QString label;
        QByteArray node;
        QByteArray sibling; ///< of this node: what it is hashed with; empty for the root
        bool siblingIsLeft = false;
        bool fold = false;
    };
    void rebuild();
    void paintRow(QPainter &painter, int row) const;

    Path m_path;
    QVector<Row> m_rows;
    int m_folds = 0; ///< how many levels are folded away
    int m_current = -1;
    bool m_folded = true;
};

} // namespace parapet::kit
