// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QMetaType>
#include <QtCore/Qt>

namespace parapet {

/// How bad it is. Drawn by shape and colour, never by colour alone.
enum class Severity : quint8 { None, Info, Low, Medium, High, Critical };

/// What is known about a thing's state; decides the mark that a delegate draws beside the text.
enum class StateMark : quint8 {
    None,
    Observed,  ///< seen to be so
    Requested, ///< asked for, not yet observed
    Survives,  ///< what should be gone is not
    Stale,     ///< last observed too long ago
    Running,
    Starting,
    Frozen,
    Isolated,
    Stopped,
    Waiting,
    Step, ///< a step that is under way
};

/// What is known about a proof.
enum class Proof : quint8 { None, Verified, Pending, Unchecked, Broken, Gap };

/// Whether a row is there.
enum class LoadState : quint8 { Loaded, Loading, Failed };

/// Bits of ActorsRole.
enum ActorBits { HumanActor = 1, AgentActor = 2, ServiceActor = 4 };

/// Bits of NotedRole: what this desk remarked on a row.
enum NotedBits { BookmarkedRow = 1, RowWithNote = 2 };

/// The roles that every item model of ours may answer, beside Qt's own. All values are semantic; delegates make
/// pictures of them. Qt::DisplayRole is a QString that is safe to draw (ours, or inert), Qt::EditRole the raw value for
/// sorting and copying.
enum ItemRole {
    SeverityRole = Qt::UserRole + 1, ///< int(Severity), for severity cells and the mark at the end of a text cell
    StateMarkRole,                   ///< int(StateMark)
    ProofRole,                       ///< int(Proof)
    ActorsRole,                      ///< int, ActorBits
    LoadStateRole,                   ///< int(LoadState), the same for each cell of a row
    StaleRole,                       ///< bool: the whole row is drawn as stale
    FailedRole,                      ///< bool: the whole row is drawn as failed (critical-soft)
    InstantRole,                     ///< parapet::Instant behind an age or time cell; UTC in the tooltip
    KeyRole,                         ///< QString: the row's identifier, for selection, copy and places
    CopyRole,                        ///< QString: what Ctrl+C takes; DisplayRole when empty
    SeriesRole,                      ///< QVector<qreal>: a sparkline
    FieldRole,                       ///< parapet::FieldValue behind the cell
    FieldNameRole,                   ///< QString: the field's name in filters and exports; also answered by headers
    NotedRole,                       ///< int, NotedBits: a small sign beside a proof's mark
    FirstFreeRole = Qt::UserRole + 64,
};

} // namespace parapet

Q_DECLARE_METATYPE(parapet::Severity)
Q_DECLARE_METATYPE(parapet::StateMark)
Q_DECLARE_METATYPE(parapet::Proof)
Q_DECLARE_METATYPE(parapet::LoadState)
