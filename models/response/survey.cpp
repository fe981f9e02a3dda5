// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/response/survey.h"

#include "models/response/words.h"

namespace parapet::response {

namespace {

constexpr int surveyPage = 500;

/// One survey under way. Deletes itself when it has answered, or soon after its reply was cancelled.
class Surveyor final : public QObject
{
public:
    Surveyor(const System &system, const Targets &targets, const SurveyScope &scope, int parallelism)
        : m_system(system), m_targets(targets), m_scope(scope), m_parallelism(std::max(parallelism, 1))
    {
        if (system.owner)
            connect(system.owner, &QObject::destroyed, this, [this] { end(connectionGone()); });
        m_promise.start();
    }

    Reply<Survey> start()
    {
        Reply<Survey> future = m_promise.future();
        if (!m_system.control) {
            end(fail(Error::Code::Invalid, words("This connection has no control plane, so that there is nothing to name a workspace by.")));
            return future;
        }
        if (m_system.audit) {
            ++m_asked;
            deliver(this, m_system.audit->head(), [this](const Result<LogHead> &head) {
                // A log without a head yet is no reason not to contain.
                if (head)
                    m_survey.logOrigin = head->origin;
                landed();
            });
        }
        if (m_targets.matching) {
            askPage({});
        } else {
            for (const WorkspaceId &id : std::as_const(m_targets.ids)) {
                if (!m_rows.contains(id)) {
                    m_rows.insert(id, int(m_survey.workspaces.size()));
                    Surveyed one;
                    one.workspace.id = id;
                    m_survey.workspaces.append(one);
                }
            }
            go();
        }
        return future;
    }

private:
    void askPage(const QString &after)
    {
        PageRequest request;
        request.query = *m_targets.matching;
        request.limit = surveyPage;
        if (after.isEmpty())
            request.at = 0;
        else
            request.after = after;
        deliver(this, m_system.control->workspaces(request), [this](const Result<Page<Workspace>> &page) {
            if (m_ended)
                return;
            if (!page) {
                end(fail(page.error()));
                return;
            }
            for (const Workspace &workspace : page->items) {
                if (m_targets.except.contains(workspace.id) || m_rows.contains(workspace.id))
                    continue;
                m_rows.insert(workspace.id, int(m_survey.workspaces.size()));
                Surveyed one;
                one.workspace = workspace;
                m_survey.workspaces.append(one);
            }
            if (page->next.isEmpty() || page->items.isEmpty() || m_promise.isCanceled())
                go();
            else
                askPage(page->next);
        });
    }

    void go()
    {
        m_listed = true;
        pump();
        maybeEnd();
    }

    void pump()
    {
        while (!m_ended && !m_promise.isCanceled() && m_open < m_parallelism && m_next < m_survey.workspaces.size())
            askAbout(m_next++);
    }

    template<class T, class Keep>
    void ask(int row, const Reply<T> &reply, Keep keep)
    {
        ++m_asked;
        ++m_left[row];
        deliver(this, reply, [this, row, keep](const Result<T> &result) {
            if (m_ended)
                return;
            if (!result) {
                end(fail(result.error()));
                return;
            }
            keep(m_survey.workspaces[row], *result);
            if (--m_left[row] == 0) {
                --m_open;
                m_left.remove(row);
                pump();
            }
            landed();
        });
    }

    void askAbout(int row)
    {
        ++m_open;
        const WorkspaceId id = m_survey.workspaces[row].workspace.id;
        ++m_left[row]; // holds the row open until all has been asked
        if (!m_targets.matching)
            ask(row, m_system.control->workspace(id), [](Surveyed &into, const Workspace &workspace) { into.workspace = workspace; });
        if (m_scope.runtime && m_system.runtime)
            ask(row, m_system.runtime->state(id), [](Surveyed &into, const RuntimeState &state) { into.runtime = state; });
        if (m_scope.sessions) {
            ask(row, m_system.control->sessions(id), [](Surveyed &into, const QVector<Session> &sessions) {
                std::copy_if(sessions.cbegin(), sessions.cend(), std::back_inserter(into.sessions),
                             [](const Session &session) { return session.state == SessionState::Open; });
            });
        }
        if (m_scope.leases && m_system.broker) {
            ask(row, m_system.broker->leases(id), [](Surveyed &into, const QVector<Lease> &leases) {
                std::copy_if(leases.cbegin(), leases.cend(), std::back_inserter(into.leases),
                             [](const Lease &lease) { return lease.state == LeaseState::Active; });
            });
        }
        if (m_scope.principals)
            ask(row, m_system.control->principals(id), [](Surveyed &into, const QVector<Principal> &principals) { into.principals = principals; });
        if (--m_left[row] == 0) {
            --m_open;
            m_left.remove(row);
        }
    }

    void landed()
    {
        --m_asked;
        maybeEnd();
    }

    void maybeEnd()
    {
        if (!m_ended && m_listed && m_asked == 0 && (m_next == m_survey.workspaces.size() || m_promise.isCanceled()))
            end(std::move(m_survey));
    }

    void end(Result<Survey> result)
    {
        if (m_ended)
            return;
        m_ended = true;
        m_promise.addResult(std::move(result));
        m_promise.finish();
        deleteLater();
    }

    const System m_system;
    const Targets m_targets;
    const SurveyScope m_scope;
    const int m_parallelism;
    QPromise<Result<Survey>> m_promise;
    Survey m_survey;
    QHash<WorkspaceId, int> m_rows;
    QHash<int, int> m_left;  ///< replies that a row still waits for
    int m_asked = 0;
    int m_open = 0;
    int m_next = 0;
    bool m_listed = false;
    bool m_ended = false;
};

} // namespace

Failure connectionGone()
{
    return fail(Error::Code::Cancelled, words("The connection was closed meanwhile. Connect, then make a new plan."));
}

Reply<Survey> survey(const System &system, const Targets &targets, const SurveyScope &scope, int parallelism)
{
    return (new Surveyor(system, targets, scope, parallelism))->start();
}

} // namespace parapet::response
