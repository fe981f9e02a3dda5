// SPDX-License-Identifier: GPL-3.0-or-later
// Terminal recordings: their list, and the files of those that ended.
#include "app/plane/api/api.h"

#include "app/plane/api/memorylist.h"
#include "app/plane/api/params.h"
#include "app/plane/control/authority.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>

namespace parapet::plane {

using namespace Qt::StringLiterals;

void Api::addRecordingRoutes()
{
    const State &state = m_parts.store.state();
    const auto find = [&state](const QString &id) {
        const std::shared_lock guard(state.lock);
        return state.recordings.find(id);
    };

    Endpoint list{"GET", u"/v1/recordings"_s, Interface::Audit, u"recording.list"_s, u"audit:read"_s, Subject::None,
                  {u"filter"_s, u"sort"_s, u"order"_s, u"limit"_s, u"after"_s, u"at"_s}};
    list.scoped = true;
    list.read = [&state](const Call &call) -> Result<Answer> {
        const Result<PageRequest> request = pageRequestOf(call);
        if (!request)
            return fail(request.error());
        const std::shared_lock guard(state.lock);
        const QString right = u"audit:read"_s;
        const bool everything = state.authority->allows(call.caller.id, right);
        const auto shows = [&](const Recording &recording) {
            if (everything)
                return true;
            const RowPtr<Workspace> row = state.workspaces.find(recording.workspace.value);
            return row && state.authority->allows(call.caller.id, right, &row->value());
        };
        Result<QByteArray> page = memoryPage(state.recordings, *request, "started", "Recordings", shows, call.at);
        if (!page)
            return fail(page.error());
        Answer answer;
        answer.body = std::move(*page);
        return answer;
    };
    add(list);

    Endpoint one{"GET", u"/v1/recordings/{id}"_s, Interface::Audit, u"recording.read"_s, u"audit:read"_s, Subject::Recording};
    one.read = [find](const Call &call) -> Result<Answer> {
        const RowPtr<Recording> row = find(call.argument());
        if (!row)
            return noSuch("There is no recording “%1”.", call.argument());
        return answerOf(row->value());
    };
    add(one);

    // Who watched whose terminal is worth an event of its own, told to everyone: not a plain read.
    Endpoint file{"GET", u"/v1/recordings/{id}/file"_s, Interface::Audit, u"recording.fetch"_s, u"audit:read"_s, Subject::Recording};
    file.produce = [this, find](const Call &call) -> Result<std::pair<server::Producer, qint64>> {
        const RowPtr<Recording> row = find(call.argument());
        if (!row)
            return noSuch("There is no recording “%1”.", call.argument());
        if (row->value().state != RecordingState::Ended)
            return fail(Error::Code::Conflict, QCoreApplication::translate("api", "The recording still runs. Ask again when it has ended."));
        auto cast = std::make_shared<QFile>(m_parts.recordings + u'/' + row->value().id + u".cast"_s);
        if (!cast->open(QIODevice::ReadOnly))
            return fail(Error::Code::NotFound, QCoreApplication::translate("api", "The file of this recording is gone."), cast->errorString());
        const qint64 size = cast->size();
        return std::pair<server::Producer, qint64>([cast](QByteArray &chunk) {
            chunk = cast->read(256 << 10);
            if (cast->error() != QFileDevice::NoError)
                return server::Produced::Failed;
            return cast->atEnd() ? server::Produced::End : server::Produced::More;
        }, size);
    };
    add(file);
}

} // namespace parapet::plane
