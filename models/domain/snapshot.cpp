// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/snapshot.h"

#include <QtCore/QtGlobal>

namespace parapet {

template<>
std::span<const Field<Snapshot>> fieldsOf<Snapshot>()
{
    using S = Snapshot;
    constexpr int every = Sortable | Filterable;
    static const Field<S> table[] = {
        field<&S::id>("id", QT_TRANSLATE_NOOP("fields", "Snapshot"),
                      QT_TRANSLATE_NOOP("fields", "the snapshot's identifier"), every | Shown),
        field<&S::workspace>("workspace", QT_TRANSLATE_NOOP("fields", "Workspace identifier"),
                             QT_TRANSLATE_NOOP("fields", "the workspace that it was taken of"), every | Shown),
        field<&S::complete>("complete", QT_TRANSLATE_NOOP("fields", "Complete"),
                            QT_TRANSLATE_NOOP("fields", "archive and manifest are safely stored"), every | Shown),
        field<&S::files>("files", QT_TRANSLATE_NOOP("fields", "Files"),
                         QT_TRANSLATE_NOOP("fields", "how many files it holds"), every | Shown),
        field<&S::bytes>("bytes", QT_TRANSLATE_NOOP("fields", "Size"),
                         QT_TRANSLATE_NOOP("fields", "the size of its archive"), every | Shown, FieldKind::Bytes),
        field<&S::archiveSha256>("archiveSha256", QT_TRANSLATE_NOOP("fields", "Archive SHA-256"),
                                 QT_TRANSLATE_NOOP("fields", "the digest of its archive"), every,
                                 FieldKind::Identifier),
        field<&S::manifestSha256>("manifestSha256", QT_TRANSLATE_NOOP("fields", "Manifest SHA-256"),
                                  QT_TRANSLATE_NOOP("fields", "the digest of its manifest"), every,
                                  FieldKind::Identifier),
        field<&S::taken>("taken", QT_TRANSLATE_NOOP("fields", "Taken"),
                         QT_TRANSLATE_NOOP("fields", "when it was taken"), every | Shown),
        field<&S::failure>("failure", QT_TRANSLATE_NOOP("fields", "Failure"),
                           QT_TRANSLATE_NOOP("fields", "why it did not complete"), every),
    };
    return table;
}

} // namespace parapet
