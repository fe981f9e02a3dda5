// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/recording.h"
#include "models/items/pagedmodel.h"
#include "models/ports/auditstore.h"
#include "models/ports/watch.h"

namespace parapet {

/// Terminal recordings, newest first: pages from an audit store, asked for anew when its watch tells of one. Columns are the field
/// table; the state column answers StateMarkRole, the columns of the actor ActorsRole.
class RecordingModel : public PagedModel<Recording>
{
    Q_OBJECT

public:
    explicit RecordingModel(const Clock &clock, QObject *parent = nullptr);
    ~RecordingModel() override;

    /// Both null: the system went away. Neither is owned; say so before they die.
    void setSystem(AuditStore *audit, Watch *watch);

protected:
    QString keyOf(const Recording &row) const override { return row.id; }
    QVariant cell(const Recording &row, int column, int role) const override;

private:
    class Source;
    void hear(const QVector<ChangeEvent> &changes);

    const Clock &m_now;
    std::unique_ptr<Source> m_recordings;
};

} // namespace parapet
